import { type Account, type App, accountOf, appOf } from './accounts.ts';
import { checkRunJson, deploymentJson, deploymentStatusJson, statusPayload } from './json-checks.ts';
import { nodeId } from './node-id.ts';
import type { Oid } from './object-store.ts';
import { branchRef } from './ref-names.ts';
import { demand, type Repo } from './repos.ts';
import { forbidden, notFound, unprocessable } from './rule-error.ts';
import type { Scope } from './scope.ts';
import { emit } from './webhooks.ts';
import { takeId } from './world.ts';

export interface CheckRun {
  readonly id: number;
  readonly nodeId: string;
  readonly app: App;
  readonly headOid: Oid;
  name: string;
  status: string;
  conclusion: string | undefined;
  detailsUrl: string | undefined;
  externalId: string;
  output: {
    readonly title: string | undefined;
    readonly summary: string | undefined;
    readonly text: string | undefined;
    readonly annotations: number;
  };
  actions: readonly unknown[];
  startedAtMs: number;
  completedAtMs: number | undefined;
}

export interface CheckRunChange {
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly conclusion?: string | undefined;
  readonly detailsUrl?: string | undefined;
  readonly externalId?: string | undefined;
  readonly output?: CheckRun['output'] | undefined;
  readonly actions?: readonly unknown[] | undefined;
  readonly startedAtMs?: number | undefined;
  readonly completedAtMs?: number | undefined;
}

/** The commit of a full id, branch or tag name; refuses what is none. */
export function resolveCommit(repo: Repo, ref: string): Oid {
  const oid = repo.store.ref(ref) ?? repo.store.ref(branchRef(ref)) ?? repo.store.ref(`refs/${ref}`) ?? ref;
  if (repo.store.read(oid)?.type !== 'commit') throw unprocessable(`No commit found for SHA: ${ref}`);
  return oid;
}

export function createCheckRun(
  scope: Scope,
  repo: Repo,
  headOid: Oid,
  change: CheckRunChange & { readonly name: string },
): CheckRun {
  demand(scope.actor, repo, { any: ['checks'], level: 'write' });
  const app = appOf(scope.actor);
  if (!app) throw forbidden('You must authenticate via a GitHub App.');
  const id = takeId(scope.world);
  const run: CheckRun = {
    id,
    nodeId: nodeId('CR', repo.id, id),
    app,
    headOid: resolveCommit(repo, headOid),
    name: change.name,
    status: 'queued',
    conclusion: undefined,
    detailsUrl: undefined,
    externalId: '',
    output: { title: undefined, summary: undefined, text: undefined, annotations: 0 },
    actions: [],
    startedAtMs: scope.world.now(),
    completedAtMs: undefined,
  };
  repo.checkRuns.push(run);
  scope.contentCreated += 1;
  applyCheckRun(scope, run, change);
  announceCheckRun(scope, repo, run, 'created');
  if (run.status === 'completed') announceCheckRun(scope, repo, run, 'completed');
  return run;
}

/** A conclusion means completed, whatever status was said. */
function applyCheckRun(scope: Scope, run: CheckRun, change: CheckRunChange): void {
  run.name = change.name ?? run.name;
  run.status = change.conclusion === undefined ? (change.status ?? run.status) : 'completed';
  run.conclusion =
    change.conclusion ?? (change.status !== undefined && change.status !== 'completed' ? undefined : run.conclusion);
  if (run.status === 'completed' && run.conclusion === undefined)
    throw unprocessable('Invalid request. A completed check run needs a conclusion.');
  run.detailsUrl = change.detailsUrl ?? run.detailsUrl;
  run.externalId = change.externalId ?? run.externalId;
  run.output = change.output ?? run.output;
  run.actions = change.actions ?? run.actions;
  run.startedAtMs = change.startedAtMs ?? run.startedAtMs;
  run.completedAtMs = run.status === 'completed' ? (change.completedAtMs ?? scope.world.now()) : undefined;
}

export function findCheckRun(repo: Repo, id: number): CheckRun {
  const run = repo.checkRuns.find((one) => one.id === id);
  if (!run) throw notFound(`Could not resolve to a CheckRun with the id of ${id}.`);
  return run;
}

export function updateCheckRun(scope: Scope, repo: Repo, run: CheckRun, change: CheckRunChange): void {
  demand(scope.actor, repo, { any: ['checks'], level: 'write' });
  if (appOf(scope.actor) !== run.app)
    throw forbidden(
      'Invalid app_id `' +
        `${appOf(scope.actor)?.id}` +
        '` - check run can only be modified by the GitHub App that created it.',
    );
  const wasCompleted = run.status === 'completed';
  applyCheckRun(scope, run, change);
  if (run.status === 'completed' && !wasCompleted) announceCheckRun(scope, repo, run, 'completed');
}

