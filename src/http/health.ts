import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Answer } from './answer.ts';

/** An answer that is not older than this is given again: each look writes to the disk, and anybody may ask. */
const readinessKeptMs = 1_000;

/** Longest wait for the store to say whether it can be written. */
const storeAnswerMs = 2_000;

/** The process runs and answers; nothing else is looked at, so that a broken disk does not get it restarted for ever. */
export function alive(): Answer {
  return { status: 200, body: { status: 'alive' } };
}

export interface ReadinessOptions {
  readonly store: Pick<Store, 'ready'>;
  readonly clock: Clock;
  stopping(): boolean;
  /** Whether work is in hand or due: for whoever waits until everything sent has had its effect. */
  busy(): Promise<boolean>;
}

/** Tells whether deliveries can be taken in, and if not, every reason why. */
export function readiness(options: ReadinessOptions): () => Promise<Answer> {
  let kept: { readonly atMs: number; readonly writable: Promise<boolean> } | undefined;

  function writable(): Promise<boolean> {
    const nowMs = options.clock.now();
    if (kept === undefined || Math.abs(nowMs - kept.atMs) >= readinessKeptMs) {
      kept = { atMs: nowMs, writable: withinMs(storeAnswerMs, options.store.ready()) };
    }
    return kept.writable;
  }

  return async () => {
    const reasons = [
      ...((await writable()) ? [] : ['The store cannot be written.']),
      ...(options.stopping() ? ['The process is stopping.'] : []),
    ];
    const ready = reasons.length === 0;
    return {
      status: ready ? 200 : 503,
      body: { status: ready ? 'ready' : 'not ready', reasons, busy: await options.busy() },
    };
  };
}

/** No answer in time and a failure both mean no. */
async function withinMs(timeMs: number, answer: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
