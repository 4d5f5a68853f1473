import type { SourceName } from '../domain/report.ts';
import type { Shape } from './json.ts';
import type { Malformed, Received } from './source.ts';

/** What every webhook of GitHub is kept with: which repo, through which installation, by whom. */
export const githubShape = {
  repository: { id: 'number', name: 'text', full_name: 'text', owner: { login: 'text' } },
  installation: { id: 'number' },
  sender: { login: 'text', id: 'number', type: 'text' },
} as const satisfies Shape;

/** `owner/name` of the repo an event is about, in lower case, or that there is none. */
export function repositoryOf(received: Received): string | Malformed {
  if (received.repository !== undefined) return received.repository.toLowerCase();
  return { malformed: 'shape', reason: 'The event is about no repository.' };
}

/** An event that lacks what it is made of. Names what, for the log: nobody reads the answer to a webhook of GitHub. */
export function incomplete(event: string, what: string): Malformed {
  return { malformed: 'shape', reason: `The ${event} event has no ${what}.` };
}

/**
 * Identity of a subject with whose word it is: anybody with write access may post the same thing, and must not take the place of
 * what a trusted sender said.
 */
export function subjectBy(source: SourceName, sender: string | undefined, subject: string): string {
  return `${source}:${sender ?? 'nobody'}:${subject}`;
}
