import {
  type CheckRunChange,
  createCheckRun,
  createDeployment,
  createDeploymentStatus,
  createStatus,
  dispatch,
  findCheckRun,
  resolveCommit,
  updateCheckRun,
} from './checks.ts';
import { type Fields, fieldsList, inner, list, optionalText, optionalTime, text } from './fields.ts';
import { checkRunJson, deploymentJson, deploymentStatusJson, statusJson } from './json-checks.ts';
import { readRef } from './refs.ts';
import type { Repo } from './repos.ts';
import { onRepo, page, type RestAnswer, type RestRequest, type Route } from './rest.ts';
import { notHonoured } from './rule-error.ts';
import type { Scope } from './scope.ts';

const checkFields = [
  'name',
  'details_url',
  'external_id',
  'status',
  'started_at',
  'conclusion',
  'completed_at',
  'output',
  'actions',
];
const checks = { reads: ['checks'], level: 'write' } as const;

export const checkRoutes: readonly Route[] = [
  onRepo('POST', '/check-runs', { ...checks, body: ['head_sha', ...checkFields], run: postCheckRun }),
  onRepo('GET', '/check-runs/{check_run_id}', {
    reads: ['checks'],
    run: (scope, repo, { params }) => ({
      status: 200,
      body: checkRunJson(scope.world, repo, findCheckRun(repo, Number(params['check_run_id']))),
    }),
  }),
  onRepo('PATCH', '/check-runs/{check_run_id}', { ...checks, body: checkFields, run: patchCheckRun }),
  onRepo('GET', '/commits/{ref}/check-runs', {
    reads: ['checks'],
    query: ['per_page', 'page', 'check_name', 'status', 'filter', 'app_id'],
    run: listCheckRuns,
  }),
  onRepo('POST', '/statuses/{sha}', {
    reads: ['statuses'],
    level: 'write',
    body: ['state', 'target_url', 'description', 'context'],
    run: postStatus,
  }),
  onRepo('POST', '/deployments', {
    reads: ['deployments'],
    level: 'write',
    body: [
      'ref',
      'task',
      'auto_merge',
      'required_contexts',
      'payload',
      'environment',
      'description',
      'transient_environment',
      'production_environment',
    ],
    run: postDeployment,
  }),
  onRepo('POST', '/deployments/{deployment_id}/statuses', {
    reads: ['deployments'],
    level: 'write',
    body: ['state', 'target_url', 'log_url', 'description', 'environment', 'environment_url', 'auto_inactive'],
    run: postDeploymentStatus,
  }),
  onRepo('POST', '/dispatches', {
    reads: ['contents'],
    level: 'write',
    body: ['event_type', 'client_payload'],
    run: (scope, repo, { body }) => {
      dispatch(scope, repo, text(body, 'event_type'), body['client_payload']);
      return { status: 204 };
    },
  }),
];

function changeOf(body: Fields): CheckRunChange {
  return {
    name: optionalText(body, 'name'),
    status: optionalText(body, 'status'),
    conclusion: optionalText(body, 'conclusion'),
    detailsUrl: optionalText(body, 'details_url'),
    externalId: optionalText(body, 'external_id'),
    output: body['output'] === undefined ? undefined : outputOf(inner(body, 'output')),
    actions: body['actions'] === undefined ? undefined : list(body, 'actions'),
    startedAtMs: optionalTime(body, 'started_at'),
    completedAtMs: optionalTime(body, 'completed_at'),
  };
}

function outputOf(output: Fields): NonNullable<CheckRunChange['output']> {
  const annotations = fieldsList(output, 'annotations').length;
  return {
    title: optionalText(output, 'title'),
    summary: optionalText(output, 'summary'),
    text: optionalText(output, 'text'),
    annotations,
  };
}

function postCheckRun(scope: Scope, repo: Repo, { body }: RestRequest): RestAnswer {
  const run = createCheckRun(scope, repo, text(body, 'head_sha'), { ...changeOf(body), name: text(body, 'name') });
  return { status: 201, body: checkRunJson(scope.world, repo, run) };
}

function patchCheckRun(scope: Scope, repo: Repo, { body, params }: RestRequest): RestAnswer {
  const run = findCheckRun(repo, Number(params['check_run_id']));
  updateCheckRun(scope, repo, run, changeOf(body));
  return { status: 200, body: checkRunJson(scope.world, repo, run) };
}

/** `filter=latest`, the default, shows one run per App and name. */
function listCheckRuns(scope: Scope, repo: Repo, request: RestRequest): RestAnswer {
  const { query, params } = request;
  const ref = params['ref'] ?? '';
  const oid = readRef(scope, repo, `refs/heads/${ref}`) ?? resolveCommit(repo, ref);
  const name = optionalText(query, 'check_name');
  const runs = repo.checkRuns.filter((run) => {
    if (run.headOid !== oid || (name !== undefined && run.name !== name)) return false;
    if (query['status'] !== undefined && run.status !== query['status']) return false;
    return query['app_id'] === undefined || run.app.id === query['app_id'];
  });
  const latest = new Map(runs.map((run) => [`${run.app.id} ${run.name}`, run]));
  const shown = query['filter'] === 'all' ? runs : [...latest.values()];
  const { items, headers } = page(request, shown.toReversed());
  return {
    status: 200,
    body: { total_count: shown.length, check_runs: items.map((run) => checkRunJson(scope.world, repo, run)) },
    headers,
  };
}

function postStatus(scope: Scope, repo: Repo, { body, params }: RestRequest): RestAnswer {
  const status = createStatus(scope, repo, params['sha'] ?? '', {
    state: text(body, 'state'),
    context: optionalText(body, 'context') ?? 'default',
    description: optionalText(body, 'description'),
    targetUrl: optionalText(body, 'target_url'),
  });
  return { status: 201, body: statusJson(scope.world, repo, status) };
}

/** Without `auto_merge: false` GitHub may merge the default branch into the ref, which this server will not do behind anybody's back. */
function postDeployment(scope: Scope, repo: Repo, { body }: RestRequest): RestAnswer {
  if (body['auto_merge'] !== false)
    throw notHonoured('POST /deployments', 'auto_merge, which may merge into the ref, so say false,');
  const deployment = createDeployment(scope, repo, {
    ref: text(body, 'ref'),
    task: optionalText(body, 'task') ?? 'deploy',
    payload: body['payload'] ?? {},
    environment: optionalText(body, 'environment') ?? 'production',
    description: optionalText(body, 'description'),
  });
  return { status: 201, body: deploymentJson(scope.world, repo, deployment) };
}

function postDeploymentStatus(scope: Scope, repo: Repo, { body, params }: RestRequest): RestAnswer {
  const id = Number(params['deployment_id']);
  const status = createDeploymentStatus(scope, repo, id, {
    state: text(body, 'state'),
    description: optionalText(body, 'description') ?? '',
    environment: optionalText(body, 'environment') ?? '',
    targetUrl: optionalText(body, 'target_url') ?? '',
    logUrl: optionalText(body, 'log_url') ?? '',
    environmentUrl: optionalText(body, 'environment_url') ?? '',
  });
  const deployment = repo.deployments.find((one) => one.id === id);
  if (!deployment) throw new Error(`the deployment ${id} vanished`);
  return { status: 201, body: deploymentStatusJson(scope.world, repo, deployment, status) };
}
