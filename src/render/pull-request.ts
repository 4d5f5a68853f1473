import { subjectAtSource } from '../domain/passed-on.ts';
import type { Reason } from '../domain/reason.ts';
import { shortRevision } from '../domain/report.ts';
import { describeVersion, keptMark, noFile, sameVersion } from '../domain/version.ts';
import type { Notice } from '../promotion/action.ts';
import type { Proof } from '../promotion/candidates.ts';
import type { Change } from '../promotion/changes.ts';
import type { LeftAlone } from '../promotion/left-alone.ts';
import type { Drift, Proposal } from '../promotion/proposal.ts';
import type { ProposedFile } from '../promotion/proposed-files.ts';
import type { FileRefusal } from '../promotion/versions.ts';
import { lineCounts, lineDiff } from './diff.ts';
import { code, fenced, prose } from './escape.ts';
import { type Marker, parseMarker, parseStatus, renderMarker, renderStatus, withRegion, withStatus } from './marker.ts';
import { pullRequestTemplate } from './pull-request-template.ts';
import { heldStatus, isOwnDraft, openStatus, type Status, shortHash } from './status.ts';
import { compileTemplate, type TemplateData } from './template.ts';
import { utc } from './time.ts';
import { promotionTitle } from './title.ts';

/** The texts of a pull request, and whether they say anything the present ones do not. */
export interface PullRequestText {
  readonly title: string;
  readonly body: string;
  readonly changed: boolean;
}

/** The texts a pull request has now; undefined for one that is to be opened. */
export interface PresentText {
  readonly title: string;
  readonly body: string;
}

export interface PresentDraft extends PresentText {
  readonly draft: boolean;
}

export interface RenderInput {
  readonly proposal: Proposal;
  readonly why: Reason;
  readonly present: PresentText | undefined;
}

/** Largest body, in characters: GitHub takes 65,536, and people's own text needs room. */
const bodyCharactersMax = 60_000;
const rowsMax = 50;
const template = compileTemplate(pullRequestTemplate);

/** Title and body of a promotion pull request that carries a proposal. What people wrote around our part stays. */
export function renderPullRequest({ proposal, why, present }: RenderInput): PullRequestText {
  const ownTitle = promotionTitle(proposal);
  const status = openStatus(why, proposal);
  const marker: Marker = {
    lane: `${proposal.lane.environment}/${proposal.lane.application}`,
    candidate: proposal.candidate.hash.slice(0, 16),
    says: shortHash(JSON.stringify([status.key, meaning(proposal)])),
    title: shortHash(ownTitle),
  };
  const before = present === undefined ? undefined : parseMarker(present.body);
  const title = present !== undefined && before?.title !== shortHash(present.title) ? present.title : ownTitle;
  const body = withRegion(present?.body, region({ proposal, status, marker }));
  return { title, body, changed: present === undefined || before?.says !== marker.says || title !== present.title };
}

/**
 * The texts of an open pull request whose branch stays as it is. Where the branch holds something else than would be proposed now
 * (it is stopped, or a person has it in hand), only its status changes: what was said of its content stays true.
 */
export function renderNotice({ why, proposal }: Notice, present: PresentDraft): PullRequestText {
  const inHand = why.code === 'edited' || why.code === 'pinned';
  if (proposal !== undefined && !inHand) return renderPullRequest({ proposal, why, present });
  const status = openStatus(why, proposal);
  return renderNewStatus(isPersonsDraft(present) ? heldStatus(status) : status, present);
}

/** Whether a person made the pull request a draft. */
export function isPersonsDraft({ draft, body }: PresentDraft): boolean {
  return draft && !isOwnDraft(parseStatus(body));
}

function renderNewStatus(status: Status, present: PresentText): PullRequestText {
  const marked = parseMarker(present.body);
  const says = shortHash(JSON.stringify([status.key]));
  const body = withStatus(present.body, status.key, status.text);
  const remarked = marked === undefined ? body : body.replace(renderMarker(marked), renderMarker({ ...marked, says }));
  return { title: present.title, body: remarked, changed: remarked !== present.body };
}

