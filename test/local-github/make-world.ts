import { randomBytes } from 'node:crypto';
import { type StoreKind, stores } from './stores.ts';
import { WebhookQueue } from './webhooks.ts';
import { type Settings, settingsDefaults, type World } from './world.ts';

/** How the server starts; all of `Settings` can be changed later through `github.settings`. Durations are in milliseconds. */
export interface LocalGitHubOptions extends Partial<Settings> {
  /** The server's clock, epoch milliseconds: tokens expire and things are dated by it. The machine's unless given. */
  readonly now?: () => number;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Where repos are kept; real bare Git repositories unless said. */
  readonly store?: StoreKind;
}

/** A world without anything in it. `folder` is where repos will be. */
export function makeWorld(options: LocalGitHubOptions, folder: string): World {
  const { now = Date.now, store = 'git', port: _port, ...settings } = options;
  const world: World = {
    now,
    settings: { ...settingsDefaults, ...settings },
    newStore: (fullName, defaultBranch) => stores[store]({ folder, fullName, defaultBranch }),
    links: { url: '' },
    ids: { next: 1_000 },
    accounts: new Map(),
    apps: new Map(),
    installations: new Map(),
    tokens: new Map(),
    repos: new Map(),
    webhooks: new WebhookQueue(),
    violations: [],
    signingKey: randomBytes(32),
    fieldFaults: [],
  };
  world.webhooks.start(world);
  return world;
}
