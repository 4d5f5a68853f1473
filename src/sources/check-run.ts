import { isRevision, type SyncState } from '../domain/report.ts';
import { githubShape, incomplete, repositoryOf } from './github-event.ts';
import { type Kept, keep, type Shape } from './json.ts';
import { fieldOf, linkOf, messageOf, newestTimeMs, timeOf } from './reading.ts';
import type { Received, SyncSource, Understood } from './source.ts';

const checkRunShape = {
  action: 'text',
  check_run: {
    id: 'number',
    name: 'text',
    head_sha: 'text',
    status: 'text',
    conclusion: 'text',
    external_id: 'text',
    details_url: 'text',
    html_url: 'text',
    started_at: 'text',
    completed_at: 'text',
    output: { title: 'text', summary: 'text' },
    app: { slug: 'text' },
  },
  ...githubShape,
} as const satisfies Shape;

type CheckRun = Kept<typeof checkRunShape>['check_run'];

/** Check runs, as gitops-promoter and Argo CD 3.5 write them. GitHub vouches for the App that wrote one. */
export const checkRun: SyncSource = {
  name: 'check-run',
  summary: 'A check run written by gitops-promoter, Argo CD (github service, 3.5 or later) or another App',
  fields: {
    name: 'name of the check run, such as argocd-health/environment/staging',
    app: 'slug of the GitHub App that wrote it',
  },
  event: 'check_run',
  successOnly: false,
  project: (payload) => keep(payload, checkRunShape),
  parse,
};

/** How the names of the checks begin that Pawl writes: an echo of our own words proves nothing. */
const ownChecks = 'promotion/';

function parse(received: Received): Understood {
  const event = keep(received.payload, checkRunShape);
  const repository = repositoryOf(received);
  if (typeof repository !== 'string') return repository;
  const run = event.check_run;
  const revision = run.head_sha;
  if (revision === undefined || !isRevision(revision)) return incomplete('check_run', 'full commit id');
  if (run.id === undefined || run.status === undefined) return incomplete('check_run', 'id or status');
  if (event.action === 'rerequested' || event.action === 'requested_action') {
    return { ignored: 'Somebody pressed a button of the check: that is no result.' };
  }
  const name = fieldOf(run.name);
  const app = fieldOf(run.app.slug);
  if (name === undefined || app === undefined) {
    return { ignored: 'The name or the App is missing, too long, or holds characters that cannot be seen.' };
  }
  if (name.startsWith(ownChecks)) return { ignored: 'It is a check of Pawl itself.' };
  const judged = judge(run);
  if (typeof judged === 'object') return judged;
  const report = {
    source: 'check-run',
    repository,
    subject: `check-run:${app}:${name}`,
    fields: { name, app },
    state: judged,
    revision,
    operation: `check-run:${run.id}:${judged}`,
    observedAtMs: newestTimeMs([timeOf(run.completed_at), timeOf(run.started_at)], received),
    healthySinceMs: undefined,
    message: messageOf([[run.output.summary, run.output.title, run.conclusion, run.status].find((text) => !!text)], ''),
    link: linkOf(run.details_url) ?? linkOf(run.html_url),
    // Argo CD's notifications engine writes this identifier, and a check of its kind only for what went well.
    successOnly: run.external_id === 'argocd-notifications',
    sender: app,
  } as const;
  return { reports: [report] };
}

function judge({ status, conclusion }: CheckRun): SyncState | { readonly ignored: string } {
  if (status !== 'completed') return 'progressing';
  switch (conclusion) {
    case 'success':
      return 'healthy';
    case 'failure':
      // What a promoter says when the applications of an environment run badly.
      return 'degraded';
    case 'timed_out':
    case 'action_required':
    case 'startup_failure':
      return 'failed';
    case 'neutral':
    case 'skipped':
    case 'cancelled':
    case 'stale':
      return { ignored: `The check run ended as ${conclusion}: it found out nothing.` };
    default:
      return 'progressing';
  }
}
