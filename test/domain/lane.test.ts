import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isName, laneBranch, parseLaneBranch, spareLaneBranch } from '../../src/domain/lane.ts';

const name = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/).filter(isName);

describe('the branch of a lane', () => {
  test('is read back as the lane, and so is the spare one', () => {
    fc.assert(
      fc.property(name, name, (application, environment) => {
        const lane = { application, environment };
        expect(parseLaneBranch(laneBranch(lane))).toEqual(lane);
        expect(parseLaneBranch(spareLaneBranch(lane))).toEqual(lane);
        expect(spareLaneBranch(lane)).not.toBe(laneBranch(lane));
      }),
    );
  });

  test.each([
    'main',
    'promote/',
    'promote/staging',
    'promote/staging/web/x',
    'promote//web',
    'promote/staging/..',
    'promoted/staging/web',
  ])('%s is none', (branch) => {
    expect(parseLaneBranch(branch)).toBeUndefined();
  });
});

test.each(['', 'a/b', '.hidden', 'a..b', 'end.', 'web.lock', 'ünï', 'a b', 'x'.repeat(64)])(
  '%j cannot be a name',
  (text) => {
    expect(isName(text)).toBe(false);
  },
);
