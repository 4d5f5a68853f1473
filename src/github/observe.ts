import { z } from 'zod';
import { stateBranch } from '../domain/decision.ts';
import type { RevisionFiles } from '../domain/file-state.ts';
import type { Repo } from '../domain/repo.ts';
import { HostError, type LaneRead, type Observation, type ObserveQuery } from '../ports/git-host.ts';
import {
  type Fields,
  type FilesRead,
  filesSelection,
  joinReads,
  presentFolders,
  readFiles,
  remember,
} from './commit-files.ts';
import { commitFacts } from './commits.ts';
import { parseAnswer } from './errors.ts';
import { entryFacts, folderFacts } from './files.ts';
import { laneSelections, readLane } from './lane-reads.ts';
import type { GitHubContext } from './memory.ts';
import { mergedReads } from './merges.ts';
import { type Part, planReads, type ReadPlan, type RevisionPlan } from './observe-parts.ts';
import { openPromotions, openSelection } from './open-promotions.ts';
import { pullRequestFacts } from './pulls.ts';
import { mayFail, type RepositoryRead, readRepository, type Selections } from './repository.ts';
import { configOf, configSelection } from './sweep.ts';
import { type VariableList, variableList } from './variables.ts';

/** Commits of the branch that are looked through for a revision before GitHub's comparison is asked. */
const historyRead = 100;

/** What one document said, and what it was asked. */
interface Answered {
  readonly parts: readonly Part[];
  readonly read: RepositoryRead;
  /** Fields of the head of the side branch, if there is one. */
  readonly state: (Fields & { readonly oid: string }) | undefined;
}

/** Everything one decision needs: 1 request, unless very many files are wanted, very much is open, or merges are not known yet. */
export async function observe(context: GitHubContext, repo: Repo, query: ObserveQuery): Promise<Observation> {
  const plan = planReads(context.memory, repo, query);
  const answers: Answered[] = [];
  for (const parts of plan.documents) {
    const isFirst = answers.length === 0;
    const revisions = isFirst ? plan.revisions : [];
    answers.push(await ask(context, repo, { parts, revisions, isFirst, branch: query.branch }));
  }
  const [first] = answers;
  if (first === undefined) throw new HostError('refused', 'An observation without a document');
  for (const other of answers) demandSame(first, other);
  const atHead = headReads(answers);
  remember(context.memory, { repo, commit: first.read.head }, atHead);
  const open = await openPromotions(context, repo, first.read);
  return {
    app: first.read.app,
    url: first.read.url,
    defaultBranch: first.read.defaultBranch,
    defaultHead: first.read.defaultHead,
    config: configOf(first.read).config,
    branch: first.read.branch,
    head: first.read.head,
    files: atHead.files,
    folders: presentFolders(atHead.folders),
    revisions: revisionReads(context, repo, { plan, answers, first }),
    lanes: await laneReads(context, repo, answers),
    stateHead: first.state?.oid,
    open: open.map(({ number, branch, createdAtMs }) => ({ number, branch, createdAtMs })),
  };
}

/** Documents of one observation must have seen the same commits. */
function demandSame(first: Answered, other: Answered): void {
  if (first.read.head === other.read.head && first.state?.oid === other.state?.oid) return;
  throw new HostError('moved', 'The repo changed while it was read');
}

interface Question {
  readonly parts: readonly Part[];
  readonly revisions: readonly RevisionPlan[];
  readonly isFirst: boolean;
  readonly branch: string | undefined;
}

async function ask(context: GitHubContext, repo: Repo, question: Question): Promise<Answered> {
  const variables = variableList();
  const open = question.isFirst ? openSelection(context.memory, repo) : '';
  const selections = selectionsOf({ ...question, open }, variables);
  const read = await readRepository(context, repo, { variables, selections, branch: question.branch });
  const state = parseAnswer(stateShape, read.fields.repository['state'], 'a read of the side branch');
  return { parts: question.parts, read, state: state?.target };
}

const stateShape = z.object({ target: z.looseObject({ oid: z.string() }) }).nullable();

function selectionsOf(
  { parts, revisions, isFirst, open }: Omit<Question, 'branch'> & { readonly open: string },
  variables: VariableList,
): Selections {
  const lanes = parts.filter((part) => part.kind === 'lane').map((part) => laneSelections(part, variables));
  const files = parts.filter((part) => part.kind === 'head').map(({ wanted }) => filesSelection(variables, wanted));
  const compares = revisions.map(
    ({ revision }, index) => `${mayFail}v${index}: compare(headRef: ${variables.add('String!', revision)}) { aheadBy }`,
  );
  const history = revisions.length > 0 ? `history(first: ${historyRead}) { nodes { oid } }` : '';
  const usesLanes = lanes.length > 0;
  return {
    head: [history, ...files, ...lanes.map(({ head }) => head)].join('\n'),
    defaultHead: isFirst ? configSelection : '',
    branch: [...compares, ...lanes.map(({ branch }) => branch)].join('\n'),
    repository: [
      open,
      `state: ref(qualifiedName: ${variables.add('String!', `refs/heads/${stateBranch}`)}) {
        target { ... on Commit { oid ${lanes.map(({ state }) => state).join('\n')} } }
      }`,
      ...parts.filter((part) => part.kind === 'revision').map((part) => revisionSelection(part, variables)),
      ...lanes.map(({ repository }) => repository),
    ].join('\n'),
    fragments: fragmentsOf(parts, { isFirst, usesLanes }),
  };
}