/** All a reader learns from the body, without the times and revisions that change on every report. */
function meaning({ kind, candidate, changes, drifts, leftAlone, leftOut, toFillIn }: Proposal): unknown {
  const places = candidate.proofs.map(({ environment, target }) => [environment, target]);
  return [
    kind,
    candidate.hash,
    places,
    changes.map(({ path, artifact, current }) => [path, artifact, current]),
    drifts.length,
    leftAlone,
    // Only where there is some: texts that are on pull requests already stay as they are.
    ...(leftOut.length === 0 ? [] : [leftOut.map(leftOutLine)]),
    ...(toFillIn.length === 0 ? [] : [toFillIn]),
  ];
}

interface RegionInput {
  readonly proposal: Proposal;
  readonly status: Status;
  readonly marker: Marker;
}

/** What is shown: everything where there is room, else without the diffs, which GitHub shows itself, else the core alone. */
type Extent = 'everything' | 'without diffs' | 'core';

function region(input: RegionInput): string {
  const texts = (['everything', 'without diffs', 'core'] as const).map((extent) => regionText(input, extent));
  const [core = ''] = texts.slice(-1);
  return texts.find((text) => text.length <= bodyCharactersMax) ?? cutCore(core, input);
}

/** Hundreds of drifted values, each of them long: the top, what fits of the middle, and the marker at the end. */
function cutCore(core: string, { marker }: RegionInput): string {
  const room = bodyCharactersMax - 200;
  const lines = core.slice(0, room).split('\n').slice(0, -1);
  return [...lines, '', '…and more than fits here: see the files of the pull request.', '', renderMarker(marker)].join(
    '\n',
  );
}

function regionText({ proposal, status, marker }: RegionInput, extent: Extent): string {
  const text = template(templateData(proposal, extent));
  return [renderStatus(status.key, status.text), '', text.trim(), '', renderMarker(marker)].join('\n');
}

function templateData(proposal: Proposal, extent: Extent): TemplateData {
  const { lane, candidate, changes, files } = proposal;
  const counts = files.map(({ before = '', after = '' }) => lineCounts(before, after));
  return {
    environment: lane.environment,
    from: candidate.from.join(' and '),
    isGroup: changes.some(({ application }) => application !== lane.application),
    showsTargets: showsTargets(changes),
    rows: changes.slice(0, rowsMax).map(row),
    rowsLeft: Math.max(0, changes.length - rowsMax),
    leftOut: listed(proposal.leftOut.filter((one) => one.code !== 'member').map(leftOutLine)),
    notAlong: listed(proposal.leftOut.filter((one) => one.code === 'member').map(leftOutLine)),
    toFillIn: listed(proposal.toFillIn.map(code)),
    mark: code(keptMark),
    drifts: listed(proposal.drifts.filter((drift) => !isRemoval(drift)).map(driftLine)),
    removals: listed(proposal.drifts.filter(isRemoval).map(({ change }) => code(change.path))),
    proofs: candidate.proofs.slice(0, rowsMax).map(proofRow),
    proofsLeft: Math.max(0, candidate.proofs.length - rowsMax),
    filesCount: files.length,
    added: counts.reduce((sum, { added }) => sum + added, 0),
    removed: counts.reduce((sum, { removed }) => sum + removed, 0),
    files:
      extent === 'everything'
        ? files.map((file) => ({
            path: filePath(file),
            diff: fenced('diff', lineDiff(file.before ?? '', file.after ?? '')),
          }))
        : [],
    leftAlone: extent === 'core' ? [] : proposal.leftAlone.map(leftAloneLine),
    leftAloneCount:
      proposal.leftAlone.length === 1
        ? '1 difference that belongs'
        : `${proposal.leftAlone.length} differences that belong`,
    before: [...new Set(changes.map(before))].slice(0, rowsMax).join(', '),
  };
}

