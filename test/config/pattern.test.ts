import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchPattern } from '../../src/config/matching.ts';
import { fillPattern, joinPatterns, type PathPattern, type Place, parsePattern } from '../../src/config/pattern.ts';
import { someNames, somePatterns } from './some-patterns.ts';

function pattern(text: string): PathPattern {
  const parsed = parsePattern(text);
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  return parsed;
}

const named: Place = { environment: 'production', target: 'eu', namesTargets: true };
const plain: Place = { environment: 'dev', target: 'dev', namesTargets: false };

describe('filling', () => {
  test.each([
    ['apps/{application}/{environment}[/{target}]', 'apps/web/production/eu', 'apps/web/dev'],
    ['argocd/{target}/{environment}/{application}', 'argocd/eu/production/web', 'argocd/dev/dev/web'],
    ['{application}[-{target}].yaml', 'web-eu.yaml', 'web.yaml'],
    ['[{target}/]{application}', 'eu/web', 'web'],
    ['{application}/{environment}/{application}.yaml', 'web/production/web.yaml', 'web/dev/web.yaml'],
    ['no placeholder', 'no placeholder', 'no placeholder'],
  ])('%s', (text, withTargets, without) => {
    expect(fillPattern(pattern(text), { application: 'web', ...named })).toBe(withTargets);
    expect(fillPattern(pattern(text), { application: 'web', ...plain })).toBe(without);
  });

  test('names are put in as they are', () => {
    const names = { application: '{target}', environment: '$&', target: 'x', namesTargets: true };
    expect(fillPattern(pattern('{application}/{environment}'), names)).toBe('{target}/$&');
  });
});

describe('mistakes', () => {
  test.each([
    ['', 'This is empty.', 'Write a text, or leave the key out.'],
    ['  ', 'This is empty.', 'Write a text, or leave the key out.'],
    ['{app}', '`{app}` is no placeholder.', 'Did you mean `{application}`?'],
    ['{Environment}', '`{Environment}` is no placeholder.', 'Did you mean `{environment}`?'],
    ['{enviroment}', '`{enviroment}` is no placeholder.', 'Did you mean `{environment}`?'],
    ['{env}', '`{env}` is no placeholder.', 'Did you mean `{environment}`?'],
    ['{cluster}', '`{cluster}` is no placeholder.', 'Did you mean `{target}`?'],
    ['{colour}', '`{colour}` is no placeholder.', 'Write `{application}`, `{environment}` or `{target}`.'],
    ['{}', '`{}` is no placeholder.', 'Write `{application}`, `{environment}` or `{target}`.'],
    ['a/$' + '{environment}', 'Placeholders have no `$` in front.', 'Write `{environment}`.'],
    [
      '{application}{environment}',
      '`{application}{environment}` has nothing between its placeholders.',
      'Put a separator there, such as `-` or `/`.',
    ],
    [
      '{application}[{target}]',
      '`{application}{target}` has nothing between its placeholders.',
      'Put a separator there, such as `-` or `/`.',
    ],
    [
      '{application}[-{target}]{environment}',
      '`{target}{environment}` has nothing between its placeholders.',
      'Put a separator there, such as `-` or `/`.',
    ],
    ['{application}[-x]', 'The part in square brackets holds no `{target}`.', 'Write for instance `[/{target}]`.'],
  ])('%s', (text, message, hint) => {
    expect(parsePattern(text)).toEqual({ problem: { message, hint } });
  });

  test.each(['{application', 'a}', '[-{target}', 'a]', '[[{target}]]', '{{application}}', '{a[b]}'])('%s', (text) => {
    expect(parsePattern(text)).toMatchObject({
      problem: { hint: expect.stringContaining('Braces and square brackets only') },
    });
  });

  test('a pattern of more than 300 characters', () => {
    expect(parsePattern('x'.repeat(300))).toMatchObject({ text: 'x'.repeat(300) });
    expect(parsePattern('x'.repeat(301))).toEqual({
      problem: { message: 'This is 301 characters long.', hint: 'Write at most 300.' },
    });
  });

  test('any text is a pattern or a mistake', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('{', '}', '[', ']', 'target', '-') })),
        (text) => {
          const parsed = parsePattern(text);
          return 'problem' in parsed ? parsed.problem.message !== '' : parsed.text === text;
        },
      ),
    );
  });
});

test('a file below the root of the repo has no slash in front', () => {
  expect(joinPatterns(pattern('.'), pattern('values.yaml')).text).toBe('values.yaml');
  expect(joinPatterns(pattern('a/{environment}'), pattern('values.yaml')).text).toBe('a/{environment}/values.yaml');
});

test('what a pattern is filled with is read out of the text again', () => {
  fc.assert(
    fc.property(somePatterns, someNames, fc.array(someNames, { maxLength: 5 }), (text, names, others) => {
      const parsed = pattern(text);
      const places = [names, ...others].map(({ environment, target, namesTargets }) => ({
        environment,
        target,
        namesTargets,
      }));
      const found = matchPattern(parsed, fillPattern(parsed, names), places);
      const application = text.includes('{application}') ? names.application : undefined;
      expect(found).toContainEqual({ application, place: places[0] });
    }),
  );
});
