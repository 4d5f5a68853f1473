import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

export interface Refusal {
  readonly status: number | 'dropped';
  readonly path: string;
}

export type RefusalLog = (refusal: Refusal) => void;

/** Lines about refused requests in one minute. Anybody can cause them, so they must not fill the disk. */
export const refusalsLoggedPerMinute = 30;

const minuteMs = 60_000;

/** Logs refused requests, at most so many a minute, and afterwards how many more there were. */
export function refusalLog(clock: Clock, log: Log): RefusalLog {
  let beganMs = Number.NEGATIVE_INFINITY;
  let logged = 0;
  let unlogged = 0;

  return ({ status, path }) => {
    const nowMs = clock.now();
    if (Math.abs(nowMs - beganMs) >= minuteMs) {
      if (unlogged > 0) log.warn({ count: unlogged }, 'More requests were refused than were logged.');
      beganMs = nowMs;
      logged = 0;
      unlogged = 0;
    }
    if (logged === refusalsLoggedPerMinute) {
      unlogged += 1;
      return;
    }
    logged += 1;
    log.warn({ status, path }, 'A request was refused.');
  };
}
