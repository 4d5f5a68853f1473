import { createHash } from 'node:crypto';
import { feedsRepo } from '../config/config.ts';
import { findsTargets, withFoundTargets } from '../config/found-targets.ts';
import type { FileState } from '../domain/file-state.ts';
import { configPath, fullName, type Repo } from '../domain/repo.ts';
import { type ConfigRead, DeadlineError, type Decider } from '../ports/decider.ts';
import type { GitHost } from '../ports/git-host.ts';
import { pathsOfHomes } from './home-paths.ts';
import type { Trees } from './trees.ts';

/** What is known of a repo's configuration: as read, and at which head of the default branch. */
export interface KnownConfig {
  readonly head: string;
  /**
   * Identity of what it says: the content id of the file, with the targets it found; for one that cannot be read, why;
   * undefined when there is none.
   */
  readonly oid: string | undefined;
  readonly verdict: Verdict;
  /** As the file has it, without the targets that are found. */
  readonly written: { readonly oid: string | undefined; readonly verdict: Verdict };
}

export type Verdict = ConfigRead | { readonly ok: false; readonly problems: 'absent' };

/** Repos whose configuration is kept in memory. */
const configsMax = 500;

/** The configurations in memory. A file is parsed once for each content it has. */
export class Configs {
  readonly #host: GitHost;
  readonly #decider: Decider;
  readonly #trees: Trees;
  readonly #known = new Map<number, KnownConfig>();
  /** Content of the configuration that tied the reports of a repo last. */
  readonly #tied = new Map<number, string | undefined>();

  constructor(host: GitHost, decider: Decider, trees: Trees) {
    this.#host = host;
    this.#decider = decider;
    this.#trees = trees;
  }

  known(repo: Repo): KnownConfig | undefined {
    return this.#known.get(repo.id);
  }

  /** From memory, or by one request. Throws `HostError`. */
  async load(repo: Repo): Promise<KnownConfig> {
    const known = this.known(repo);
    if (known !== undefined) return known;
    const { head, config } = await this.#host.readConfig(repo);
    return this.learn(repo, head, config);
  }

  /** Takes over what some read saw at a head; parses only what is new. */
  async learn(repo: Repo, head: string, file: FileState): Promise<KnownConfig> {
    const before = this.known(repo);
    const oid = contentOf(file);
    const same = before !== undefined && before.written.oid === oid && oid !== undefined;
    const written = same ? before.written : { oid, verdict: await this.#read(file) };
    return this.#keep(repo, head, written);
  }

  /** The default branch moved and the configuration did not change: what it finds may have. Throws `HostError`. */
  async moved(repo: Repo, head: string): Promise<void> {
    const known = this.known(repo);
    if (known !== undefined) await this.#keep(repo, head, known.written);
  }

  async #keep(repo: Repo, head: string, written: KnownConfig['written']): Promise<KnownConfig> {
    const before = this.known(repo);
    const verdict = await this.#withTargets(repo, head, written.verdict);
    const next: KnownConfig = { head, oid: identityOf(written.oid, verdict), verdict, written };
    if (before?.oid !== next.oid) this.#tied.delete(repo.id);
    // The same again is the same value: what was worked out from it stays known.
    const kept =
      before !== undefined && before.oid === next.oid && next.oid !== undefined
        ? { ...next, verdict: before.verdict }
        : next;
    this.#known.delete(repo.id);
    this.#known.set(repo.id, kept);
    const [oldest] = this.#known.keys();
    if (this.#known.size > configsMax && oldest !== undefined) this.#known.delete(oldest);
    return kept;
  }

  /** A configuration that finds targets is looked at together with the paths of the branches it finds them on. */
  async #withTargets(repo: Repo, head: string, verdict: Verdict): Promise<Verdict> {
    if (!verdict.ok || !findsTargets(verdict.config)) return verdict;
    const means = { host: this.#host, trees: this.#trees, feeds: (other: Repo) => this.#feeds(other, repo) };
    const paths = await pathsOfHomes({ repo, head, config: verdict.config }, means);
    const found = paths === undefined ? cutList : withFoundTargets(verdict.config, (home) => paths.get(home) ?? []);
    if (found.ok) return { ...verdict, config: found.config };
    return { ok: false, problems: [{ file: configPath, line: 1, column: 1, ...found.problem }] };
  }

  /** Whether another repo's configuration, as its file has it, lets a repo take versions from it. */
  async #feeds(other: Repo, repo: Repo): Promise<boolean> {
    const known = this.known(other)?.written.verdict;
    const verdict = known ?? (await this.#read((await this.#host.readConfig(other)).config));
    return verdict.ok && feedsRepo(verdict.config, fullName(repo));
  }

  /** Notes that reports are tied by the configuration in memory. */
  tie(repo: Repo): void {
    this.#tied.set(repo.id, this.known(repo)?.oid);
  }

  /** Whether nothing but the configuration in memory has tied reports since `tie`. */
  areTied(repo: Repo): boolean {
    return this.#tied.has(repo.id) && this.#tied.get(repo.id) === this.known(repo)?.oid;
  }

  /** Forgets a repo: the next look reads again. */
  forget(repo: Repo): void {
    this.#known.delete(repo.id);
  }

  /** A text that takes too long to read is a mistake in it like any other. */
  async #parse(text: string): Promise<Verdict> {
    try {
      return await this.#decider.readConfig(text);
    } catch (error) {
      if (error instanceof DeadlineError) return { ok: false, problems: [unreadable('takes too long to read')] };
      throw error;
    }
  }

  async #read(file: FileState): Promise<Verdict> {
    if (file.kind === 'text') return this.#parse(file.text);
    return file.kind === 'missing'
      ? { ok: false, problems: 'absent' }
      : { ok: false, problems: [unreadable(file.reason)] };
  }
}

const cutList = {
  ok: false,
  problem: {
    message: 'The repo has more files than GitHub lists, so its targets cannot be found for certain.',
    hint: 'List them under `targets`, or split the repo.',
  },
} as const;

/** The same file finds other targets at another head. */
function identityOf(oid: string | undefined, verdict: Verdict): string | undefined {
  if (oid === undefined || !verdict.ok || !findsTargets(verdict.config)) return oid;
  const targets = verdict.config.environments.map(({ name, targets: found, labels }) => [name, found, labels]);
  return `${oid} ${createHash('sha256').update(JSON.stringify(targets)).digest('hex')}`;
}

function contentOf(file: FileState): string | undefined {
  switch (file.kind) {
    case 'text':
      return file.oid;
    case 'unreadable':
      return `unreadable: ${file.reason}`;
    case 'missing':
      return undefined;
  }
}

function unreadable(reason: string) {
  return {
    file: configPath,
    line: 1,
    column: 1,
    message: `The file ${reason}.`,
    hint: 'Write it as a short plain text file.',
  };
}