/** Where there is one place without labels, the environment says it all. */
function showsTargets(changes: readonly Change[]): boolean {
  const targets = new Set(changes.map(({ target }) => target));
  return targets.size > 1 || changes.some(({ labels }) => Object.keys(labels).length > 0);
}

/** Each line once, as many as a person reads; what is cut is counted, so that nothing is missing unsaid. */
function listed(lines: readonly string[]): readonly string[] {
  const unique = [...new Set(lines)];
  const more = unique.length - rowsMax;
  return more > 0 ? [...unique.slice(0, rowsMax), `…and ${more} more`] : unique;
}

/** The path, and whether the file is a new one or goes. */
function filePath({ path, before, after }: ProposedFile): string {
  if (before === undefined) return `${code(path)} (added)`;
  return after === undefined ? `${code(path)} (removed)` : code(path);
}

/** What an undone merge brings back. */
function before({ current }: Change): string {
  return current === undefined ? 'having no entry of its own' : code(describeVersion(current));
}

function row(change: Change): TemplateData {
  return {
    application: change.application,
    artifact: code(change.artifact),
    target: targetCell(change),
    now: change.current === undefined ? 'absent' : code(describeVersion(change.current)),
    becomes: code(describeVersion(change.source)),
  };
}

/** The target's name with its labels: `prod-eu-1` (region: eu). */
function targetCell({ target, labels }: Change): string {
  const told = Object.entries(labels).map(([name, text]) => `${prose(name)}: ${prose(text)}`);
  return told.length === 0 ? code(target) : `${code(target)} (${told.join(', ')})`;
}

/** A file that only the target has, so that nothing tells whether it is an old one or its own. */
function isRemoval({ change: { source } }: Drift): boolean {
  return sameVersion(source, noFile);
}

function driftLine({ change, by }: Drift): string {
  const base = change.base === undefined ? 'never promoted' : `promoted as ${code(describeVersion(change.base))}`;
  const who = by === undefined ? '' : `, last changed by ${prose(by.author)} on ${utc(by.atMs)}: ${prose(by.headline)}`;
  return `${code(change.path)}: ${code(change.artifact)} is ${code(describeVersion(change.current))} (${base})${who}`;
}

function leftOutLine({ path, line, reason }: FileRefusal): string {
  return `${code(line === undefined ? path : `${path}:${line}`)} ${prose(reason)}`;
}

function proofRow({ environment, target, revision, repoUrl, evidence }: Proof): TemplateData {
  const { report } = evidence;
  const since =
    report.healthySinceMs === undefined ? `at ${utc(report.observedAtMs)}` : `since ${utc(report.healthySinceMs)}`;
  const by = `${sourceTitles[report.source]} ${code(subjectAtSource(report).replace(/^[a-z-]+:/, ''))}`;
  return {
    where: environment === target ? environment : `${environment}/${target}`,
    revision: `[${code(shortRevision(revision))}](${repoUrl}/commit/${revision})`,
    state: `healthy ${since}${report.successOnly ? ' (this source can report success only)' : ''}`,
    by: report.link === undefined ? by : `${by} ([open](${encodeURI(report.link).replaceAll(')', '%29')}))`,
  };
}

const sourceTitles: Readonly<Record<Proof['evidence']['report']['source'], string>> = {
  argocd: 'Argo CD',
  flux: 'Flux',
  'github-status': 'commit status',
  'github-deployment': 'deployment status',
  'github-dispatch': 'Argo CD through GitHub',
  'check-run': 'check run',
};

function leftAloneLine(left: LeftAlone): string {
  if (left.kind === 'file') return `${code(left.path)} (a file that is not promoted)`;
  const { path, source, target } = left.difference;
  return `${code(`${left.path}: ${path}`)} stays ${shown(target)} (source: ${shown(source)})`;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'absent' : code(value);
}