function announceCheckRun(scope: Scope, repo: Repo, run: CheckRun, action: string): void {
  emit(scope, repo, 'check_run', () => ({ action, check_run: checkRunJson(scope.world, repo, run) }));
}

export interface CommitStatus {
  readonly id: number;
  readonly nodeId: string;
  readonly oid: Oid;
  readonly state: string;
  readonly context: string;
  readonly description: string | undefined;
  readonly targetUrl: string | undefined;
  readonly creator: Account;
  readonly createdAtMs: number;
}

export type NewStatus = Pick<CommitStatus, 'state' | 'context' | 'description' | 'targetUrl'>;

export function createStatus(scope: Scope, repo: Repo, ref: string, wanted: NewStatus): CommitStatus {
  demand(scope.actor, repo, { any: ['statuses'], level: 'write' });
  const oid = resolveCommit(repo, ref);
  const id = takeId(scope.world);
  const status = {
    ...wanted,
    id,
    nodeId: nodeId('SC', id),
    oid,
    creator: accountOf(scope.actor),
    createdAtMs: scope.world.now(),
  };
  repo.statuses.push(status);
  scope.contentCreated += 1;
  emit(scope, repo, 'status', () => statusPayload(scope.world, repo, status));
  return status;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly nodeId: string;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly targetUrl: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly creator: Account;
  readonly app: App | undefined;
  readonly createdAtMs: number;
}

export interface Deployment {
  readonly id: number;
  readonly nodeId: string;
  readonly oid: Oid;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | undefined;
  readonly creator: Account;
  readonly app: App | undefined;
  readonly createdAtMs: number;
  readonly statuses: DeploymentStatus[];
}

export type NewDeployment = Pick<Deployment, 'ref' | 'task' | 'payload' | 'environment' | 'description'>;

export function createDeployment(scope: Scope, repo: Repo, wanted: NewDeployment): Deployment {
  demand(scope.actor, repo, { any: ['deployments'], level: 'write' });
  const id = takeId(scope.world);
  const deployment: Deployment = {
    ...wanted,
    id,
    nodeId: nodeId('DE', id),
    oid: resolveCommit(repo, wanted.ref),
    creator: accountOf(scope.actor),
    app: appOf(scope.actor),
    createdAtMs: scope.world.now(),
    statuses: [],
  };
  repo.deployments.push(deployment);
  scope.contentCreated += 1;
  emit(scope, repo, 'deployment', () => ({
    action: 'created',
    deployment: deploymentJson(scope.world, repo, deployment),
    workflow: null,
    workflow_run: null,
  }));
  return deployment;
}

export type NewDeploymentStatus = Pick<
  DeploymentStatus,
  'state' | 'description' | 'environment' | 'targetUrl' | 'logUrl' | 'environmentUrl'
>;

export function createDeploymentStatus(
  scope: Scope,
  repo: Repo,
  id: number,
  wanted: NewDeploymentStatus,
): DeploymentStatus {
  demand(scope.actor, repo, { any: ['deployments'], level: 'write' });
  const deployment = repo.deployments.find((one) => one.id === id);
  if (!deployment) throw notFound(`Could not resolve to a Deployment with the id of ${id}.`);
  const statusId = takeId(scope.world);
  const status: DeploymentStatus = {
    ...wanted,
    environment: wanted.environment || deployment.environment,
    id: statusId,
    nodeId: nodeId('DES', statusId),
    creator: accountOf(scope.actor),
    app: appOf(scope.actor),
    createdAtMs: scope.world.now(),
  };
  deployment.statuses.push(status);
  scope.contentCreated += 1;
  emit(scope, repo, 'deployment_status', () => ({
    action: 'created',
    deployment_status: deploymentStatusJson(scope.world, repo, deployment, status),
    deployment: deploymentJson(scope.world, repo, deployment),
    check_run: null,
    workflow: null,
    workflow_run: null,
  }));
  return status;
}

/** Longest type of a repository dispatch. */
const dispatchTypeCharactersMax = 100;

export function dispatch(scope: Scope, repo: Repo, eventType: string, clientPayload: unknown): void {
  demand(scope.actor, repo, { any: ['contents'], level: 'write' });
  if (eventType.length > dispatchTypeCharactersMax)
    throw unprocessable('event_type is too long (maximum is 100 characters)');
  emit(scope, repo, 'repository_dispatch', () => ({
    action: eventType,
    branch: repo.defaultBranch,
    client_payload: clientPayload ?? null,
  }));
}