/** GraphQL refuses a document with a fragment that it does not use. */
function fragmentsOf(
  parts: readonly Part[],
  { isFirst, usesLanes }: { readonly isFirst: boolean; readonly usesLanes: boolean },
): readonly string[] {
  const wanted = parts.filter((part) => part.kind !== 'lane').map((part) => part.wanted);
  const usesFiles = isFirst || usesLanes || wanted.some(({ paths }) => paths.length > 0);
  const usesFolders = wanted.some(({ folders }) => folders.length > 0);
  return [
    ...(usesFiles ? [entryFacts] : []),
    ...(usesFolders ? [folderFacts] : []),
    ...(usesLanes ? [commitFacts, pullRequestFacts] : []),
  ];
}

function revisionSelection(part: Extract<Part, { kind: 'revision' }>, variables: VariableList): string {
  const oid = variables.add('GitObjectID!', part.revision);
  return `${part.prefix}: object(oid: ${oid}) { ... on Commit { oid ${filesSelection(variables, part.wanted)} } }`;
}

function headReads(answers: readonly Answered[]): FilesRead {
  const reads = answers.flatMap(({ parts, read }) =>
    parts.filter((part) => part.kind === 'head').map(({ wanted }) => readFiles(read.fields.head, wanted)),
  );
  return reads.reduce(joinReads, { files: {}, folders: {} });
}

interface RevisionSources {
  readonly plan: ReadPlan;
  readonly answers: readonly Answered[];
  readonly first: Answered;
}

function revisionReads(
  context: GitHubContext,
  repo: Repo,
  sources: RevisionSources,
): Readonly<Record<string, RevisionFiles>> {
  const { plan, answers, first } = sources;
  const reads = plan.revisions.flatMap(({ revision, known }, index) => {
    const asked = answers.flatMap(({ parts, read }) => partReads(parts, read, revision));
    const present = asked.filter((read) => read !== undefined);
    if (present.length < asked.length) return [];
    for (const read of present) remember(context.memory, { repo, commit: revision }, read);
    const { files, folders } = present.reduce(joinReads, known);
    const onBranch = isReachable(first.read, revision, index);
    return [[revision, { onBranch, files, folders: presentFolders(folders) }] as const];
  });
  return Object.fromEntries(reads);
}

const commitShape = z.looseObject({ oid: z.string().optional() }).nullish();

/** What each part about the revision read; undefined where the repo has no such commit. */
function partReads(parts: readonly Part[], read: RepositoryRead, revision: string): readonly (FilesRead | undefined)[] {
  const about = parts.filter((part) => part.kind === 'revision').filter((part) => part.revision === revision);
  return about.map(({ prefix, wanted }) => {
    const commit = parseAnswer(commitShape, read.fields.repository[prefix], 'a read of a revision');
    return commit?.oid === revision ? readFiles(commit, wanted) : undefined;
  });
}

const historyShape = z.object({ nodes: z.array(z.object({ oid: z.string() })) });
const aheadShape = z.object({ aheadBy: z.number() }).nullish();

/** A commit of a fork can be read through the repo too, so a revision has to be found on the branch that is read. */
function isReachable(read: RepositoryRead, revision: string, index: number): boolean {
  if (revision === read.head) return true;
  const history = parseAnswer(historyShape, read.fields.head['history'], 'the history of a branch');
  if (history.nodes.some(({ oid }) => oid === revision)) return true;
  const compared = parseAnswer(aheadShape, read.fields.branch[`${mayFail}v${index}`], 'a comparison of commits');
  return compared?.aheadBy === 0;
}

async function laneReads(
  context: GitHubContext,
  repo: Repo,
  answers: readonly Answered[],
): Promise<readonly LaneRead[]> {
  const lanes = answers.flatMap(({ parts, read, state }) =>
    parts
      .filter((part) => part.kind === 'lane')
      .map((part) => ({ query: part.query, facts: readLane(part, read, state) })),
  );
  const merged = await mergedReads(context, repo, lanes);
  return lanes.map(({ query, facts: { merges: _, ...facts } }, index) => ({
    lane: query.lane,
    ...facts,
    merged: merged[index] ?? [],
  }));
}
