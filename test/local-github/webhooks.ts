import { createHmac, randomUUID } from 'node:crypto';
import { type App, accountOf, type Installation, installationsSeeing } from './accounts.ts';
import { repositoryJson, userJson } from './json-repo.ts';
import type { Repo } from './repos.ts';
import { misuse } from './rule-error.ts';
import type { Scope } from './scope.ts';
import { takeId, type World } from './world.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A webhook that a request caused, not yet sent. */
export interface PendingDelivery {
  readonly app: App;
  readonly event: string;
  readonly action: string | undefined;
  readonly installationId: number;
  readonly repositoryId: number | undefined;
  readonly payload: Json;
  /** Of the delivery this one repeats. */
  readonly guid?: string;
}

/** One attempt to send a webhook, as GitHub remembers it. */
export interface Delivery extends PendingDelivery {
  readonly id: number;
  readonly guid: string;
  readonly redelivery: boolean;
  deliveredAtMs: number;
  durationMs: number;
  /** 0 while under way or when nobody answered. */
  statusCode: number;
  status: string;
  requestHeaders: Readonly<Record<string, string>>;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}

/** Deliveries remembered: GitHub keeps three days' worth, here memory sets the bound. */
const deliveriesKeptMax = 5_000;

/** Which permission an App needs to hear of an event; GitHub refuses the subscription without it. */
const permissionOfEvent: Readonly<Record<string, readonly string[]>> = {
  push: ['contents'],
  create: ['contents'],
  delete: ['contents'],
  repository_dispatch: ['contents'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  issue_comment: ['issues', 'pull_requests'],
  check_run: ['checks'],
  status: ['statuses'],
  deployment: ['deployments'],
  deployment_status: ['deployments'],
};

/** Events this server sends; subscribing to another would wait for ever. */
export function demandKnownEvents(events: readonly string[], permissions: Readonly<Record<string, unknown>>): void {
  for (const event of events) {
    const needed = permissionOfEvent[event];
    if (!needed) throw misuse(`the event ${event} is not sent by the local GitHub.`);
    if (!needed.some((name) => name in permissions)) {
      throw misuse(`an App cannot subscribe to ${event} without the permission ${needed.join(' or ')}.`);
    }
  }
}

/** Notes an event of a repo for every App that is installed there and subscribes to it. */
export function emit(scope: Scope, repo: Repo, event: string, payload: () => Json): void {
  const listening = installationsSeeing(scope.world, repo).filter((one) => one.app.events.includes(event));
  if (listening.length === 0) return;
  const shared = {
    ...payload(),
    repository: repositoryJson(scope.world, repo),
    organization: organizationJson(scope.world, repo),
    sender: userJson(scope.world, accountOf(scope.actor)),
  };
  for (const installation of listening) scope.deliveries.push(pending(installation, event, shared, repo.id));
}

function organizationJson(world: World, repo: Repo): Json {
  const { login, id, nodeId } = repo.owner;
  const url = `${world.links.url}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.links.url}/avatars/${id}`,
    description: '',
  };
}

export function pending(
  installation: Installation,
  event: string,
  payload: Json,
  repositoryId?: number,
): PendingDelivery {
  const action = payload['action'];
  return {
    app: installation.app,
    event,
    action: typeof action === 'string' ? action : undefined,
    installationId: installation.id,
    repositoryId,
    payload: {
      ...payload,
      installation: payload['installation'] ?? { id: installation.id, node_id: installation.nodeId },
    },
  };
}

/** Deliveries a test wants lost on the way: recorded as failed, never sent. */
export interface LostDeliveries {
  readonly event: string | undefined;
  times: number;
}

/** Sends webhooks one after the other per repo (or all at once), never a second time by itself, and remembers each. */
export class WebhookQueue {
  readonly deliveries: Delivery[] = [];
  readonly lost: LostDeliveries[] = [];
  readonly #chains = new Map<string, Promise<void>>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #world: World | undefined;

  start(world: World): void {
    this.#world = world;
  }

  enqueue(deliveries: readonly PendingDelivery[]): void {
    const world = this.#world;
    if (!world) throw misuse('the webhook queue was not started.');
    for (const delivery of deliveries) {
      if (delivery.app.webhookUrl === undefined) continue;
      const record = this.#record(world, delivery);
      const isLost = this.#takeLoss(record.event);
      const key =
        world.settings.deliveryOrder === 'ordered' ? `${delivery.app.id} ${delivery.repositoryId}` : `${record.id}`;
      const sent = (this.#chains.get(key) ?? Promise.resolve()).then(() => this.#send(world, record, isLost));
      this.#chains.set(key, sent);
      this.#running.add(sent);
      const forget = (): void => {
        this.#running.delete(sent);
        if (this.#chains.get(key) === sent) this.#chains.delete(key);
      };
      sent.then(forget, forget);
    }
  }

  /** Resolves when everything queued so far, and what that caused, was answered or given up. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the local GitHub stops'));
    await this.idle();
  }

  #record(world: World, delivery: PendingDelivery): Delivery {
    const record: Delivery = {
      ...delivery,
      id: takeId(world),
      guid: delivery.guid ?? randomUUID(),
      redelivery: delivery.guid !== undefined,
      deliveredAtMs: world.now(),
      durationMs: 0,
      statusCode: 0,
      status: 'pending',
      requestHeaders: {},
      responseHeaders: {},
      responseBody: '',
    };
    this.deliveries.push(record);
    if (this.deliveries.length > deliveriesKeptMax) this.deliveries.shift();
    return record;
  }

  #takeLoss(event: string): boolean {
    const found = this.lost.find((one) => one.times > 0 && (one.event === undefined || one.event === event));
    if (found) found.times -= 1;
    return found !== undefined;
  }

  async #send(world: World, record: Delivery, isLost: boolean): Promise<void> {
    const startedMs = performance.now();
    const body = JSON.stringify(record.payload);
    record.requestHeaders = deliveryHeaders(record, body);
    record.deliveredAtMs = world.now();
    try {
      if (isLost) throw new Error('lost on the way, as the test asked');
      if (record.app.webhookUrl === undefined) throw new Error('the App has no webhook URL any more');
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(world.settings.webhookTimeoutMs)]);
      const { requestHeaders: headers } = record;
      const answer = await fetch(record.app.webhookUrl, { method: 'POST', headers, body, signal, redirect: 'manual' });
      record.responseBody = await answer.text();
      record.responseHeaders = Object.fromEntries(answer.headers);
      record.statusCode = answer.status;
      record.status = answer.ok ? 'OK' : answer.statusText || `Invalid HTTP Response: ${answer.status}`;
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      record.status = timedOut ? 'timed out' : 'failed to connect to host';
    }
    record.durationMs = performance.now() - startedMs;
  }
}

function deliveryHeaders(record: Delivery, body: string): Record<string, string> {
  const sign = (algorithm: string): string =>
    createHmac(algorithm, record.app.webhookSecret).update(body).digest('hex');
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/10ca1',
    'x-github-delivery': record.guid,
    'x-github-event': record.event,
    'x-github-hook-id': `${record.app.hookId}`,
    'x-github-hook-installation-target-id': `${record.app.id}`,
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${sign('sha1')}`,
    'x-hub-signature-256': `sha256=${sign('sha256')}`,
  };
}
