import type { FileState } from '../domain/file-state.ts';
import { configPath, type Repo } from '../domain/repo.ts';
import { type ConfigRead, DeadlineError, type Decider } from '../ports/decider.ts';
import type { GitHost } from '../ports/git-host.ts';

/** What is known of a repo's configuration: as read, and at which head of the default branch. */
export interface KnownConfig {
  readonly head: string;
  /** Content id of the file; for one that cannot be read, why; undefined when there is none. */
  readonly oid: string | undefined;
  readonly verdict: Verdict;
}

export type Verdict = ConfigRead | { readonly ok: false; readonly problems: 'absent' };

/** Repos whose configuration is kept in memory. */
const configsMax = 500;

/** The configurations in memory. A file is parsed once for each content it has. */
export class Configs {
  readonly #host: GitHost;
  readonly #decider: Decider;
  readonly #known = new Map<number, KnownConfig>();
  /** Content of the configuration that tied the reports of a repo last. */
  readonly #tied = new Map<number, string | undefined>();

  constructor(host: GitHost, decider: Decider) {
    this.#host = host;
    this.#decider = decider;
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
    const same = before !== undefined && before.oid === oid && oid !== undefined;
    if (!same) this.#tied.delete(repo.id);
    const next: KnownConfig = { head, oid, verdict: same ? before.verdict : await this.#read(file) };
    this.#known.delete(repo.id);
    this.#known.set(repo.id, next);
    const [oldest] = this.#known.keys();
    if (this.#known.size > configsMax && oldest !== undefined) this.#known.delete(oldest);
    return next;
  }

  /** The default branch moved and the configuration did not change. */
  moved(repo: Repo, head: string): void {
    const known = this.known(repo);
    if (known !== undefined) this.#known.set(repo.id, { ...known, head });
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
