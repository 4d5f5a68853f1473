import { createHash } from 'node:crypto';
import type { Reason } from '../domain/reason.ts';
import { noFile, sameVersion } from '../domain/version.ts';
import type { Outcome } from '../promotion/action.ts';
import type { Proposal } from '../promotion/proposal.ts';
import { prose } from './escape.ts';
import { utc } from './time.ts';

/** The block at the top of a pull request: its first line is what a mail preview shows. */
export interface Status {
  readonly key: string;
  readonly text: string;
}

/** Hexadecimal digits of a hash that tell two texts apart. */
const hashDigits = 16;

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, hashDigits);
}

/**
 * What a status is about, the first word of its key: `held` is a stopped pull request that a person had made a draft before, so
 * that it stays one afterwards.
 */
type StatusKind = 'open' | 'drift' | 'stopped' | 'held';

/** How an open pull request stands. Stopped ones say why and what has to happen. */
export function openStatus(why: Reason, proposal: Proposal | undefined): Status {
  const lines = proposal === undefined ? stoppedLines(why) : proposalLines(why, proposal);
  const kind: StatusKind = proposal === undefined ? 'stopped' : proposal.kind === 'drift' ? 'drift' : 'open';
  const text = lines.map((line) => `> ${line}`).join('\n');
  return { key: `${kind}:${shortHash(text)}`, text };
}

/** The same status on a pull request that a person has made a draft. */
export function heldStatus({ key, text }: Status): Status {
  return { key: key.replace(/^stopped:/, 'held:'), text };
}

/** Whether a draft is one because its status says so: such a one is made ready again, a person's is not. */
export function isOwnDraft(statusKey: string | undefined): boolean {
  return statusKey !== undefined && /^(?:stopped|drift):/.test(statusKey);
}

function stoppedLines(why: Reason): readonly string[] {
  return ['[!CAUTION]', `**Stopped:** ${prose(why.text)} Do not merge it now.`, ...bullets(why)];
}

/** Reasons listed under a headline: more say nothing new to a reader. */
const reasonsMax = 20;

function bullets(why: Reason): readonly string[] {
  const all = why.children.flatMap((child) => [child, ...child.children]);
  const lines = all.slice(0, reasonsMax).map(({ text }) => `- ${prose(text)}`);
  return all.length > reasonsMax ? [...lines, `- and ${all.length - reasonsMax} more`] : lines;
}

function proposalLines(why: Reason, proposal: Proposal): readonly string[] {
  const { environment } = proposal.lane;
  const count = proposal.toFillIn.length;
  const note = why.code === 'edited' || why.code === 'pinned' ? [`**Note:** ${prose(why.text)}`] : [];
  if (count > 0 && proposal.kind !== 'drift') {
    const values = count === 1 ? 'one value' : `${count} values`;
    return [
      '[!WARNING]',
      `**Not ready: ${values} of new files ${count === 1 ? 'is' : 'are'} to be filled in**, so this is a draft. Commit them on this branch, then mark it as ready.`,
      ...note,
    ];
  }
  switch (proposal.kind) {
    case 'drift':
      return ['[!WARNING]', driftText(proposal), ...note];
    case 'first':
      return [
        '[!IMPORTANT]',
        `**Ready for review: the first promotion into ${environment}.** Nothing was promoted here before: check that both sides mean the same thing.`,
        ...note,
      ];
    case 'move':
      return [
        '[!NOTE]',
        note.length === 0
          ? `**Ready for review:** it runs healthy in ${proposal.candidate.from.join(' and ')}. ${environment} changes when you merge, not before.`
          : `**Open for review.** ${environment} changes when you merge, not before.`,
        ...note,
      ];
  }
}

/** Files that only the environment has are no change of anybody's: they may never have been elsewhere. */
function driftText({ lane: { environment }, drifts }: Proposal): string {
  if (drifts.length > 0 && drifts.every(({ change }) => sameVersion(change.source, noFile))) {
    return `**${environment} has files that are not in the source**, so this is a draft. Merging it removes them, closing it keeps them.`;
  }
  return `**${environment} was changed outside promotion**, so this is a draft. Merging it lets the candidate win, closing it keeps what ${environment} has.`;
}

/** What became of a merged pull request. */
export function outcomeStatus(outcome: Outcome, environment: string): Status {
  const lines = outcome.state === 'failed' ? failedLines(outcome, environment) : liveLines(outcome, environment);
  const text = lines.map((line) => `> ${line}`).join('\n');
  return { key: outcome.state === 'failed' ? `failed:${shortHash(text)}` : outcome.key, text };
}

function liveLines({ atMs }: Outcome, environment: string): readonly string[] {
  const since = atMs === undefined ? '' : ` since ${utc(atMs)}`;
  return ['[!TIP]', `**Live in ${environment}${since}, healthy** on every target.`];
}

function failedLines(outcome: Outcome, environment: string): readonly string[] {
  return ['[!CAUTION]', `**${environment} did not take it well.**`, ...bullets(outcome.why)];
}
