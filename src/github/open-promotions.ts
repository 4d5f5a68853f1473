import { z } from 'zod';
import { parseLaneBranch } from '../domain/lane.ts';
import { parseAnswer } from './errors.ts';
import { authorShape, isOwn } from './pulls.ts';
import type { RepositoryRead } from './repository.ts';

/** GitHub lists at most a hundred at a time; a repo has ten open promotions unless it is told otherwise. */
const listedMax = 100;

const itemFacts = `number headRefName headRefOid isCrossRepository createdAt updatedAt closedAt author { __typename login }`;

/** Every open pull request of the repo, newest first. */
export const openSelection = `open: pullRequests(
    states: OPEN, first: ${listedMax}, orderBy: { field: CREATED_AT, direction: DESC }
  ) { nodes { ${itemFacts} } }`;

/** Pull requests closed or merged, those that changed last first. */
export const closedSelection = `closed: pullRequests(
    states: [CLOSED, MERGED], first: ${listedMax}, orderBy: { field: UPDATED_AT, direction: DESC }
  ) { nodes { ${itemFacts} } }`;

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

export interface ListedPromotion {
  readonly number: number;
  readonly branch: string;
  readonly head: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly closedAtMs: number | undefined;
}

/** The App's own pull requests on lane branches, of one of the two lists above. */
export function promotionsOf(read: RepositoryRead, list: 'open' | 'closed'): readonly ListedPromotion[] {
  const { nodes } = parseAnswer(listShape, read.fields.repository[list], 'a list of pull requests');
  const own = nodes.filter((pull) => isOwn(pull, read.app) && parseLaneBranch(pull.headRefName) !== undefined);
  return own.map((pull) => ({
    number: pull.number,
    branch: pull.headRefName,
    head: pull.headRefOid,
    createdAtMs: Date.parse(pull.createdAt),
    updatedAtMs: Date.parse(pull.updatedAt),
    closedAtMs: pull.closedAt == null ? undefined : Date.parse(pull.closedAt),
  }));
}
