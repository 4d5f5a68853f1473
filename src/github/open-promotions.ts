import { z } from 'zod';
import { laneBranchPrefix, parseLaneBranch } from '../domain/lane.ts';
import type { Repo } from '../domain/repo.ts';
import { parseAnswer } from './errors.ts';
import type { GitHubContext, Memory } from './memory.ts';
import { authorShape, isOwn } from './pulls.ts';
import { type RepositoryRead, readRepository } from './repository.ts';
import { variableList } from './variables.ts';

/** GitHub lists at most a hundred at a time; a repo has ten open promotions unless it is told otherwise. */
const listedMax = 100;

/** Open pull requests asked for of one lane's branch: GitHub allows one for each base. */
const branchPullsMax = 5;

/** Pages of lanes' branches read at a look: 1,000 branches, in a repo that has over a hundred open pull requests besides. */
const branchPagesMax = 10;

const itemFacts = `number headRefName headRefOid isCrossRepository createdAt updatedAt closedAt author { __typename login }`;

/** Pull requests closed or merged, those that changed last first. */
export const closedSelection = `closed: pullRequests(
    states: [CLOSED, MERGED], first: ${listedMax}, orderBy: { field: UPDATED_AT, direction: DESC }
  ) { nodes { ${itemFacts} } }`;

/**
 * The newest open pull requests of the repo, anybody's. Where they were more than one list holds when it was looked at last,
 * the lanes' branches too, of which there are fewer: others' pull requests then hide none of ours.
 */
export function openSelection(memory: Memory, repo: Repo): string {
  const open = `open: pullRequests(
    states: OPEN, first: ${listedMax}, orderBy: { field: CREATED_AT, direction: DESC }
  ) { totalCount nodes { ${itemFacts} } }`;
  return memory.crowded.get(String(repo.id)) === true ? `${open}\n${branchesSelection('')}` : open;
}

/** `after` is the argument that leads to a further page, or nothing. */
function branchesSelection(after: string): string {
  const pulls = `associatedPullRequests(states: OPEN, first: ${branchPullsMax}) { nodes { ${itemFacts} } }`;
  return `lanes: refs(refPrefix: "refs/heads/${laneBranchPrefix}", first: ${listedMax}${after}) {
    pageInfo { hasNextPage endCursor } nodes { ${pulls} }
  }`;
}

const listShape = z.object({
  nodes: z.array(
    z.object({
      number: z.number(),
      headRefName: z.string(),
      headRefOid: z.string(),
      isCrossRepository: z.boolean(),
      createdAt: z.string(),
      updatedAt: z.string(),
      closedAt: z.string().nullish(),
      author: authorShape,
    }),
  ),
});

const openShape = listShape.extend({ totalCount: z.number() });

const branchesShape = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.object({ associatedPullRequests: listShape })),
});

type Listed = z.infer<typeof listShape>['nodes'][number];

export interface ListedPromotion {
  readonly number: number;
  readonly branch: string;
  readonly head: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly closedAtMs: number | undefined;
}

/** The App's open pull requests on lane branches, newest first, of a read with the selection above (0, or 1 for each further page). */
export async function openPromotions(
  context: GitHubContext,
  repo: Repo,
  read: RepositoryRead,
): Promise<readonly ListedPromotion[]> {
  const { totalCount, nodes } = parseAnswer(openShape, read.fields.repository['open'], 'a list of pull requests');
  const key = String(repo.id);
  if (totalCount <= nodes.length) {
    context.memory.crowded.delete(key);
    return promotionsOf(nodes, read.app);
  }
  context.memory.crowded.set(key, true, 1);
  const all = [...nodes, ...(await pullsOfLanes(context, repo, read))];
  const once = [...new Map(all.map((pull) => [pull.number, pull])).values()];
  return promotionsOf(once, read.app).toSorted((a, b) => b.number - a.number);
}

/** The App's pull requests on lane branches that closed or merged lately. */
export function closedPromotions(read: RepositoryRead): readonly ListedPromotion[] {
  const { nodes } = parseAnswer(listShape, read.fields.repository['closed'], 'a list of pull requests');
  return promotionsOf(nodes, read.app);
}

function promotionsOf(pulls: readonly Listed[], app: string): readonly ListedPromotion[] {
  const own = pulls.filter((pull) => isOwn(pull, app) && parseLaneBranch(pull.headRefName) !== undefined);
  return own.map((pull) => ({
    number: pull.number,
    branch: pull.headRefName,
    head: pull.headRefOid,
    createdAtMs: Date.parse(pull.createdAt),
    updatedAtMs: Date.parse(pull.updatedAt),
    closedAtMs: pull.closedAt == null ? undefined : Date.parse(pull.closedAt),
  }));
}

/** Open pull requests of every lane's branch, as far as the limit goes. */
async function pullsOfLanes(context: GitHubContext, repo: Repo, read: RepositoryRead): Promise<readonly Listed[]> {
  const isAsked = read.fields.repository['lanes'] !== undefined;
  let page = isAsked ? pageOf(read) : await readPage(context, repo, undefined);
  const found = [...page.pulls];
  for (let pages = 1; page.next !== undefined && pages < branchPagesMax; pages += 1) {
    page = await readPage(context, repo, page.next);
    found.push(...page.pulls);
  }
  if (page.next !== undefined) {
    const facts = { repo: `${repo.owner}/${repo.name}`, branches: branchPagesMax * listedMax };
    context.log.warn(facts, 'Not every open promotion is counted: delete branches of merged promotions.');
  }
  return found;
}

interface BranchPage {
  readonly pulls: readonly Listed[];
  /** Where the next page begins. */
  readonly next: string | undefined;
}

async function readPage(context: GitHubContext, repo: Repo, after: string | undefined): Promise<BranchPage> {
  const variables = variableList();
  const repository = branchesSelection(after === undefined ? '' : `, after: ${variables.add('String!', after)}`);
  const selections = { repository, branch: '', head: '', defaultHead: '', fragments: [] };
  return pageOf(await readRepository(context, repo, { variables, selections }));
}

function pageOf(read: RepositoryRead): BranchPage {
  const { pageInfo, nodes } = parseAnswer(branchesShape, read.fields.repository['lanes'], "a list of lanes' branches");
  const pulls = nodes.flatMap(({ associatedPullRequests }) => associatedPullRequests.nodes);
  return { pulls, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined };
}
