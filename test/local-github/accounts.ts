import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { nodeId } from './node-id.ts';
import type { Repo, Role } from './repos.ts';
import { takeId, type World } from './world.ts';

export type AccountType = 'User' | 'Organization' | 'Bot';

/** Somebody with a login. A Bot's login here is `slug[bot]`. */
export interface Account {
  readonly id: number;
  readonly nodeId: string;
  readonly login: string;
  readonly type: AccountType;
  /** The App of a Bot. */
  readonly appId: number | undefined;
  readonly createdAtMs: number;
  /** A person's role in every repo that does not say otherwise. */
  role: Role;
}

export type AccessLevel = 'read' | 'write' | 'admin';

/** `{ contents: 'write', pull_requests: 'write' }`. Metadata can always be read. */
export type Permissions = Readonly<Record<string, AccessLevel>>;

export interface App {
  readonly id: number;
  readonly nodeId: string;
  readonly slug: string;
  readonly name: string;
  readonly bot: Account;
  readonly owner: Account;
  readonly publicKey: KeyObject;
  readonly privateKeyPem: string;
  permissions: Permissions;
  events: readonly string[];
  webhookSecret: string;
  webhookUrl: string | undefined;
  readonly hookId: number;
  readonly createdAtMs: number;
}

export interface Installation {
  readonly id: number;
  readonly nodeId: string;
  readonly app: App;
  readonly account: Account;
  /** GitHub freezes the permissions a person consented to at installation. */
  permissions: Permissions;
  events: readonly string[];
  readonly repositoryIds: Set<number>;
  readonly createdAtMs: number;
}

export type Token =
  | { readonly kind: 'person'; readonly account: Account }
  | {
      readonly kind: 'installation';
      readonly installation: Installation;
      readonly permissions: Permissions;
      /** Undefined for all repos of the installation, now and later. */
      readonly repositoryIds: ReadonlySet<number> | undefined;
      readonly expiresAtMs: number;
    };

/** Who a request is from. */
export type Actor =
  | { readonly kind: 'person'; readonly account: Account }
  | { readonly kind: 'app'; readonly app: App }
  | {
      readonly kind: 'installation';
      readonly installation: Installation;
      readonly permissions: Permissions;
      readonly repositoryIds: ReadonlySet<number> | undefined;
    };

/** Finds the account or makes it. */
export function account(world: World, login: string, type: AccountType, appId?: number): Account {
  const known = world.accounts.get(login.toLowerCase());
  if (known) return known;
  const id = takeId(world);
  const prefix = { User: 'U', Organization: 'O', Bot: 'BOT' }[type];
  const made: Account = { id, nodeId: nodeId(prefix, id), login, type, appId, createdAtMs: world.now(), role: 'none' };
  world.accounts.set(login.toLowerCase(), made);
  return made;
}

/** Making an RSA key takes up to a second, so the keys of one process are made once and given to the Apps of each server in turn. */
const privateKeys: string[] = [];

function privateKeyPem(index: number): string {
  while (privateKeys.length <= index) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    privateKeys.push(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  }
  return privateKeys[index] ?? '';
}

export interface NewApp {
  readonly slug: string;
  readonly permissions: Permissions;
  /** Names of webhook events the App subscribes to; `installation` and `installation_repositories` always come. */
  readonly events: readonly string[];
  readonly webhookUrl?: string;
  readonly webhookSecret: string;
}

export function createApp(world: World, options: NewApp): App {
  const id = takeId(world);
  const pem = privateKeyPem(world.apps.size);
  const app: App = {
    id,
    nodeId: nodeId('A', id),
    slug: options.slug,
    name: options.slug,
    bot: account(world, `${options.slug}[bot]`, 'Bot', id),
    owner: account(world, 'app-makers', 'Organization'),
    publicKey: createPublicKey(createPrivateKey(pem)),
    privateKeyPem: pem,
    permissions: { metadata: 'read', ...options.permissions },
    events: options.events,
    webhookSecret: options.webhookSecret,
    webhookUrl: options.webhookUrl,
    hookId: takeId(world),
    createdAtMs: world.now(),
  };
  world.apps.set(id, app);
  return app;
}

/** The installation of an App at an account, or undefined. */
export function installationOf(world: World, app: App, owner: Account): Installation | undefined {
  return [...world.installations.values()].find((one) => one.app === app && one.account === owner);
}

export function installationsSeeing(world: World, repo: Repo): readonly Installation[] {
  return [...world.installations.values()].filter((one) => one.repositoryIds.has(repo.id));
}

/** Installation tokens live one hour. */
export const tokenLifetimeMs = 3_600_000;

export function issueToken(world: World, token: Token): string {
  const text = `${token.kind === 'person' ? 'ghp' : 'ghs'}_${randomBytes(20).toString('base64url')}`;
  world.tokens.set(text, token);
  return text;
}

/** The account an actor's deeds are attributed to. */
export function accountOf(actor: Actor): Account {
  switch (actor.kind) {
    case 'person':
      return actor.account;
    case 'app':
      return actor.app.bot;
    case 'installation':
      return actor.installation.app.bot;
  }
}

export function appOf(actor: Actor): App | undefined {
  switch (actor.kind) {
    case 'person':
      return undefined;
    case 'app':
      return actor.app;
    case 'installation':
      return actor.installation.app;
  }
}

/** `12345+octocat@users.noreply.github.com`: ties a commit to an account. */
export function noreplyEmail(one: Account): string {
  return `${one.id}+${one.login}@users.noreply.github.com`;
}

/** The account a commit's email address belongs to; undefined for people GitHub does not know. */
export function accountByEmail(world: World, email: string): Account | undefined {
  const [, id, login] = /^(\d+)\+(.+)@users\.noreply\.github\.com$/.exec(email) ?? [];
  const found = login === undefined ? undefined : world.accounts.get(login.toLowerCase());
  return found?.id === Number(id) ? found : undefined;
}
