import { HostError } from '../ports/git-host.ts';

/** Tries before a delivery or a job is given up: with the pauses below that is about an hour. */
const attemptsMax = 20;
const firstPauseMs = 1_000;
const longestPauseMs = 5 * 60_000;

/** What was tried, how often before, and the time, epoch milliseconds. */
export interface Tried {
  readonly what: 'delivery' | 'job';
  readonly attempts: number;
  readonly nowMs: number;
}

/** Milliseconds until the next try; undefined when trying again cannot help, or was tried often enough. */
export function pauseAfter(error: unknown, tried: Tried): number | undefined {
  const pauseMs = nextPause(error, tried);
  // A limit says itself when it ends: however often it is met, waiting for it is no failure.
  return tried.attempts + 1 >= attemptsMax && hostErrorIn(error)?.kind !== 'limited' ? undefined : pauseMs;
}

function nextPause(error: unknown, { what, attempts, nowMs }: Tried): number | undefined {
  const growing = Math.min(firstPauseMs * 2 ** attempts, longestPauseMs);
  const cause = hostErrorIn(error);
  if (cause === undefined) return attempts < 2 ? growing : undefined;
  switch (cause.kind) {
    case 'moved':
      return attempts === 0 ? 0 : growing;
    case 'limited':
      return Math.max((cause.untilMs ?? nowMs) - nowMs, growing);
    case 'unreachable':
      return growing;
    case 'gone':
    case 'forbidden':
      // A suspended installation or a wrong clock may be mended within the hour. Each sweep makes a job due again, but
      // nobody sends a delivery again.
      return what === 'delivery' ? growing : undefined;
    case 'refused':
      return undefined;
  }
}

/** Probot wraps what handlers throw into an `AggregateError`. */
function hostErrorIn(error: unknown): HostError | undefined {
  if (error instanceof HostError) return error;
  if (error instanceof AggregateError) return error.errors.map(hostErrorIn).find((one) => one !== undefined);
  return error instanceof Error ? hostErrorIn(error.cause) : undefined;
}

/** What is logged and kept of an error: never a stack, which may quote what was sent. */
export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
