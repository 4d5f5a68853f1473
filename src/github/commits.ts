import { z } from 'zod';
import type { BranchCommit } from '../domain/pull-request.ts';

/** What is asked of every commit whose author matters. */
export const commitFacts = `
fragment CommitFacts on Commit {
  oid message committedDate
  author { name email user { login } }
  committer { email }
  signature { isValid state wasSignedByGitHub }
}`;

export const commitFactsShape = z.object({
  oid: z.string(),
  message: z.string(),
  committedDate: z.string(),
  author: z
    .object({
      name: z.string().nullish(),
      email: z.string().nullish(),
      user: z.object({ login: z.string() }).nullish(),
    })
    .nullish(),
  committer: z.object({ email: z.string().nullish() }).nullish(),
  signature: z.object({ isValid: z.boolean(), state: z.string(), wasSignedByGitHub: z.boolean() }).nullish(),
});

export type CommitFacts = z.infer<typeof commitFactsShape>;

/** Who somebody is to GraphQL: `viewer` and authors of commits carry the `[bot]` ending, authors of pull requests do not. */
export function withoutBotEnding(login: string): string {
  return login.replace(/\[bot\]$/, '');
}

/**
 * Whether the App made this commit through GitHub's interface: GitHub's own valid signature, the App as author, and as committer
 * GitHub or the App. Anybody can write the App's name into a commit, but not GitHub's signature over it; a signature that GitHub
 * lends a person (in a codespace) comes with that person as committer.
 */
export function isByApp(commit: CommitFacts, app: string): boolean {
  const { signature, author, committer } = commit;
  if (signature?.isValid !== true || signature.state !== 'VALID' || !signature.wasSignedByGitHub) return false;
  if (author == null || committer?.email == null) return false;
  const byLogin = author.user?.login === `${app}[bot]`;
  const byName = byLogin || isEmailOf(author.email ?? '', app);
  return byName && (committer.email.startsWith('noreply@') || isEmailOf(committer.email, app));
}

/**
 * `12345+slug[bot]@users.noreply.github.com`: GitHub's address for an App's bot, which it may not show as a user. No person has
 * one like it, since their logins hold no brackets.
 */
function isEmailOf(email: string, app: string): boolean {
  const [, login] = /^(?:\d+\+)?([^@]+)@users\.noreply\./.exec(email) ?? [];
  return login === `${app}[bot]`;
}

/** Login of the author where GitHub knows one, else the name in the commit. */
export function authorOf({ author }: CommitFacts): string {
  return withoutBotEnding(author?.user?.login ?? author?.name ?? 'unknown');
}

export function branchCommitOf(commit: CommitFacts, app: string): BranchCommit {
  const { oid, message } = commit;
  return { oid, message, byApp: isByApp(commit, app), author: authorOf(commit) };
}

export function headlineOf(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

/** The value of a trailer in the last paragraph of a commit message. */
export function trailerOf(message: string, name: string): string | undefined {
  const paragraph =
    message
      .trimEnd()
      .split(/\n{2,}/)
      .at(-1) ?? '';
  const lines = paragraph.split('\n').filter((line) => line.startsWith(`${name}: `));
  return lines
    .at(-1)
    ?.slice(name.length + 2)
    .trim();
}
