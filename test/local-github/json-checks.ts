import type { CheckRun, CommitStatus, Deployment, DeploymentStatus } from './checks.ts';
import { appJson } from './json-app.ts';
import { commitListJson } from './json-git.ts';
import { isoTime, isoTimeOrNull, repositoryPage, repositoryUrl, userJson } from './json-repo.ts';
import type { Repo } from './repos.ts';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

export function checkRunJson(world: World, repo: Repo, run: CheckRun): Json {
  const url = `${repositoryUrl(world, repo)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: run.nodeId,
    head_sha: run.headOid,
    external_id: run.externalId,
    url,
    html_url: `${repositoryPage(world, repo)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${repositoryPage(world, repo)}/runs/${run.id}`,
    status: run.status,
    conclusion: run.conclusion ?? null,
    started_at: isoTime(run.startedAtMs),
    completed_at: isoTimeOrNull(run.completedAtMs),
    output: {
      title: run.output.title ?? null,
      summary: run.output.summary ?? null,
      text: run.output.text ?? null,
      annotations_count: run.output.annotations,
      annotations_url: `${url}/annotations`,
    },
    check_suite: suiteJson(world, repo, run),
    app: appJson(world, run.app),
    pull_requests: [],
  };
}

/** Every check run is a suite of its own here. */
function suiteJson(world: World, repo: Repo, run: CheckRun): Json {
  const branch = repo.store
    .refs('refs/heads/')
    .find((ref) => ref.oid === run.headOid)
    ?.name.slice('refs/heads/'.length);
  return {
    id: run.id,
    node_id: run.nodeId,
    head_branch: branch ?? null,
    head_sha: run.headOid,
    status: run.status,
    conclusion: run.conclusion ?? null,
    url: `${repositoryUrl(world, repo)}/check-suites/${run.id}`,
    before: null,
    after: run.headOid,
    pull_requests: [],
    app: appJson(world, run.app),
    created_at: isoTime(run.startedAtMs),
    updated_at: isoTime(run.completedAtMs ?? run.startedAtMs),
  };
}

export function statusJson(world: World, repo: Repo, status: CommitStatus): Json {
  return {
    url: `${repositoryUrl(world, repo)}/statuses/${status.oid}`,
    avatar_url: `${world.links.url}/avatars/${status.creator.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    description: status.description ?? null,
    target_url: status.targetUrl ?? null,
    context: status.context,
    created_at: isoTime(status.createdAtMs),
    updated_at: isoTime(status.createdAtMs),
    creator: userJson(world, status.creator),
  };
}

export function statusPayload(world: World, repo: Repo, status: CommitStatus): Json {
  const branches = repo.store.refs('refs/heads/').filter((ref) => ref.oid === status.oid);
  return {
    id: status.id,
    sha: status.oid,
    name: repo.fullName,
    avatar_url: `${world.links.url}/avatars/${status.creator.id}`,
    target_url: status.targetUrl ?? null,
    context: status.context,
    description: status.description ?? null,
    state: status.state,
    commit: commitListJson(world, repo, status.oid),
    branches: branches.map(({ name, oid }) => ({
      name: name.slice('refs/heads/'.length),
      commit: { sha: oid, url: `${repositoryUrl(world, repo)}/commits/${oid}` },
      protected: false,
    })),
    created_at: isoTime(status.createdAtMs),
    updated_at: isoTime(status.createdAtMs),
  };
}

export function deploymentJson(world: World, repo: Repo, deployment: Deployment): Json {
  const url = `${repositoryUrl(world, repo)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: deployment.nodeId,
    sha: deployment.oid,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload ?? {},
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description ?? null,
    creator: userJson(world, deployment.creator),
    created_at: isoTime(deployment.createdAtMs),
    updated_at: isoTime(deployment.statuses.at(-1)?.createdAtMs ?? deployment.createdAtMs),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world, repo),
    transient_environment: false,
    production_environment: deployment.environment === 'production',
    performed_via_github_app: deployment.app ? appJson(world, deployment.app) : null,
  };
}

/** `target_url` must be an address in GitHub's description, so without one it is the log's, else the deployment's own. */
export function deploymentStatusJson(world: World, repo: Repo, deployment: Deployment, status: DeploymentStatus): Json {
  const url = `${repositoryUrl(world, repo)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state,
    creator: userJson(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.targetUrl || status.logUrl || url,
    log_url: status.logUrl || status.targetUrl || url,
    environment_url: status.environmentUrl || url,
    created_at: isoTime(status.createdAtMs),
    updated_at: isoTime(status.createdAtMs),
    deployment_url: url,
    repository_url: repositoryUrl(world, repo),
    performed_via_github_app: status.app ? appJson(world, status.app) : null,
  };
}
