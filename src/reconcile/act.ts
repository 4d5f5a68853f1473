import type { LaneDecisions } from '../domain/decision.ts';
import { type Lane, laneTitle, sameLane } from '../domain/lane.ts';
import type { PullRequest } from '../domain/pull-request.ts';
import { fullName } from '../domain/repo.ts';
import { HostError, type PromotionWrite } from '../ports/git-host.ts';
import type { Job } from '../ports/store.ts';
import type { Action, LanePlan, Plan } from '../promotion/action.ts';
import { decisionsPath, renderDecisions } from '../promotion/decisions.ts';
import { isDraft } from '../promotion/proposal.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import { closingComment, failureComment, hasComment, isLastComment } from '../render/comment.ts';
import { renderCommit } from '../render/commit.ts';
import { withStatus } from '../render/marker.ts';
import { isPersonsDraft, renderNotice, renderPullRequest } from '../render/pull-request.ts';
import { outcomeStatus } from '../render/status.ts';
import type { LoopContext } from './context.ts';

export interface ActInput {
  readonly job: Job;
  readonly snapshot: Snapshot;
  readonly context: LoopContext;
}

/** What became of one lane's actions: done, or the failure that ended them. Other lanes went on. */
export interface Acted {
  readonly lane: Lane;
  readonly failure: HostError | undefined;
}

/** Carries a Plan out, lane by lane. A failure ends its own lane only; what is not a `HostError` is our fault and thrown. */
export async function act(plan: Plan, input: ActInput): Promise<readonly Acted[]> {
  const acted: Acted[] = [];
  for (const lane of plan.lanes) {
    acted.push({ lane: lane.lane, failure: await actOnLane(lane, input) });
  }
  return acted;
}

async function actOnLane(lane: LanePlan, input: ActInput): Promise<HostError | undefined> {
  try {
    for (const action of inOrder(lane.actions)) await perform(action, lane, input);
    return undefined;
  } catch (error) {
    if (error instanceof HostError) return error;
    throw error;
  }
}

/** What a person decided is written down before anything is done because of it. */
function inOrder(actions: readonly Action[]): readonly Action[] {
  const first = (action: Action) => action.kind === 'decline' || action.kind === 'offer-again';
  return [...actions.filter(first), ...actions.filter((action) => !first(action))];
}

async function perform(action: Action, lane: LanePlan, input: ActInput): Promise<void> {
  switch (action.kind) {
    case 'propose':
      return propose(action, lane, input);
    case 'describe':
      return describe(action, input);
    case 'close':
      return close(action, input);
    case 'follow':
      return follow(action, lane, input);
    case 'decline':
      return remember(lane.lane, input, ({ declined }) => ({ declined: [...declined, action.declined] }));
    case 'offer-again':
      return remember(lane.lane, input, ({ declined }) => ({
        declined: declined.filter(({ candidate }) => candidate !== action.candidate),
      }));
  }
}

type ActionOf<Kind extends Action['kind']> = Extract<Action, { readonly kind: Kind }>;

async function propose(action: ActionOf<'propose'>, lane: LanePlan, { job, context }: ActInput): Promise<void> {
  const { proposal, existing } = action;
  const text = renderPullRequest({ proposal, why: lane.why, present: existing });
  const write: PromotionWrite = {
    branch: action.branch,
    base: { branch: proposal.base.branch, head: proposal.base.head },
    expected: action.expected,
    files: Object.fromEntries(proposal.files.map(({ path, after }) => [path, after])),
    commit: renderCommit(proposal),
    pullRequest: {
      existing,
      title: text.title,
      body: text.body,
      draft: isDraft(proposal) || (existing !== undefined && isPersonsDraft(existing)),
    },
  };
  const written = await context.host
    .writePromotion(job.repo, write)
    .catch((error: unknown) => putTextBack(error, { existing, job, context }));
  const facts = { repo: fullName(job.repo), pullRequest: written.number, head: written.head, url: written.url };
  context.log.info(facts, `${laneTitle(lane.lane)}: ${lane.why.text}`);
  if (!written.created) return;
  await context.store.journal.opened(job.repo.id, laneKey(lane.lane), written.number, context.clock.now());
}

