import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Probot } from 'probot';
import { createApp } from './app.ts';
import { WorkerDecider } from './decider/worker-decider.ts';
import type { Settings } from './environment.ts';
import { createGitHost } from './github/git-host.ts';
import { PawlOctokit } from './github/octokit.ts';
import { createFront, type Front } from './http/front.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Delivery, Store, TakenDelivery } from './ports/store.ts';
import { Configs } from './reconcile/configs.ts';
import type { LoopContext } from './reconcile/context.ts';
import { checkDirectReport, projectEvent, takeDirectReport } from './reconcile/deliveries.ts';
import { Trees } from './reconcile/trees.ts';
import { Turns } from './reconcile/turns.ts';
import { Worker } from './reconcile/worker.ts';
import { openStore } from './store/index.ts';

/** The parts of a running Pawl, connected. */
export interface System {
  readonly front: Front;
  readonly worker: Worker;
  readonly store: Store;
  readonly decider: WorkerDecider;
}

const clock: Clock = { now: () => Date.now() };

/** Name of the database in the data folder. */
export const databaseName = 'pawl.db';

/** Connects ports to adapters. Throws `StoreError` when the data folder cannot be used. */
export function buildSystem(settings: Settings, logger: Logger): System {
  const log: Log = logger;
  const store = openStore({ file: join(settings.dataDir, databaseName) });
  const decider = new WorkerDecider();
  const { appId, privateKey, githubApiUrl: apiUrl } = settings;
  const host = createGitHost({ appId, privateKey, apiUrl, log, clock });
  const trees = new Trees(host);
  const context: LoopContext = {
    host,
    store,
    decider,
    clock,
    log,
    configs: new Configs(host, decider, trees),
    trees,
    turns: new Turns(),
    webHost: new URL(apiUrl).hostname.replace(/^api\./, ''),
  };
  const worker = new Worker({ context, dispatch: dispatcher(settings, context, logger) });
  return { front: buildFront(settings, { store, worker, log }), worker, store, decider };
}

/** Webhooks of GitHub go through Probot, which calls the handlers of the App; direct reports are none of its business. */
function dispatcher(settings: Settings, context: LoopContext, logger: Logger): (taken: TakenDelivery) => Promise<void> {
  const { appId, privateKey, githubApiUrl: baseUrl, webhookSecrets } = settings;
  const [secret = ''] = webhookSecrets;
  const probot = new Probot({
    appId,
    privateKey,
    secret,
    baseUrl,
    Octokit: PawlOctokit,
    log: logger.child({}, { level: 'silent' }),
  });
  const loaded = probot.load(createApp(context));
  return async ({ delivery }) => {
    await loaded;
    if (delivery.origin === 'github') await probot.receive(webhookEventOf(delivery));
    else await takeDirectReport(delivery, context);
  };
}

type WebhookEvent = Parameters<Probot['receive']>[0];

/** The inbox keeps projections, and handlers read them through their own schemas: Probot only needs name and installation. */
function webhookEventOf(delivery: Delivery): WebhookEvent {
  return { id: delivery.id, name: delivery.event, payload: delivery.payload } as WebhookEvent;
}

interface FrontParts {
  readonly store: Store;
  readonly worker: Worker;
  readonly log: Log;
}

function buildFront(settings: Settings, { store, worker, log }: FrontParts): Front {
  return createFront({
    host: settings.host,
    port: settings.port,
    store,
    secrets: { github: settings.webhookSecrets, argocd: settings.argocdTokens, flux: settings.fluxSecrets },
    project: projectEvent,
    check: (origin, payload, instance) => checkDirectReport({ origin, payload, instance, receivedAtMs: clock.now() }),
    newId: randomUUID,
    busy: () => worker.busy(),
    clock,
    log,
    wake: () => worker.wake(),
  });
}
