import { isRevision, type Report, type SyncState } from '../domain/report.ts';
import { githubShape, incomplete, repositoryOf, subjectBy } from './github-event.ts';
import { type Kept, keep, type Shape } from './json.ts';
import { fieldOf, linkOf, messageOf, newestTimeMs, timeOf } from './reading.ts';
import type { Received, SyncSource, Understood } from './source.ts';

const statusShape = {
  sha: 'text',
  context: 'text',
  state: 'text',
  description: 'text',
  target_url: 'text',
  created_at: 'text',
  updated_at: 'text',
  ...githubShape,
} as const satisfies Shape;

type StatusEvent = Kept<typeof statusShape>;

/** Commit statuses, as Flux's `github` provider and Argo CD's `github` service write them. */
export const githubStatus: SyncSource = {
  name: 'github-status',
  summary: 'A commit status written by Flux (Provider of type github), Argo CD (github service) or another tool',
  fields: { context: 'context of the commit status, such as flux/staging/Kustomization/shop/checkout' },
  event: 'status',
  successOnly: false,
  project: (payload) => keep(payload, statusShape),
  parse,
};

function parse(received: Received): Understood {
  const event = keep(received.payload, statusShape);
  const repository = repositoryOf(received);
  if (typeof repository !== 'string') return repository;
  if (event.sha === undefined || !isRevision(event.sha)) return incomplete('status', 'full commit id');
  if (event.state === undefined || event.context === undefined) return incomplete('status', 'state or context');
  const context = fieldOf(event.context);
  if (context === undefined)
    return { ignored: 'The context is empty, too long, or holds characters that cannot be seen.' };
  const judged = judge(event);
  if ('ignored' in judged) return judged;
  return { reports: [reportOf({ event, received, repository, context, revision: event.sha, ...judged })] };
}

interface Judged {
  readonly state: SyncState;
  readonly successOnly: boolean;
}

/**
 * Flux says failures too, under the same context. Argo CD's service cannot: a sync that fails early has no commit to put a
 * status on. Of another tool it is not known, so it is not relied on.
 */
function judge(event: StatusEvent): Judged | { readonly ignored: string } {
  const description = event.description?.trim() ?? '';
  const ofFlux = speaksLikeFlux(event, description);
  const successOnly = !ofFlux;
  switch (event.state) {
    case 'success':
      return ofFlux ? judgeFluxSuccess(description) : { state: stateOfArgo(description) ?? 'healthy', successOnly };
    case 'failure':
      return { state: description.toLowerCase() === 'health check failed' ? 'degraded' : 'failed', successOnly };
    case 'error':
      return { state: 'failed', successOnly };
    default:
      return { state: 'progressing', successOnly };
  }
}

/**
 * Flux describes a status by the reason of its event, in lower-case words, and links to nothing. What looks like that may be
 * one of the events it writes as a success though nothing has succeeded.
 */
function speaksLikeFlux(event: StatusEvent, description: string): boolean {
  return (event.target_url ?? '') === '' && /^[a-z]+(?: [a-z]+)*$/.test(description);
}

function judgeFluxSuccess(description: string): Judged | { readonly ignored: string } {
  if (description === 'reconciliation succeeded') return { state: 'healthy', successOnly: false };
  return {
    ignored:
      'Flux writes this status as a success though it only says that nothing was decided. Another tool that writes ' +
      'it should give a target URL, or a description that begins with a capital letter.',
  };
}

/** Argo CD's template begins the description with the health of the Application and calls every status a success. */
function stateOfArgo(description: string): SyncState | undefined {
  switch (/^[A-Z][a-z]+\b/.exec(description)?.[0]) {
    case 'Healthy':
      return 'healthy';
    case 'Degraded':
      return 'degraded';
    case 'Progressing':
    case 'Suspended':
    case 'Missing':
    case 'Unknown':
      return 'progressing';
    default:
      return undefined;
  }
}

interface ReportParts extends Judged {
  readonly event: StatusEvent;
  readonly received: Received;
  readonly repository: string;
  readonly context: string;
  readonly revision: string;
}

function reportOf({ event, received, repository, context, revision, state, successOnly }: ReportParts): Report {
  const message = messageOf([event.description], '');
  const sender = fieldOf(event.sender.login);
  return {
    source: 'github-status',
    repository,
    subject: subjectBy('github-status', sender, context),
    fields: { context },
    state,
    revision,
    // The description of Argo CD's status holds the end of the sync, so a second sync of one commit is another operation.
    operation: `github-status:${context}:${revision}:${state}:${message}`,
    observedAtMs: newestTimeMs([timeOf(event.updated_at), timeOf(event.created_at)], received),
    healthySinceMs: undefined,
    message,
    link: linkOf(event.target_url),
    successOnly,
    sender,
  };
}