interface Unwritten {
  readonly existing: PullRequest | undefined;
  readonly job: Job;
  readonly context: LoopContext;
}

/**
 * When somebody pushed, merged or closed in the last moment, the branch is left alone, but the text that went with it may be
 * there already: it is put back, so that the pull request goes on saying what it holds. Throws the error it was called for.
 */
async function putTextBack(error: unknown, { existing, job, context }: Unwritten): Promise<never> {
  if (existing !== undefined && error instanceof HostError && error.kind === 'moved') {
    const { id, number, title, body } = existing;
    await context.host.changePullRequest(job.repo, { id, number, title, body });
  }
  throw error;
}

function laneKey(lane: Lane): string {
  return `${lane.environment}/${lane.application}`;
}

async function describe(
  { pullRequest, draft, notice }: ActionOf<'describe'>,
  { job, context }: ActInput,
): Promise<void> {
  const { id, number } = pullRequest;
  const text = renderNotice(notice, pullRequest);
  // The text tells whose draft it is: it changes before the pull request becomes one, and after it is ready again.
  if (pullRequest.draft && !draft && !isPersonsDraft(pullRequest)) {
    await context.host.changePullRequest(job.repo, { id, number, draft });
  }
  // A person who marks a draft as ready has decided; only what must not be merged is made a draft again.
  const mustNotMerge = notice.proposal === undefined || notice.proposal.toFillIn.length > 0;
  const redraft = !pullRequest.draft && draft && (text.changed || mustNotMerge);
  if (text.changed) await context.host.changePullRequest(job.repo, { id, number, title: text.title, body: text.body });
  if (redraft) await context.host.changePullRequest(job.repo, { id, number, draft });
}

async function close({ pullRequest, why, deleteBranch }: ActionOf<'close'>, { job, context }: ActInput): Promise<void> {
  const branch = { name: pullRequest.branch, head: pullRequest.head };
  const comment = closingComment(why);
  await context.host.changePullRequest(job.repo, {
    id: pullRequest.id,
    number: pullRequest.number,
    ...(isLastComment(pullRequest, comment) ? {} : { comment }),
    close: true,
    ...(deleteBranch ? { deleteBranch: branch } : {}),
  });
  context.log.info({ repo: fullName(job.repo), pullRequest: pullRequest.number }, `Closed: ${why.text}`);
}

async function follow(
  { pullRequest, outcome }: ActionOf<'follow'>,
  lane: LanePlan,
  { job, context }: ActInput,
): Promise<void> {
  const { environment } = lane.lane;
  const status = outcomeStatus(outcome, environment);
  const comment =
    outcome.state === 'failed' && !hasComment(pullRequest, outcome) ? failureComment(outcome, environment) : undefined;
  const body = withStatus(pullRequest.body, status.key, status.text);
  if (body === pullRequest.body && comment === undefined) return;
  await context.host.changePullRequest(job.repo, {
    id: pullRequest.id,
    number: pullRequest.number,
    body,
    ...(comment === undefined ? {} : { comment }),
  });
}

/** Writes a lane's decisions on the side branch, on top of the head they were read at. */
async function remember(
  lane: Lane,
  input: ActInput,
  change: (decisions: LaneDecisions) => LaneDecisions,
): Promise<void> {
  const { job, snapshot, context } = input;
  const read = snapshot.lanes.find((one) => sameLane(one.lane, lane))?.decisions;
  if (read === undefined || !read.ok) return;
  await context.host.writeState(job.repo, {
    head: snapshot.stateHead,
    path: decisionsPath(lane),
    text: renderDecisions(change(read.decisions)),
    message: `${laneTitle(lane)}: a person's decision`,
  });
}
