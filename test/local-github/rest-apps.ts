import {
  type App,
  type Installation,
  installationOf,
  issueToken,
  type Permissions,
  tokenLifetimeMs,
} from './accounts.ts';
import { demandApp, demandInstallation } from './auth.ts';
import { inner, list, optionalText, texts } from './fields.ts';
import { appJson, deliveryJson, deliveryListJson, installationJson } from './json-app.ts';
import { isoTime, repositoryJson, rightsJson } from './json-repo.ts';
import { findRepo, type Repo } from './repos.ts';
import { page, type RestAnswer, type RestRequest, type Route } from './rest.ts';
import { notFound, unprocessable } from './rule-error.ts';
import type { Delivery } from './webhooks.ts';

const hereNames = { query: [], body: [] } as const;

export const appRoutes: readonly Route[] = [
  {
    ...hereNames,
    method: 'GET',
    path: '/app',
    run: ({ scope }) => {
      const app = demandApp(scope.actor);
      const count = [...scope.world.installations.values()].filter((one) => one.app === app).length;
      return { status: 200, body: { ...appJson(scope.world, app), installations_count: count } };
    },
  },
  { method: 'GET', path: '/app/installations', query: ['per_page', 'page'], body: [], run: listInstallations },
  {
    ...hereNames,
    method: 'GET',
    path: '/app/installations/{installation_id}',
    run: (request) => ({ status: 200, body: installationJson(request.scope.world, ownInstallation(request)) }),
  },
  {
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    query: [],
    body: ['permissions', 'repository_ids', 'repositories'],
    run: createToken,
  },
  { ...hereNames, method: 'GET', path: '/repos/{owner}/{repo}/installation', run: installationOfRepo },
  { method: 'GET', path: '/installation/repositories', query: ['per_page', 'page'], body: [], run: listRepositories },
  { method: 'GET', path: '/app/hook/deliveries', query: ['per_page', 'cursor'], body: [], run: listDeliveries },
  {
    ...hereNames,
    method: 'GET',
    path: '/app/hook/deliveries/{delivery_id}',
    run: (request) => ({ status: 200, body: deliveryJson(ownDelivery(request)) }),
  },
  {
    ...hereNames,
    method: 'POST',
    path: '/app/hook/deliveries/{delivery_id}/attempts',
    run: (request) => {
      request.scope.deliveries.push(ownDelivery(request));
      return { status: 202, body: {} };
    },
  },
];

function listInstallations(request: RestRequest): RestAnswer {
  const app = demandApp(request.scope.actor);
  const own = [...request.scope.world.installations.values()].filter((one) => one.app === app);
  const { items, headers } = page(request, own);
  return { status: 200, body: items.map((one) => installationJson(request.scope.world, one)), headers };
}

function ownInstallation({ scope, params }: RestRequest): Installation {
  const found = scope.world.installations.get(Number(params['installation_id']));
  if (!found || found.app !== demandApp(scope.actor)) throw notFound('No such installation');
  return found;
}

function installationOfRepo({ scope, params }: RestRequest): RestAnswer {
  const app = demandApp(scope.actor);
  const repo = findRepo(scope.world, `${params['owner']}/${params['repo']}`);
  const found = repo && installationOf(scope.world, app, repo.owner);
  if (!repo || !found?.repositoryIds.has(repo.id)) throw notFound('No such installation');
  return { status: 200, body: installationJson(scope.world, found) };
}

const ranks = { read: 1, write: 2, admin: 3 } as const;

/** The permissions asked for, refused when the installation does not have them. */
function narrowed(installation: Installation, asked: Readonly<Record<string, unknown>>): Permissions {
  const granted: Record<string, 'read' | 'write' | 'admin'> = { metadata: 'read' };
  for (const [name, level] of Object.entries(asked)) {
    const has = installation.permissions[name];
    if (
      (level !== 'read' && level !== 'write' && level !== 'admin') ||
      has === undefined ||
      ranks[level] > ranks[has]
    ) {
      throw unprocessable('The permissions requested are not granted to this installation.');
    }
    granted[name] = level;
  }
  return granted;
}

function narrowedRepos(installation: Installation, request: RestRequest): readonly Repo[] | undefined {
  const { body, scope } = request;
  const ids = list(body, 'repository_ids').map(Number);
  const names = texts(body, 'repositories').map(
    (name) => findRepo(scope.world, `${installation.account.login}/${name}`)?.id ?? 0,
  );
  if (ids.length + names.length === 0) return undefined;
  return [...ids, ...names].map((id) => {
    const repo = scope.world.repos.get(id);
    if (!repo || !installation.repositoryIds.has(id)) {
      throw unprocessable(
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    return repo;
  });
}

function createToken(request: RestRequest): RestAnswer {
  const { world } = request.scope;
  const installation = ownInstallation(request);
  const asked = request.body['permissions'];
  const permissions =
    asked === undefined ? installation.permissions : narrowed(installation, inner(request.body, 'permissions'));
  const repos = narrowedRepos(installation, request);
  const expiresAtMs = world.now() + tokenLifetimeMs;
  const repositoryIds = repos ? new Set(repos.map((repo) => repo.id)) : undefined;
  const token = issueToken(world, { kind: 'installation', installation, permissions, repositoryIds, expiresAtMs });
  const named = repos ? { repositories: repos.map((repo) => repositoryJson(world, repo)) } : {};
  return {
    status: 201,
    body: { token, expires_at: isoTime(expiresAtMs), permissions, repository_selection: 'selected', ...named },
  };
}

function listRepositories(request: RestRequest): RestAnswer {
  const { world, actor } = request.scope;
  const { installation, repositoryIds } = demandInstallation(actor);
  const ids = [...installation.repositoryIds].filter((id) => repositoryIds?.has(id) ?? true);
  const repos = ids.map((id) => world.repos.get(id)).filter((repo) => repo !== undefined);
  const { items, headers } = page(request, repos);
  const body = {
    total_count: repos.length,
    repository_selection: 'selected',
    repositories: items.map((repo) => ({ ...repositoryJson(world, repo), permissions: rightsJson('none') })),
  };
  return { status: 200, body, headers };
}

const deliveriesPerPageDefault = 30;

function deliveriesOf(app: App, request: RestRequest): readonly Delivery[] {
  return request.scope.world.webhooks.deliveries.filter((one) => one.app.id === app.id && one.status !== 'pending');
}

/** Newest first; the next page starts below the id that the cursor names, so new deliveries do not shift it. */
function listDeliveries(request: RestRequest): RestAnswer {
  const { query } = request;
  const perPage = typeof query['per_page'] === 'number' ? query['per_page'] : deliveriesPerPageDefault;
  const cursor = optionalText(query, 'cursor');
  const below = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor.replace('v1_', ''));
  if (Number.isNaN(below)) throw unprocessable('Invalid cursor');
  const all = deliveriesOf(demandApp(request.scope.actor), request)
    .filter((one) => one.id < below)
    .toReversed();
  const shown = all.slice(0, perPage);
  const last = shown.at(-1);
  const headers: Record<string, string> = {};
  if (last && all.length > shown.length) {
    const next = new URL(request.url, request.scope.world.links.url);
    next.searchParams.set('cursor', `v1_${last.id}`);
    headers['link'] = `<${next.href}>; rel="next"`;
  }
  return { status: 200, body: shown.map(deliveryListJson), headers };
}

function ownDelivery(request: RestRequest): Delivery {
  const app = demandApp(request.scope.actor);
  const found = deliveriesOf(app, request).find((one) => one.id === Number(request.params['delivery_id']));
  if (!found) throw notFound('No such delivery');
  return found;
}
