import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  return runFirst(text);
}

/** Its log is written at once, not by and by: a story reads what was said before the process came to rest. */
const logAtOnce = runFirst(`import fs from 'node:fs';
  const write = fs.write;
  fs.write = (fd, ...given) => {
    if (fd !== 1) return write(fd, ...given);
    const done = given.pop();
    let written;
    try { written = fs.writeSync(fd, ...given); } catch (error) { return process.nextTick(done, error); }
    process.nextTick(done, null, written);
  };`);

function runFirst(text: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(text)}`;
}

/** Processes that run: none outlives the one that started it, however that one ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * A real Pawl: `node src/main.ts` as a process of its own. It prints into a file, so that what it said before it answered a request
 * is there as soon as the answer is.
 */
export class PawlProcess {
  readonly dataFolder: string;
  readonly #child: ChildProcess;
  readonly #logFolder: string;
  readonly #exited: Promise<number | null>;
  /** All it printed, once it has ended. */
  #printed: string | undefined;
  #url: string | undefined;

  constructor({ env, dataFolder, clockAheadMs = 0 }: PawlOptions) {
    this.dataFolder = dataFolder ?? mkdtempSync(join(tmpdir(), 'pawl-data-'));
    this.#logFolder = mkdtempSync(join(tmpdir(), 'pawl-log-'));
    const log = openSync(this.#logFile, 'a');
    const ahead = clockAheadMs > 0 ? [aheadBy(clockAheadMs)] : [];
    this.#child = spawn(process.execPath, [logAtOnce, ...ahead, join(root, 'src/main.ts')], {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', DATA_DIR: this.dataFolder, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const child = this.#child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.#exited = new Promise((resolve) => child.once('close', (code) => resolve(this.#ended(code))));
  }

  /** Everything it printed. */
  get lines(): readonly string[] {
    return (this.#printed ?? readFileSync(this.#logFile, 'utf8')).split('\n').slice(0, -1);
  }

  get #logFile(): string {
    return join(this.#logFolder, 'pawl.log');
  }

  #ended(code: number | null): number | null {
    this.#printed = readFileSync(this.#logFile, 'utf8');
    rmSync(this.#logFolder, { recursive: true, force: true });
    return code;
  }

  /** Its own address, once it answers. */
  async url(): Promise<string> {
    if (this.#url !== undefined) return this.#url;
    await until(
      () => this.#said() !== undefined || this.#printed !== undefined,
      () => `Pawl did not start:\n${this.lines.join('\n')}`,
    );
    this.#url = this.#said();
    if (this.#url === undefined) throw new Error(`Pawl ended with ${this.#child.exitCode}:\n${this.lines.join('\n')}`);
    return this.#url;
  }

  /** The address it says it answers at. */
  #said(): string | undefined {
    return this.lines.flatMap((line) => /"url":"(http:\/\/[^"]+)","msg":"Pawl answers/.exec(line)?.[1] ?? [])[0];
  }

  /** Resolves when nothing waits in its inbox and its queue. */
  async idle(): Promise<void> {
    const url = await this.url();
    await until(
      async () => {
        const answer = await fetch(`${url}/readyz`);
        return (await answer.text()).includes('"busy":false');
      },
      () => `Pawl did not come to rest:\n${this.lines.slice(-30).join('\n')}`,
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
}

/** Waits for a condition by looking at it; fails with a message when it does not come. */
export async function until(condition: () => boolean | Promise<boolean>, message: () => string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(message());
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
