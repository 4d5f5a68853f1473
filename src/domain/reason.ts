/**
 * Why something was decided: a code for programs, a sentence for people, and what it rests on. Texts on pull requests, in logs
 * and in `explain` are all derived from it.
 */
export interface Reason {
  readonly code: ReasonCode;
  /** A sentence; may quote names and versions from outside, so it is escaped where it is shown. */
  readonly text: string;
  readonly children: readonly Reason[];
}

export type ReasonCode =
  | 'promote'
  | 'first-promotion'
  | 'drift'
  | 'up-to-date'
  | 'open'
  | 'pinned'
  | 'edited'
  | 'declined'
  | 'taken-out'
  | 'rolled-back'
  | 'waiting'
  | 'bad'
  | 'withdrawn'
  | 'refused'
  | 'absent'
  | 'owned'
  | 'limited'
  | 'occupied'
  | 'stopped'
  | 'untrusted'
  | 'removed'
  | 'grouped'
  | 'proved'
  | 'live'
  | 'failed';

export function reason(code: ReasonCode, text: string, children: readonly Reason[] = []): Reason {
  return { code, text, children };
}

/** A reason and all it rests on as indented lines, for logs and terminals. */
export function describeReason(why: Reason, indent = ''): string {
  const below = why.children.map((child) => describeReason(child, `${indent}  `));
  return [`${indent}${why.text}`, ...below].join('\n');
}
