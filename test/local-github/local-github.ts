import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { account, createApp, type NewApp } from './accounts.ts';
import { acting } from './acting.ts';
import type { Fault } from './faults.ts';
import { gitHubSchema } from './graphql.ts';
import { installApp, uninstallApp } from './installations.ts';
import { type LocalGitHubOptions, makeWorld } from './make-world.ts';
import { type AppHandle, appHandle, appNamed, defaultPerson, type Person, person, repoNamed } from './people.ts';
import { reading } from './reading.ts';
import { createRepo, type NewRepo, type Repo, type Role } from './repos.ts';
import type { RequestEntry } from './request-log.ts';
import { misuse } from './rule-error.ts';
import { LocalServer } from './server.ts';
import { type Delivery, demandKnownEvents } from './webhooks.ts';
import type { World } from './world.ts';

export type { LocalGitHubOptions } from './make-world.ts';

async function start(options: LocalGitHubOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'local-github-'));
  const world = makeWorld(options, folder);
  const server = new LocalServer(world);
  account(world, defaultPerson, 'User').role = 'admin';
  // Built now, so that the first request does not seem slow.
  gitHubSchema();
  await server.listen(options.port ?? 0);
  return {
    ...setting(world),
    ...acting(world),
    ...reading(world),
    ...webhooks(world),
    ...requests(server),
    ...faults(world, server),

    /** Address of the API, without a slash at the end. */
    url: world.links.url,

    /** May be changed at any time. */
    settings: world.settings,

    /** What the server's own answers got wrong against GitHub's published schemas: a test asserts that it stays empty. */
    violations: readOnly(world.violations),

    /** For a test that asks for the impossible on purpose. */
    forgetViolations(): void {
      world.violations.length = 0;
    },

    /** Stops serving and sending, and removes the repositories. */
    async stop(): Promise<void> {
      await server.close();
      await world.webhooks.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A GitHub on this machine: `await LocalGitHub.start()`, give a real process `github.url` as its API address (GraphQL is below
 * it at `/graphql`), then act as people, read what they would see, and `await github.stop()`. Repos are named `owner/name`.
 * A deed takes effect at once and throws what GitHub would refuse; its webhooks go out in the background, see `idle`.
 */
export const LocalGitHub = { start };
export type LocalGitHub = Awaited<ReturnType<typeof start>>;

/** Apps, people and repos. */
function setting(world: World) {
  const inOwner = (owner: string, repos: readonly string[]): readonly Repo[] =>
    repos.map((name) => repoNamed(world, name.includes('/') ? name : `${owner}/${name}`));
  return {
    /** Makes an App. It hears of events only where it is installed. */
    createApp(options: NewApp): AppHandle {
      demandKnownEvents(options.events, options.permissions);
      return appHandle(createApp(world, options));
    },

    setWebhookUrl(app: AppHandle, url: string | undefined): void {
      appNamed(world, app).webhookUrl = url;
    },

    /** Installs the App at an owner for the named repos (`name` or `owner/name`), or adds these; answers the installation's id. */
    install(app: AppHandle, owner: string, repos: readonly string[]): number {
      return installApp(world, appNamed(world, app), account(world, owner, 'Organization'), inOwner(owner, repos)).id;
    },

    /** Takes the App away from an owner, or only from the named repos. */
    uninstall(app: AppHandle, owner: string, repos?: readonly string[]): void {
      uninstallApp(world, appNamed(world, app), account(world, owner, 'Organization'), repos && inOwner(owner, repos));
    },

    /** Makes a repo whose first commit holds the files. */
    createRepo(options: NewRepo): { readonly id: number; readonly fullName: string } {
      const { id, fullName } = createRepo(world, options, account(world, defaultPerson, 'User'));
      return { id, fullName };
    },

    /** Makes a person (role `write` unless said), or changes their role: in the repos named, else in every repo. */
    person(login: string, options: { readonly role?: Role; readonly repos?: readonly string[] } = {}): Person {
      return person(world, login, options);
    },

    /** A ruleset: nobody but `bypass` (logins) may write to matching branches, other than by merging a pull request. */
    protect(
      repo: string,
      rule: { readonly branches: RegExp; readonly message?: string; readonly bypass?: readonly string[] },
    ): void {
      const { branches, message = 'Changes must be made through a pull request.', bypass = [] } = rule;
      repoNamed(world, repo).rules.push({ branches, message, bypass });
    },

    /** Makes a repo read only. */
    archive(repo: string): void {
      repoNamed(world, repo).archived = true;
    },
  };
}

function webhooks(world: World) {
  return {
    /** Every attempt to deliver a webhook, oldest first. */
    deliveries(): readonly Delivery[] {
      return world.webhooks.deliveries;
    },

    /** Resolves when all webhooks sent so far, and those they caused, were answered. */
    idle(): Promise<void> {
      return world.webhooks.idle();
    },

    /** The next deliveries (of one event) never reach the App: GitHub records a failure and does not try again. */
    loseDeliveries(times: number, event?: string): void {
      world.webhooks.lost.push({ event, times });
    },

    /** Sends a delivery again, under its old GUID, as a person can by hand. */
    redeliver(deliveryId: number): void {
      const delivery = world.webhooks.deliveries.find((one) => one.id === deliveryId);
      if (!delivery) throw misuse(`there is no delivery ${deliveryId}.`);
      world.webhooks.enqueue([delivery]);
    },
  };
}

function requests(server: LocalServer) {
  const { log } = server;
  return {
    /** Every request, oldest first. */
    requests: readOnly(log.entries),

    /** A point in time, for `countSince` and `requestsSince`. */
    mark(): number {
      return log.mark();
    },

    countSince(mark: number): number {
      return log.countSince(mark);
    },

    requestsSince(mark: number): readonly RequestEntry[] {
      return log.since(mark);
    },
  };
}

function faults(world: World, server: LocalServer) {
  return {
    /** Makes the next matching requests go wrong, or something happen just before or after them. */
    failNext(fault: Fault): void {
      server.faults.add(fault);
    },

    /** Makes one mutation field of the next documents fail, while the other fields go on. */
    failNextMutation(
      field: string,
      failure: { readonly message: string; readonly type?: string; readonly times?: number },
    ): void {
      const { message, type = 'UNPROCESSABLE', times = 1 } = failure;
      world.fieldFaults.push({ field, type, message, times });
    },

    clearFaults(): void {
      server.faults.clear();
      world.fieldFaults.length = 0;
      world.webhooks.lost.length = 0;
    },
  };
}

/** The list itself, growing as it does, for readers. */
function readOnly<Item>(list: readonly Item[]): readonly Item[] {
  return list;
}
