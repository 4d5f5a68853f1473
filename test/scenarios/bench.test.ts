import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = new URL('../..', import.meta.url).pathname;

/** It starts Pawl about ten times; on an idle machine it takes half a minute. */
const patienceMs = 240_000;

const opening = z.object({ sequential: z.number(), requests: z.number(), medianMs: z.tuple([z.number(), z.number()]) });
const results = z.object({
  sizes: z.array(
    z.object({
      applications: z.number(),
      wholeWay: z.number(),
      warm: opening,
      cold: opening,
      rest: opening,
      storm: z.object({ requests: z.number(), requestsWithoutPush: z.number() }),
      quiet: z.object({
        sameReport: z.number(),
        laterRevision: z.number(),
        unrelated: z.object({ events: z.number(), requests: z.number() }),
      }),
    }),
  ),
  hours: z.array(z.object({ open: z.number(), requests: z.number() })),
});

/** `npm run bench -- --quick --json`, without npm. */
async function runBench(): Promise<z.infer<typeof results>> {
  const child = spawn(process.execPath, ['test/bench/bench.ts', '--quick', '--json'], { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  expect(code, stderr).toBe(0);
  return results.parse(JSON.parse(stdout));
}

describe('what Pawl costs GitHub', () => {
  let measured: z.infer<typeof results>;
  const size = () => {
    const [first] = measured.sizes;
    if (first === undefined) throw new Error('nothing was measured');
    return first;
  };
  beforeAll(async () => {
    measured = await runBench();
  }, patienceMs);

  test('from a report to the open pull request: one read and one write, and nothing else', () => {
    expect(size().warm).toMatchObject({ sequential: 2, requests: 2 });
  });

  test('in a process that was started in that moment: at most four requests one after another', () => {
    expect(size().cold.sequential).toBeLessThanOrEqual(4);
  });

  test('the same report again, and a later revision with the same files: nothing', () => {
    expect(size().quiet).toMatchObject({ sameReport: 0, laterRevision: 0 });
  });

  test('an open pull request: nothing, whatever else happens in the repo', () => {
    expect(size().quiet.unrelated.events).toBeGreaterThan(200);
    expect(size().quiet.unrelated.requests).toBe(0);
  });

  test('a quiet hour: the four sweeps, with no pull request open or with ten', () => {
    expect(measured.hours).toEqual([
      { open: 0, requests: 4 },
      { open: 10, requests: 4 },
    ]);
  });

  test('every Kustomization reporting a commit that changed one application: at most four', () => {
    expect(size().storm.requests).toBeLessThanOrEqual(4);
    expect(size().storm.requestsWithoutPush).toBeLessThanOrEqual(4);
  });

  test('two promotions to three targets, merged and followed until they are live: ten, twelve at the most', () => {
    // A merge sends two webhooks, the push and the pull request: when they come apart, each is looked at.
    expect(size().wholeWay).toBeLessThanOrEqual(12);
  });

  test('the script beside it makes the same promotion with more requests, and waits for them', () => {
    const { rest, warm } = size();
    expect(rest.sequential).toBeGreaterThan(2 * warm.sequential);
    expect(rest.medianMs[1]).toBeGreaterThan(warm.medianMs[1]);
  });
});
