import type { PullRequest } from '../domain/pull-request.ts';
import type { Reason } from '../domain/reason.ts';
import type { Outcome } from '../promotion/action.ts';
import { prose } from './escape.ts';
import { shortHash } from './status.ts';

/** Said once when a pull request is closed: why, and what happens next. */
export function closingComment(why: Reason): string {
  const rest = why.children.flatMap((child) => [child, ...child.children]).map(({ text }) => `- ${prose(text)}`);
  return [`**Closed:** ${prose(why.text)}`, ...rest, '', closingAdvice(why)].join('\n').trimEnd();
}

/** Whether this is what the App said there last: a comment can be there already while the closing that belongs to it failed. */
export function isLastComment(pullRequest: PullRequest, comment: string): boolean {
  return pullRequest.ownComments.at(-1)?.trim() === comment.trim();
}

function closingAdvice(why: Reason): string {
  switch (why.code) {
    case 'withdrawn':
      return 'A new pull request is opened when the source is healthy again.';
    case 'removed':
      return 'Put it back into `.github/pawl.yaml` to have it offered again.';
    default:
      return '';
  }
}

/** The one comment a promotion gets after its merge: only when it went wrong, so that somebody is told. */
export function failureComment(outcome: Outcome, environment: string): string {
  const rest = outcome.why.children.map(({ text }) => `- ${prose(text)}`);
  const undo = `To go back, press *Revert* on this pull request.`;
  return [`**${environment} did not take this promotion well.**`, ...rest, '', undo, '', commentMarker(outcome)].join(
    '\n',
  );
}

function commentMarker(outcome: Outcome): string {
  return `<!-- pawl:failed ${shortHash(outcome.key)} -->`;
}

/** Whether the pull request has the comment already. */
export function hasComment(pullRequest: PullRequest, outcome: Outcome): boolean {
  return pullRequest.ownComments.some((body) => body.includes(commentMarker(outcome)));
}
