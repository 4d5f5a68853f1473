import { z } from 'zod';
import type { Repo } from '../domain/repo.ts';
import type { PromotionWrite } from '../ports/git-host.ts';
import { commitFacts, commitFactsShape, isByApp } from './commits.ts';
import { parseAnswer } from './errors.ts';
import { blobId } from './files.ts';
import type { GitHubContext } from './memory.ts';
import { writtenPull, writtenPullShape } from './mutations.ts';
import { authorShape, isOwn } from './pulls.ts';
import { readRepository } from './repository.ts';
import { variableList } from './variables.ts';

/** What is really there after a write whose outcome is not known, or that met somebody else's. */
export interface LookedBack {
  /** Head of the branch; undefined when there is no branch. */
  readonly head: string | undefined;
  /** Whether the head is the commit that was to be made: the App's, on the base, with this message and these files. */
  readonly isWanted: boolean;
  /** The App's open pull request on the branch. */
  readonly pull: z.infer<typeof openPullShape> | undefined;
  /** Somebody else's open pull request of the same branch into the same base: GitHub allows one. */
  readonly foreign: z.infer<typeof openPullShape> | undefined;
}

/** Open pull requests of one branch that are looked at: GitHub allows one for each base, forks' aside. */
const pullsRead = 20;

const openPullShape = writtenPullShape.extend({ author: authorShape, isCrossRepository: z.boolean() });
const pullsShape = z.object({ nodes: z.array(openPullShape) });

const headShape = z
  .object({
    target: z.intersection(
      z.looseObject({ parents: z.object({ nodes: z.array(z.object({ oid: z.string() })) }) }),
      commitFactsShape,
    ),
  })
  .nullable();

/** Reads a lane's branch and its open pull requests (1 request). */
export async function lookBack(context: GitHubContext, repo: Repo, write: PromotionWrite): Promise<LookedBack> {
  const variables = variableList();
  const paths = Object.keys(write.files);
  const files = paths.map((path, index) => `f${index}: file(path: ${variables.add('String!', path)}) { oid }`);
  const branch = variables.add('String!', write.branch);
  const repository = `branch: ref(qualifiedName: ${variables.add('String!', `refs/heads/${write.branch}`)}) {
    target { ... on Commit { ...CommitFacts parents(first: 2) { nodes { oid } } ${files.join('\n')} } }
  }
  pulls: pullRequests(headRefName: ${branch}, states: OPEN, first: ${pullsRead}) {
    nodes { ...WrittenPull isCrossRepository author { __typename login } }
  }`;
  const selections = { repository, branch: '', head: '', defaultHead: '', fragments: [commitFacts, writtenPull] };
  const read = await readRepository(context, repo, { variables, selections });
  const target = parseAnswer(headShape, read.fields.repository['branch'], 'a look at a branch')?.target;
  const { nodes } = parseAnswer(pullsShape, read.fields.repository['pulls'], 'a look at pull requests');
  const same = nodes.filter((pull) => !pull.isCrossRepository);
  return {
    head: target?.oid,
    isWanted: target !== undefined && isByApp(target, read.app) && isCommitOf(write, target),
    pull: same.find((pull) => isOwn(pull, read.app)),
    foreign: same.find((pull) => !isOwn(pull, read.app) && pull.baseRefName === write.base.branch),
  };
}

const fileShape = z.object({ oid: z.string() }).nullish();

function isCommitOf(write: PromotionWrite, commit: NonNullable<z.infer<typeof headShape>>['target']): boolean {
  const { headline, body } = write.commit;
  const [parent, ...others] = commit.parents.nodes;
  const sameFiles = Object.values(write.files).every((text, index) => {
    const found = parseAnswer(fileShape, commit[`f${index}`], 'a look at a file');
    if (text === undefined) return found == null;
    return found != null && found.oid === blobId(text, found.oid.length);
  });
  const sameMessage = commit.message.trim() === `${headline}\n\n${body}`.trim();
  return parent?.oid === write.base.head && others.length === 0 && sameMessage && sameFiles;
}
