import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = new URL('../..', import.meta.url).pathname;

/** Longest wait for something that happens within milliseconds on an idle machine. */
const patienceMs = 30_000;
/** Pause between two looks at a condition. */
const lookEveryMs = 5;

export interface PawlOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the store; a new one unless given. */
  readonly dataFolder?: string;
  /** How much its clock is ahead of this machine's, milliseconds: for stories in which time passes. */
  readonly clockAheadMs?: number;
}

/** What a process runs first so that its clock is ahead. Worker threads run it too. */
function aheadBy(ms: number): string {
  const text = `const Real = Date; globalThis.Date = class extends Real {
    constructor(...given) { given.length === 0 ? super(Real.now() + ${ms}) : super(...given); }
    static now() { return Real.now() + ${ms}; }
  };`;
  return `--import=data:text/javascript,${encodeURIComponent(text)}`;
}

/** Processes that run: none outlives the one that started it, however that one ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real Pawl: `node src/main.ts` as a process of its own. */
export class PawlProcess {
  readonly dataFolder: string;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #exited: Promise<number | null>;
  #url: string | undefined;

  constructor({ env, dataFolder, clockAheadMs = 0 }: PawlOptions) {
    this.dataFolder = dataFolder ?? mkdtempSync(join(tmpdir(), 'pawl-data-'));
    const ahead = clockAheadMs > 0 ? [aheadBy(clockAheadMs)] : [];
    this.#child = spawn(process.execPath, [...ahead, join(root, 'src/main.ts')], {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', DATA_DIR: this.dataFolder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = this.#child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#read(line));
    }
    this.#exited = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)));
  }

  /** Everything it printed. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Its own address, once it answers. */
  async url(): Promise<string> {
    await until(
      () => this.#url !== undefined || this.#child.exitCode !== null,
      () => `Pawl did not start:\n${this.#lines.join('\n')}`,
    );
    if (this.#url === undefined) throw new Error(`Pawl ended with ${this.#child.exitCode}:\n${this.#lines.join('\n')}`);
    return this.#url;
  }

  /** Resolves when nothing waits in its inbox and its queue. */
  async idle(): Promise<void> {
    const url = await this.url();
    await until(
      async () => {
        const answer = await fetch(`${url}/readyz`);
        return (await answer.text()).includes('"busy":false');
      },
      () => `Pawl did not come to rest:\n${this.#lines.slice(-30).join('\n')}`,
    );
  }

  /** As an orchestrator stops it. Answers the exit code. */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exited;
  }

  /** As a power cut ends it: at once, whatever it is in the middle of. */
  cutPower(): void {
    this.#child.kill('SIGKILL');
  }

  /** Exit code, for a process that is expected to end by itself. */
  exitCode(): Promise<number | null> {
    return this.#exited;
  }

  removeData(): void {
    rmSync(this.dataFolder, { recursive: true, force: true });
  }

  #read(line: string): void {
    this.#lines.push(line);
    this.#url ??= /"url":"(http:\/\/[^"]+)","msg":"Pawl answers/.exec(line)?.[1];
  }
}

/** Waits for a condition by looking at it; fails with a message when it does not come. */
export async function until(condition: () => boolean | Promise<boolean>, message: () => string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(message());
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
