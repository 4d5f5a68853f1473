import nock from 'nock';
import { expect, test } from 'vitest';
import { reportConfig } from '../../src/github/checks.ts';
import type { ConfigReport } from '../../src/ports/git-host.ts';
import { aConfigRepo, fullName } from './config-repo.ts';
import { apiUrl, hostErrorOf, playToken, repo, setStage } from './stage.ts';

const problem = { file: '.github/pawl.yaml', line: 3, column: 5, message: 'Unknown key.', hint: 'Write `after`.' };

const report: ConfigReport = {
  commit: 'a'.repeat(40),
  conclusion: 'failure',
  title: '1 mistake',
  summary: 'Promotions are stopped.',
  problems: [problem],
};

/** The body of the one request a report makes. */
async function sent(
  change: Partial<ConfigReport>,
): Promise<Record<string, unknown> & { output: Record<string, unknown> }> {
  const stage = setStage();
  playToken();
  let body: unknown;
  nock(apiUrl)
    .post('/repos/acme/config/check-runs', (received) => {
      body = received;
      return true;
    })
    .reply(201, {});
  await reportConfig(stage.context, repo, { ...report, ...change });
  return JSON.parse(JSON.stringify(body));
}

test('a completed check run, with the mistakes marked in the file', async () => {
  expect(await sent({})).toEqual({
    name: 'promotion/config',
    head_sha: report.commit,
    status: 'completed',
    conclusion: 'failure',
    output: {
      title: '1 mistake',
      summary: 'Promotions are stopped.',
      annotations: [
        {
          path: '.github/pawl.yaml',
          start_line: 3,
          end_line: 3,
          start_column: 5,
          end_column: 5,
          annotation_level: 'failure',
          message: 'Unknown key. Write `after`.',
        },
      ],
    },
  });
});

test('more mistakes than GitHub marks at once are counted', async () => {
  const { output } = await sent({ problems: Array.from({ length: 53 }, () => problem) });
  expect(output['annotations']).toHaveLength(50);
  expect(output['summary']).toBe('Promotions are stopped.\n\n3 more mistakes are not marked in the file.');
});

test('texts are cut to what GitHub takes, and never through the middle of a character', async () => {
  const { output } = await sent({
    title: 't'.repeat(300),
    summary: '🎉'.repeat(40_000),
    problems: Array.from({ length: 51 }, () => ({ ...problem, message: 'm'.repeat(100_000) })),
  });
  expect(String(output['title'])).toHaveLength(255);
  const summary = String(output['summary']);
  expect(summary.length).toBeLessThanOrEqual(65_535);
  expect(summary.isWellFormed()).toBe(true);
  expect(summary).toContain('1 more mistakes');
});

test('people see it on the commit', async () => {
  const at = await aConfigRepo();
  const commit = at.github.head(fullName, 'main') ?? '';
  const mark = at.github.mark();
  await at.host.reportConfig(at.repo, { ...report, commit, conclusion: 'success', problems: [] });
  expect(at.github.countSince(mark)).toBe(1);
  expect(at.github.checkRuns(fullName, commit)).toMatchObject([{ name: 'promotion/config', conclusion: 'success' }]);
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});

test('a missing permission is told', async () => {
  const stage = setStage();
  playToken();
  nock(apiUrl).post('/repos/acme/config/check-runs').reply(403, { message: 'Resource not accessible by integration' });
  expect((await hostErrorOf(reportConfig(stage.context, repo, report))).kind).toBe('forbidden');
});
