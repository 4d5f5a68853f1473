import type { Repo } from '../domain/repo.ts';
import { HostError, type PromotionWrite, type PromotionWritten } from '../ports/git-host.ts';
import { isDraftless, learnDraftless } from './drafts.ts';
import { type Fault, faultError, faultKind } from './errors.ts';
import { type LookedBack, lookBack } from './look-back.ts';
import type { GitHubContext } from './memory.ts';
import { mutationRequest, setDraft, type WrittenPull } from './mutations.ts';
import { variableList } from './variables.ts';
import { closeStray, type Outcome, type State, send } from './write-step.ts';

/** Documents sent for one promotion before it is given up: the first, one to resume, one more for what that met. */
const documentsMax = 3;

/** One promotion on its way. */
interface Way {
  readonly context: GitHubContext;
  readonly repo: Repo;
  readonly write: PromotionWrite;
}

/**
 * Brings a lane's branch and pull request in line. A new pull request takes 1 request; an open one takes 3, because a branch
 * that is reset to its base for a moment makes GitHub close the pull request: the new commit is made first, then the branch
 * moves onto it in one step. Whatever goes wrong half-way is read back and resumed, never repeated blindly. A branch that is
 * neither as expected nor the result wanted is left alone: `moved`.
 */
export async function writePromotion(
  context: GitHubContext,
  repo: Repo,
  write: PromotionWrite,
): Promise<PromotionWritten> {
  const way = { context, repo, write };
  let state = startOf(write, { draft: write.pullRequest.draft && !isDraftless(context, repo) });
  let failure: HostError | undefined;
  let mayHaveOpened = false;
  for (let documents = 0; documents < documentsMax; documents += 1) {
    const outcome = await send(way, state);
    mayHaveOpened ||= state.pull === undefined && (outcome.pull !== undefined || outcome.lost !== undefined);
    const verdict = verdictOf(way, outcome, state);
    if (verdict.kind === 'done') return finish(way, verdict, { created: state.pull === undefined || mayHaveOpened });
    if (verdict.kind === 'failed') throw await givenUp(way, { outcome, state, error: verdict.error });
    failure = verdict.error;
    if (verdict.state !== undefined) {
      state = verdict.state;
      continue;
    }
    const looked = await lookBack(context, repo, write);
    const next = nextState(write, looked, state);
    if (next instanceof HostError) throw await givenUp(way, { outcome, state, error: next });
    if (isInLine(write, looked)) return finish(way, looked, { created: mayHaveOpened });
    state = next;
  }
  throw failure ?? new HostError('moved', `The branch ${write.branch} keeps changing`);
}

function startOf(
  { expected, base, branch: name, pullRequest }: PromotionWrite,
  { draft }: { readonly draft: boolean },
): State {
  if (expected === undefined && pullRequest.existing !== undefined) {
    throw new HostError('moved', `The branch ${name} of pull request #${pullRequest.existing.number} is gone`);
  }
  const pull = pullRequest.existing?.id;
  if (expected === undefined) return { branch: { kind: 'absent' }, pull, draft };
  const branch = expected === base.head ? ({ kind: 'base' } as const) : ({ kind: 'old', head: expected } as const);
  return { branch, pull, draft };
}

type Verdict =
  | { readonly kind: 'done'; readonly head: string; readonly pull: WrittenPull }
  /** Go on without a draft, or look back first when there is no state to go on with. */
  | { readonly kind: 'resume'; readonly state: State | undefined; readonly error: HostError | undefined }
  | { readonly kind: 'failed'; readonly error: HostError };

function verdictOf(way: Way, outcome: Outcome, state: State): Verdict {
  const { head, pull, lost } = outcome;
  if (lost !== undefined) return { kind: 'resume', state: undefined, error: lost };
  if (head === undefined) return verdictOnFaults(outcome.branchFaults);
  if (pull === undefined) return verdictOnPull(way, outcome.pullFault, { ...state, branch: { kind: 'done', head } });
  if (pull.state !== 'OPEN') {
    return { kind: 'failed', error: new HostError('moved', `Pull request #${pull.number} is no longer open`) };
  }
  // Only a new pull request shows its head at once; for an open one GitHub works it out after the answer.
  if (state.pull === undefined && pull.headRefOid !== head)
    return { kind: 'resume', state: undefined, error: undefined };
  return { kind: 'done', head, pull };
}

