import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { expect } from 'vitest';

/** Where `npm run tools` puts them; the machine's own come after. */
const folder = new URL('../../.cache/bin', import.meta.url).pathname;

/** The environment in which kubectl and helm are found. */
const env = { ...process.env, PATH: [folder, process.env['PATH'] ?? ''].join(delimiter) };

/** Whether kubectl or helm is missing: a test that needs it is skipped then, and says so. */
export const withoutKubectl = !canRun('kubectl', ['version', '--client']);
export const withoutHelm = !canRun('helm', ['version']);

function canRun(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', env }).status === 0;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Standard output of a command; what it says on standard error fails the test. */
export function run(command: string, args: readonly string[], options: RunOptions): string {
  const { status, stdout, stderr } = tryRun(command, args, options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** A command that may fail. */
export function tryRun(command: string, args: readonly string[], options: RunOptions) {
  return spawnSync(command, args, { cwd: options.cwd, env: { ...env, ...options.env }, encoding: 'utf8' });
}
