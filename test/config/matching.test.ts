import { describe, expect, test } from 'vitest';
import { compileMatcher, describeReadings, findDoubleReading, matchPattern } from '../../src/config/matching.ts';
import { type PathPattern, type Place, parsePattern } from '../../src/config/pattern.ts';

function pattern(text: string): PathPattern {
  const parsed = parsePattern(text);
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  return parsed;
}

/** `dev` is an environment that names no targets, `production/eu` a target of one that does. */
function place(text: string): Place {
  const [environment = '', target] = text.split('/');
  return { environment, target: target ?? environment, namesTargets: target !== undefined };
}

function read(text: string, value: string, places: readonly string[]): readonly string[] {
  return matchPattern(pattern(text), value, places.map(place)).map(({ application, place: found }) => {
    return `${application} in ${found.environment}${found.namesTargets ? `/${found.target}` : ''}`;
  });
}

describe('names that exist decide, not where a separator stands', () => {
  test.each<[string, string, string[], string[]]>([
    ['{application}-{environment}', 'web-dev', ['dev'], ['web in dev']],
    ['{application}-{environment}', 'web-dev-dev', ['dev'], ['web-dev in dev']],
    ['{application}-{environment}', 'dev-dev', ['dev'], ['dev in dev']],
    ['{application}-{environment}', 'web-us-dev', ['us-dev', 'prod'], ['web in us-dev']],
    ['{application}-{environment}', 'web-us-dev', ['us-dev', 'dev'], ['web in us-dev', 'web-us in dev']],
    ['{environment}-{application}', 'us-dev-web', ['us-dev', 'us'], ['web in us-dev', 'dev-web in us']],
    ['{application}-{environment}', 'web-qa', ['dev'], []],
    ['{application}-{environment}', '-dev', ['dev'], []],
    ['{application}-{environment}', 'dev', ['dev'], []],
    ['{application}-{environment}', 'a/b-dev', ['dev'], []],
    ['{application}-{environment}', 'web--dev', ['dev'], []],
    ['{application}-{environment}', 'Web-Dev', ['dev'], []],
    ['{application}-{environment}', `${'x'.repeat(64)}-dev`, ['dev'], []],
    ['{application}-{environment}[-{target}]', 'web-prod-eu', ['dev', 'prod/eu', 'prod/us'], ['web in prod/eu']],
    ['{application}-{environment}[-{target}]', 'web-prod', ['dev', 'prod/eu', 'prod/us'], []],
    ['{application}-{environment}[-{target}]', 'web-dev', ['dev', 'prod/eu'], ['web in dev']],
    ['{application}-{environment}', 'web-prod', ['prod/eu', 'prod/us'], ['web in prod/eu', 'web in prod/us']],
    ['{environment}', 'prod', ['dev', 'prod/eu'], ['undefined in prod/eu']],
    ['{target}', 'dev', ['dev', 'prod/eu'], ['undefined in dev']],
    ['constant', 'constant', ['dev', 'prod'], ['undefined in dev', 'undefined in prod']],
    ['{application}/{environment}/{application}.yaml', 'web/dev/web.yaml', ['dev'], ['web in dev']],
    ['{application}/{environment}/{application}.yaml', 'web/dev/api.yaml', ['dev'], []],
    ['{application}-x-{application}', 'x-x-x', ['dev'], ['x in dev']],
    ['apps/{application}', 'apps/web', ['dev'], ['web in dev']],
    ['apps/{application}', 'Apps/web', ['dev'], []],
    ['apps/{application}', 'apps/web/', ['dev'], []],
    ['apps/{application}', 'apps/..', ['dev'], []],
    ['apps/{application}', '', ['dev'], []],
  ])('%s reads %s', (text, value, places, expected) => {
    expect(read(text, value, places)).toEqual(expected);
  });
});

test('the work for a text does not grow with what it repeats', () => {
  const places = Array.from({ length: 500 }, (_, index) => place(`dev${'-dev'.repeat(index % 12)}/t${index}`));
  const match = compileMatcher(pattern('{application}-{environment}-{target}-{application}'), places);
  const texts = Array.from({ length: 20_000 }, (_, index) => 'dev-'.repeat(1000 + (index % 20)));
  expect(texts.flatMap(match)).toEqual([]);
});

describe('texts that can be read in two ways', () => {
  test.each<[string, string[], string | undefined]>([
    ['{application}-{environment}', ['prod', 'us-prod'], 'web-us-prod: `web-us` in `prod` or `web` in `us-prod`'],
    ['{environment}-{application}', ['prod', 'prod-us'], 'prod-us-web: `us-web` in `prod` or `web` in `prod-us`'],
    ['{application}-{target}', ['prod/a', 'prod/b-a'], 'web-b-a: `web-b` in `prod` (`a`) or `web` in `prod` (`b-a`)'],
    ['{application}-{environment}', ['prod', 'dev', 'preprod'], undefined],
    ['{application}/{environment}', ['prod', 'us-prod'], undefined],
    ['{environment}', ['prod', 'us-prod'], undefined],
    ['{application}', ['prod', 'us-prod'], undefined],
  ])('%s with %j', (text, places, expected) => {
    const found = findDoubleReading(pattern(text), places.map(place));
    expect(found && `${found.text}: ${describeReadings(found)}`).toBe(expected);
  });
});
