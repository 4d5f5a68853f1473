import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decisionsPath,
  laneOfDecisions,
  parseDecisions,
  readDecisions,
  renderDecisions,
} from '../../src/promotion/decisions.ts';
import { textFile } from '../build/a-snapshot.ts';

const lane = { application: 'web', environment: 'staging' };
const app = { app: true, login: 'pawl' };
const declined = { candidate: 'abc', pullRequest: 7, by: 'bob', atMs: 1 };

describe('the file of a lane on the side branch', () => {
  test('lies where a person finds it', () => {
    expect(decisionsPath(lane)).toBe('lanes/staging/web.json');
  });

  test('names its lane', () => {
    expect(laneOfDecisions(decisionsPath(lane))).toEqual(lane);
    expect(laneOfDecisions(decisionsPath({ ...lane, application: 'a.json' }))?.application).toBe('a.json');
    for (const path of ['README.md', 'lanes/web.json', 'lanes/a/b/c.json', 'lanes/staging/.json', 'x/lanes/a/b.json'])
      expect(laneOfDecisions(path)).toBeUndefined();
  });

  test('is read back', () => {
    const one = fc.record({ candidate: fc.string(), pullRequest: fc.nat(), by: fc.string(), atMs: fc.nat() });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (list) => {
        expect(parseDecisions(renderDecisions({ declined: list }))).toEqual({ declined: list });
      }),
    );
  });

  test('keeps the newest fifty', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ ...declined, pullRequest: index }));
    expect(parseDecisions(renderDecisions({ declined: many }))?.declined.map(({ pullRequest }) => pullRequest)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 10),
    );
  });

  test('that is missing means that nothing was decided', () => {
    expect(readDecisions(lane, { kind: 'missing' }, undefined)).toEqual({ ok: true, decisions: { declined: [] } });
  });

  test.each([
    [
      'changed by somebody else',
      textFile(renderDecisions({ declined: [] })),
      { app: false, login: 'erin' },
      'changed by erin and not by Pawl',
    ],
    ['deleted by somebody else', undefined, { app: false, login: 'erin' }, 'changed by erin and not by Pawl'],
    ['damaged', textFile('{"version":1,'), app, 'is damaged'],
    ['of another version', textFile('{"version":2,"declined":[]}'), app, 'is damaged'],
    ['of another shape', textFile('{"version":1,"declined":[{"candidate":1}]}'), app, 'is damaged'],
    ['a symbolic link', { kind: 'unreadable', reason: 'is a symbolic link' } as const, app, 'is a symbolic link'],
  ])('%s stops the lane and says how to mend it', (_, file, by, says) => {
    const read = readDecisions(lane, file ?? { kind: 'missing' }, by);
    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.reason).toContain(says);
    expect(read.ok ? '' : read.reason).toContain('Revert that commit on the branch pawl/state');
  });
});
