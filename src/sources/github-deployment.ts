import { isRevision, type SyncState } from '../domain/report.ts';
import { githubShape, incomplete, repositoryOf, subjectBy } from './github-event.ts';
import { type Kept, keep, type Shape } from './json.ts';
import { fieldOf, linkOf, messageOf, newestTimeMs, timeOf } from './reading.ts';
import type { Received, SyncSource, Understood } from './source.ts';

const deploymentShape = {
  deployment_status: {
    state: 'text',
    environment: 'text',
    description: 'text',
    log_url: 'text',
    environment_url: 'text',
    created_at: 'text',
    updated_at: 'text',
    creator: { login: 'text' },
  },
  deployment: { id: 'number', sha: 'text', environment: 'text' },
  ...githubShape,
} as const satisfies Shape;

type DeploymentEvent = Kept<typeof deploymentShape>;

/** GitHub deployments, as Argo CD's `github` service, GitHub Actions and many others write them. */
export const githubDeployment: SyncSource = {
  name: 'github-deployment',
  summary: 'A deployment status on GitHub, written by Argo CD (github service), GitHub Actions or another tool',
  fields: { environment: 'environment of the deployment, such as staging/checkout' },
  event: 'deployment_status',
  // Nobody posts a deployment status when what was deployed well turns bad later.
  successOnly: true,
  project: (payload) => keep(payload, deploymentShape),
  parse,
};

function parse(received: Received): Understood {
  const event = keep(received.payload, deploymentShape);
  const repository = repositoryOf(received);
  if (typeof repository !== 'string') return repository;
  const { deployment, deployment_status: status } = event;
  const revision = deployment.sha;
  if (revision === undefined || !isRevision(revision)) return incomplete('deployment_status', 'full commit id');
  if (status.state === undefined || deployment.id === undefined) {
    return incomplete('deployment_status', 'state or deployment id');
  }
  const environment = fieldOf(status.environment ?? deployment.environment);
  if (environment === undefined) {
    return { ignored: 'The environment is empty, too long, or holds characters that cannot be seen.' };
  }
  if (status.state === 'inactive')
    return { ignored: 'A newer deployment took the place of this one: GitHub tidies up.' };
  const state = stateOf(status.state);
  const sender = fieldOf(status.creator.login);
  const report = {
    source: 'github-deployment',
    repository,
    subject: subjectBy('github-deployment', sender, environment),
    fields: { environment },
    state,
    revision,
    operation: `github-deployment:${deployment.id}:${state}`,
    observedAtMs: newestTimeMs([timeOf(status.created_at), timeOf(status.updated_at)], received),
    healthySinceMs: undefined,
    message: messageOf([status.description === '' ? undefined : status.description], '') || `Deployment ${state}`,
    link: linkOf(linkText(event)),
    successOnly: true,
    sender,
  } as const;
  return { reports: [report] };
}

function stateOf(state: string): SyncState {
  switch (state) {
    case 'success':
      return 'healthy';
    case 'failure':
    case 'error':
      return 'failed';
    default:
      // in_progress, queued, pending, waiting, and whatever GitHub adds.
      return 'progressing';
  }
}

function linkText({ deployment_status: status }: DeploymentEvent): string | undefined {
  return [status.environment_url, status.log_url].find((text) => text !== undefined && text !== '');
}