/** The branch did not get its commit. A fault that says more than "not as expected" is final. */
function verdictOnFaults(faults: readonly Fault[]): Verdict {
  const telling = faults.find((fault) => faultKind(fault) !== 'moved' && faultKind(fault) !== 'unreachable');
  if (telling !== undefined) return { kind: 'failed', error: faultError(telling) };
  return { kind: 'resume', state: undefined, error: faults[0] && faultError(faults[0]) };
}

const existsWords = /already exists/i;

function verdictOnPull({ context, repo }: Way, fault: Fault | undefined, state: State): Verdict {
  const error = fault && faultError(fault);
  if (fault === undefined || existsWords.test(fault.message) || faultKind(fault) === 'unreachable') {
    return { kind: 'resume', state: undefined, error };
  }
  if (state.draft && learnDraftless(context, repo, fault.message))
    return { kind: 'resume', state: { ...state, draft: false }, error };
  return { kind: 'failed', error: faultError(fault) };
}

/** What is left to do from where things are, or why nothing may be done. */
function nextState(write: PromotionWrite, looked: LookedBack, { draft }: State): State | HostError {
  const { existing } = write.pullRequest;
  const branch = branchState(write, looked);
  if (branch === undefined) return new HostError('moved', `Somebody moved the branch ${write.branch}`);
  if (existing !== undefined && looked.pull?.id !== existing.id) {
    return new HostError('moved', `Pull request #${existing.number} is no longer open`);
  }
  if (looked.pull === undefined && looked.foreign !== undefined) {
    const words = `Pull request #${looked.foreign.number}, which is not Pawl's, is open on the branch ${write.branch}: close it`;
    return new HostError('forbidden', words);
  }
  return { branch, pull: looked.pull?.id, draft };
}

function branchState({ expected, base }: PromotionWrite, { head, isWanted }: LookedBack): State['branch'] | undefined {
  if (head === undefined) return expected === undefined ? { kind: 'absent' } : undefined;
  if (isWanted) return { kind: 'done', head };
  if (head === base.head) return { kind: 'base' };
  return head === expected ? { kind: 'old', head } : undefined;
}

/** Whether nothing is left to do: the lost write did all of it. */
function isInLine(
  write: PromotionWrite,
  looked: LookedBack,
): looked is LookedBack & { readonly head: string; readonly pull: WrittenPull } {
  const { head, pull, isWanted } = looked;
  const { title, body } = write.pullRequest;
  return (
    head !== undefined &&
    isWanted &&
    pull?.title === title &&
    pull.body === body &&
    pull.baseRefName === write.base.branch
  );
}

async function finish(
  way: Way,
  { head, pull }: { readonly head: string; readonly pull: WrittenPull },
  { created }: { readonly created: boolean },
): Promise<PromotionWritten> {
  const { draft } = way.write.pullRequest;
  if (pull.isDraft !== draft && !(draft && isDraftless(way.context, way.repo))) await bringDraftInLine(way, pull);
  return { head, number: pull.number, url: pull.url, created };
}

/** A draft is a courtesy: where GitHub refuses it, the pull request says the same in words. */
async function bringDraftInLine({ context, repo, write }: Way, pull: WrittenPull): Promise<void> {
  const { draft } = write.pullRequest;
  const variables = variableList();
  const request = mutationRequest([setDraft({ alias: 'draft', variables }, { id: pull.id, draft })], variables);
  try {
    const { faults } = await context.client.graphql(repo.installationId, 'write', request);
    if (faults[0] !== undefined) throw faultError(faults[0]);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    learnDraftless(context, repo, error.message);
    const facts = { repo: `${repo.owner}/${repo.name}`, pullRequest: pull.number, why: error.message };
    context.log.warn(facts, `The pull request cannot be made ${draft ? 'a draft' : 'ready for review'}.`);
  }
}

interface GivenUp {
  readonly outcome: Outcome;
  readonly state: State;
  readonly error: HostError;
}

/** A pull request that was opened although its branch never got the commit shows somebody else's work: it is closed again. */
async function givenUp({ context, repo }: Way, { outcome, state, error }: GivenUp): Promise<HostError> {
  const { pull, head } = outcome;
  if (state.pull === undefined && pull !== undefined && head === undefined) await closeStray(context, repo, pull);
  return error;
}
