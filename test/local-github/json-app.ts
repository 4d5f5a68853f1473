import type { App, Installation } from './accounts.ts';
import { isoTime, userJson } from './json-repo.ts';
import type { Delivery } from './webhooks.ts';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

export function appPage(world: World, app: App): string {
  return `${world.links.url}/apps/${app.slug}`;
}

export function appJson(world: World, app: App): Json {
  return {
    id: app.id,
    client_id: `Iv1.${app.id}`,
    slug: app.slug,
    node_id: app.nodeId,
    owner: userJson(world, app.owner),
    name: app.name,
    description: null,
    external_url: appPage(world, app),
    html_url: appPage(world, app),
    created_at: isoTime(app.createdAtMs),
    updated_at: isoTime(app.createdAtMs),
    permissions: app.permissions,
    events: app.events,
  };
}

export function installationJson(world: World, installation: Installation): Json {
  const { app, account, id } = installation;
  return {
    id,
    client_id: `Iv1.${app.id}`,
    account: userJson(world, account),
    repository_selection: 'selected',
    access_tokens_url: `${world.links.url}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.links.url}/installation/repositories`,
    html_url: `${world.links.url}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: isoTime(installation.createdAtMs),
    updated_at: isoTime(installation.createdAtMs),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}

const msPerSecond = 1000;

export function deliveryListJson(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: isoTime(delivery.deliveredAtMs),
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.durationMs) / msPerSecond,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action ?? null,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId ?? null,
    throttled_at: null,
  };
}

export function deliveryJson(delivery: Delivery): Json {
  return {
    ...deliveryListJson(delivery),
    url: delivery.app.webhookUrl ?? '',
    request: { headers: delivery.requestHeaders, payload: delivery.payload },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}
