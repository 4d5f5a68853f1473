import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { LocalGitHub, type LocalGitHubOptions } from '../local-github/local-github.ts';
import type { AppHandle } from '../local-github/people.ts';
import type { Files } from '../local-github/repos.ts';
import { exampleFiles } from './config-repo.ts';
import { ArgoCd, Flux } from './controllers.ts';
import { PawlProcess } from './pawl.ts';

const root = new URL('../..', import.meta.url).pathname;
const webhookSecret = 'a-webhook-secret-for-this-machine-only';
const argocdToken = 'argocd-token-for-this-machine-only';

const manifestShape = z.object({
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
  default_events: z.array(z.string()),
});

export interface WorldOptions {
  readonly github?: LocalGitHubOptions;
  /** Files of the config repo; the worked example unless given. */
  readonly files?: Files;
  /** Instances of Argo CD and clusters of Flux beside those of the worked example. */
  readonly clusters?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RestartOptions {
  readonly keepData: boolean;
  /** Goes on as soon as the process answers, not when it has come to rest. */
  readonly atOnce?: boolean;
}

/** What the clocks of GitHub, Pawl and the controllers are ahead of this machine's, milliseconds. */
interface Clock {
  aheadMs: number;
}

/** A GitHub on this machine with the config repo `acme/environments`, a Pawl installed on it, Argo CD and Flux. */
export class World {
  readonly repo = 'acme/environments';
  readonly github: LocalGitHub;
  readonly app: AppHandle;
  readonly argocd: ArgoCd;
  readonly flux: Flux;
  readonly #env: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  #pawl: PawlProcess;

  private constructor(parts: {
    readonly github: LocalGitHub;
    readonly app: AppHandle;
    readonly clock: Clock;
    readonly options: WorldOptions;
  }) {
    const { github, app, clock, options } = parts;
    const clusters = ['dev', 'staging', 'production-eu', 'production-us', ...(options.clusters ?? [])];
    const secrets = Object.fromEntries(clusters.map((name) => [name, `flux-secret-of-${name}-on-this-machine`]));
    this.github = github;
    this.app = app;
    this.#clock = clock;
    this.#env = {
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKeyPem,
      WEBHOOK_SECRET: webhookSecret,
      GITHUB_API_URL: github.url,
      PAWL_ARGOCD_TOKENS: `central=${argocdToken}`,
      PAWL_FLUX_SECRETS: Object.entries(secrets)
        .map(([name, secret]) => `${name}=${secret}`)
        .join(','),
      ...options.env,
    };
    const url = () => this.#pawl.url();
    const now = () => this.now();
    this.argocd = this.argocdOf(this.repo);
    this.flux = new Flux({ url, secrets, repository: this.repo, now });
    this.#pawl = new PawlProcess({ env: this.#env });
  }

  /** Starts everything; resolves when Pawl has looked at the repo and is at rest. */
  static async start(options: WorldOptions = {}): Promise<World> {
    const clock = { aheadMs: 0 };
    const github = await LocalGitHub.start({ now: () => Date.now() + clock.aheadMs, ...options.github });
    const manifest = manifestShape.parse(parse(readFileSync(join(root, 'app.yml'), 'utf8')));
    const app = github.createApp({
      slug: 'pawl',
      permissions: manifest.default_permissions,
      // Renaming a repo is the one thing the local GitHub does not do.
      events: manifest.default_events.filter((event) => event !== 'repository'),
      webhookSecret,
    });
    github.createRepo({ owner: 'acme', name: 'environments', files: options.files ?? exampleFiles() });
    const world = new World({ github, app, clock, options });
    await world.connect();
    github.install(app, 'acme', ['environments']);
    await world.settled();
    return world;
  }

  get pawl(): PawlProcess {
    return this.#pawl;
  }

  /** The time in this world, epoch milliseconds. */
  now(): number {
    return Date.now() + this.#clock.aheadMs;
  }

  /** The settings Pawl was started with, secrets of this machine included. */
  get settings(): Readonly<Record<string, string>> {
    return this.#env;
  }

  /** The same Argo CD, as it reports about another repo. */
  argocdOf(repo: string): ArgoCd {
    const url = () => this.#pawl.url();
    const repoUrl = `${this.github.url}/${repo}.git`;
    return new ArgoCd({ url, instance: 'central', token: argocdToken, repoUrl, now: () => this.now() });
  }

  /** Points the App's webhooks at the running process. */
  async connect(): Promise<void> {
    this.github.setWebhookUrl(this.app, `${await this.#pawl.url()}/api/github/webhooks`);
  }

  /** Resolves when every webhook was answered and Pawl has nothing left to do, nor caused anything new. */
  async settled(): Promise<void> {
    let before = -1;
    while (before !== this.github.mark()) {
      before = this.github.mark();
      await this.github.idle();
      await this.#pawl.idle();
    }
  }

  /** A new process on the same store, or on a new one; the one before is stopped in order. */
  async restart(options: RestartOptions = { keepData: true }): Promise<void> {
    await this.#pawl.stop();
    await this.startAgain(options);
  }

  /** The same for a process that has ended already. */
  async startAgain(options: RestartOptions = { keepData: true }): Promise<void> {
    const { dataFolder } = this.#pawl;
    if (!options.keepData) this.#pawl.removeData();
    const kept = options.keepData ? { dataFolder } : {};
    this.#pawl = new PawlProcess({ env: this.#env, clockAheadMs: this.#clock.aheadMs, ...kept });
    await this.connect();
    if (options.atOnce !== true) await this.settled();
  }

  /** Lets time pass for everybody, which takes a restart of Pawl. */
  async later(ms: number): Promise<void> {
    this.#clock.aheadMs += ms;
    await this.restart();
  }

  /** Another process with the settings of this world; whoever asks for it ends it. */
  another(
    options: { readonly dataFolder?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): PawlProcess {
    const { env, ...folder } = options;
    return new PawlProcess({ env: { ...this.#env, ...env }, ...folder });
  }

  async stop(): Promise<void> {
    await this.#pawl.stop();
    this.#pawl.removeData();
    await this.github.stop();
  }
}
