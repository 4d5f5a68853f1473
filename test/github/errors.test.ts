import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { failureOf, faultError, faultKind, parseAnswer } from '../../src/github/errors.ts';
import { HostError } from '../../src/ports/git-host.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');

function answer(status: number, message: string, headers: Record<string, string> = {}) {
  return Object.assign(new Error(message), { status, response: { headers } });
}

describe('what a failed request was', () => {
  test.each([
    { thrown: answer(400, 'Problems parsing JSON'), kind: 'refused' },
    { thrown: answer(401, 'Bad credentials'), kind: 'forbidden', badToken: true },
    { thrown: answer(403, 'Resource not accessible by integration'), kind: 'forbidden' },
    { thrown: answer(403, 'This installation has been suspended'), kind: 'gone' },
    { thrown: answer(403, 'Repository was archived so is read-only.'), kind: 'forbidden' },
    {
      thrown: answer(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }),
      kind: 'limited',
    },
    { thrown: answer(403, 'You have exceeded a secondary rate limit.'), kind: 'limited', secondary: true },
    { thrown: answer(403, 'Wait', { 'retry-after': '5' }), kind: 'limited', secondary: true },
    { thrown: answer(404, 'Not Found'), kind: 'gone', unknown: true },
    { thrown: answer(409, 'Reference cannot be updated'), kind: 'moved' },
    { thrown: answer(410, 'Gone'), kind: 'gone' },
    { thrown: answer(422, 'Reference already exists'), kind: 'moved' },
    { thrown: answer(422, 'Repository rule violations found'), kind: 'forbidden' },
    { thrown: answer(422, 'Validation Failed: {"field":"title"}'), kind: 'refused' },
    { thrown: answer(429, 'Too many requests'), kind: 'limited', secondary: true },
    { thrown: answer(451, 'Repository access blocked'), kind: 'gone' },
    { thrown: answer(500, 'Server Error'), kind: 'unreachable', passing: true },
    { thrown: answer(502, '<html>Unicorn!</html>'), kind: 'unreachable', passing: true },
    { thrown: Object.assign(new Error('socket hang up'), { status: 500 }), kind: 'unreachable', passing: true },
    { thrown: new TypeError('x is undefined'), kind: 'refused' },
    { thrown: 'a text', kind: 'refused' },
    { thrown: undefined, kind: 'refused' },
    { thrown: new HostError('moved', 'said before'), kind: 'moved' },
    { thrown: new HostError('gone', 'said before'), kind: 'gone', unknown: true },
  ])('$thrown → $kind', ({ thrown, kind, ...flags }) => {
    const { error, ...found } = failureOf(thrown, nowMs);
    expect(error).toBeInstanceOf(HostError);
    expect(error.kind).toBe(kind);
    expect(found).toEqual({ passing: false, badToken: false, unknown: false, secondary: false, ...flags });
  });

  test("GitHub's words are passed on, on one line and not without end; pages of HTML are not", () => {
    const rule = failureOf(
      answer(422, `Repository rule violations found\n\nNo \u202Epushes ${'!'.repeat(1000)}`),
      nowMs,
    );
    expect(rule.error.message).toContain('Repository rule violations found No pushes !!!');
    expect(rule.error.message.length).toBeLessThan(350);
    expect(failureOf(answer(403, '<html>no</html>'), nowMs).error.message).not.toContain('<');
  });
});

describe('what a fault of one field was', () => {
  test.each([
    ['RATE_LIMITED', 'API rate limit exceeded for installation ID 7.', 'limited'],
    ['FORBIDDEN', 'You have exceeded a secondary rate limit', 'limited'],
    ['STALE_DATA', 'Expected branch to point to "a" but it did not.  Pull and try again.', 'moved'],
    [undefined, 'Expected branch to point to "a" but it did not.  Pull and try again.', 'moved'],
    ['UNPROCESSABLE', 'Reference update failed: refs/heads/x is at abc but expected def', 'moved'],
    ['UNPROCESSABLE', 'A ref named "refs/heads/x" already exists in the repository.', 'moved'],
    ['UNPROCESSABLE', 'Reference does not exist', 'moved'],
    ['NOT_FOUND', "Could not resolve to a Repository with the name 'a/b'.", 'gone'],
    ['NOT_FOUND', "Could not resolve to a node with the global id of 'PR_1'.", 'moved'],
    ['FORBIDDEN', 'Resource not accessible by integration', 'forbidden'],
    ['UNPROCESSABLE', 'Repository rule violations found', 'forbidden'],
    ['UNPROCESSABLE', 'Protected branch update failed for refs/heads/x.', 'forbidden'],
    [undefined, 'Something went wrong while executing your query. Please include `C0DE`.', 'unreachable'],
    ['INTERNAL', 'oops', 'unreachable'],
    ['RESOURCE_LIMITS_EXCEEDED', 'Resource limits for this query exceeded', 'unreachable'],
    ['UNPROCESSABLE', 'No commits between main and x', 'refused'],
    [undefined, "Field 'x' doesn't exist on type 'Mutation'", 'refused'],
  ] as const)('%s: %s → %s', (type, message, kind) => {
    const fault = { type, message, path: ['commit'] };
    expect(faultKind(fault)).toBe(kind);
    expect(faultError(fault).message).toContain(message.slice(0, 20));
  });
});

test('an answer that is not as documented names the place and counts as a fault of the other side', () => {
  const shape = z.object({ data: z.object({ id: z.number() }) });
  expect(parseAnswer(shape, { data: { id: 1 } }, 'a question')).toEqual({ data: { id: 1 } });
  const wrong = (): unknown => parseAnswer(shape, { data: { id: 'secret' } }, 'a question');
  expect(wrong).toThrow("GitHub's answer to a question is not as documented, at data.id");
  expect(wrong).not.toThrow('secret');
});
