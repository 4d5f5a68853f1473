import { expect, test } from 'vitest';
import { refusalLog, refusalsLoggedPerMinute } from '../../src/http/refusal-log.ts';

test('logs a bounded number a minute, and afterwards how many more there were', () => {
  let nowMs = 0;
  const lines: object[] = [];
  const write = (facts: object) => {
    lines.push(facts);
  };
  const refused = refusalLog({ now: () => nowMs }, { info: write, warn: write, error: write });
  for (let count = 0; count < refusalsLoggedPerMinute + 7; count += 1) refused({ status: 401, path: '/ingest/flux' });
  expect(lines).toHaveLength(refusalsLoggedPerMinute);
  nowMs = 60_000;
  refused({ status: 404, path: 'unknown' });
  expect(lines.slice(refusalsLoggedPerMinute)).toEqual([{ count: 7 }, { status: 404, path: 'unknown' }]);
  nowMs = 120_000;
  refused({ status: 404, path: 'unknown' });
  expect(lines).toHaveLength(refusalsLoggedPerMinute + 3);
});
