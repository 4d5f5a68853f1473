import { expect, test } from 'vitest';
import { reason } from '../../src/domain/reason.ts';
import { renderConfigCheck } from '../../src/render/check.ts';
import { closingComment, failureComment, hasComment } from '../../src/render/comment.ts';
import { aPullRequest } from '../build/a-snapshot.ts';

const problem = {
  file: '.github/pawl.yaml',
  line: 4,
  column: 3,
  message: 'Unknown key `enviroments`.',
  hint: 'Write `environments`.',
};

test('a broken configuration says what is stopped and lists every mistake', () => {
  const check = renderConfigCheck({ kind: 'invalid', problems: [problem, { ...problem, line: 9 }] });
  expect(check.conclusion).toBe('failure');
  expect(check.title).toBe('Promotions are stopped: 2 mistakes in the configuration');
  expect(check.summary).toContain('`.github/pawl.yaml:4:3` Unknown key');
  expect(check.summary).toContain('`.github/pawl.yaml:9:3`');
});

const valid = {
  kind: 'valid',
  applications: ['api', 'web'],
  environments: ['dev', 'staging'],
  warnings: [],
  stops: false,
  silent: [],
  silentCount: 0,
  orders: [],
  found: [],
  lacking: [],
  lackingCount: 0,
} as const;

test('a valid one says what it found', () => {
  expect(renderConfigCheck(valid)).toMatchObject({
    conclusion: 'success',
    title: 'Configuration is valid: 2 applications',
    summary: expect.stringContaining('Promotion order: dev, staging. Applications found: api, web.'),
  });
});

test('a valid one says which reports it waits for', () => {
  const silent = [{ place: 'web in dev', awaited: ['Argo CD: Application web-dev', 'Flux: Kustomization web'] }];
  expect(renderConfigCheck({ ...valid, silent, silentCount: 3 }).summary).toContain(
    '- web in dev: Argo CD: Application web-dev; or Flux: Kustomization web\n- and 2 more',
  );
});

test('two lanes that would write one field fail it', () => {
  expect(renderConfigCheck({ ...valid, warnings: [problem], stops: true })).toMatchObject({
    conclusion: 'failure',
    problems: [problem],
  });
});

test('a deleted one pauses', () => {
  expect(renderConfigCheck({ kind: 'absent' }).title).toBe('Promotions are paused: there is no configuration');
});

test('a pull request is closed with its reason', () => {
  const why = reason('withdrawn', 'The source has not been healthy for too long.', [
    reason('bad', 'dev is degraded: closes #1'),
  ]);
  const comment = closingComment(why);
  expect(comment).toContain('**Closed:** The source has not been healthy for too long.');
  expect(comment).toContain('A new pull request is opened when the source is healthy again.');
  expect(comment).not.toMatch(/#1/);
});

test('a failure after the merge is said in one comment and recognised afterwards', () => {
  const outcome = {
    state: 'failed',
    why: reason('failed', 'x', [reason('bad', 'eu is degraded')]),
    key: 'failed:eu@1',
    atMs: 1,
  } as const;
  const body = failureComment(outcome, 'staging');
  expect(body).toContain('**staging did not take this promotion well.**');
  expect(body).toContain('- eu is degraded');
  expect(hasComment(aPullRequest({ ownComments: [body] }), outcome)).toBe(true);
  expect(hasComment(aPullRequest({ ownComments: [body] }), { ...outcome, key: 'failed:us@2' })).toBe(false);
});

test('the check tells orders of their own, which targets were found, and which files are to be created', () => {
  const orders = [{ application: 'docs', environments: ['dev', 'production'] }];
  const found = [
    { environment: 'production', targets: ['prod-eu-1', 'prod-us-2'], pattern: 'clusters/prod-*' },
    { environment: 'edge', targets: [], pattern: 'edges/*' },
  ];
  const lacking = [{ place: 'web in staging', paths: ['apps/web/staging/values.yaml'] }];
  const { summary } = renderConfigCheck({ ...valid, orders, found, lacking, lackingCount: 2 });
  expect(summary).toContain(
    'Order of docs alone: dev, production.\nTargets found for production: prod-eu-1, prod-us-2.\nTargets found for edge: none, since nothing in the repo fits edges/\\*.\n',
  );
  expect(summary).toContain('- web in staging: apps/web/staging/values.yaml\n- and 1 more');
});
