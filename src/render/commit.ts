import { laneTitle } from '../domain/lane.ts';
import { describeVersion } from '../domain/version.ts';
import type { Proposal } from '../promotion/proposal.ts';
import { bare } from './escape.ts';
import { promotionTitle } from './title.ts';

export interface CommitText {
  readonly headline: string;
  readonly body: string;
}

/** Changes listed in a commit message: more are in the diff. */
const changesMax = 50;

/** The commit of a promotion: what moves, and trailers that name where from, where to and at which revision. */
export function renderCommit(proposal: Proposal): CommitText {
  const shown = proposal.changes.slice(0, changesMax);
  const lines = shown.map(
    (change) =>
      `${change.path}: ${bare(change.artifact)} ${bare(describeVersion(change.current))} -> ${bare(describeVersion(change.source))}`,
  );
  const more = proposal.changes.length - shown.length;
  const list = more > 0 ? [...lines, `and ${more} more`] : lines;
  const opening = `Runs healthy in ${proposal.candidate.from.join(' and ')}. ${laneTitle(proposal.lane)}:`;
  return { headline: promotionTitle(proposal), body: [opening, '', ...list, '', ...trailers(proposal)].join('\n') };
}

function trailers({ lane, candidate, changes }: Proposal): readonly string[] {
  const revisions = [...new Set(candidate.proofs.map(({ revision }) => revision))];
  return [
    ...new Set(
      [lane.application, ...changes.map(({ application }) => application)].map((name) => `Pawl-Application: ${name}`),
    ),
    ...candidate.from.map((environment) => `Pawl-From: ${environment}`),
    `Pawl-To: ${lane.environment}`,
    ...revisions.map((revision) => `Pawl-Revision: ${revision}`),
    `Pawl-Candidate: ${candidate.hash}`,
  ];
}
