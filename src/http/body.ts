import type { IncomingMessage } from 'node:http';

export type BodyRead =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  /** More than allowed; the rest was not kept. */
  | { readonly kind: 'too-large' }
  /** Not all of it came in time. */
  | { readonly kind: 'slow' }
  /** The bodies being read at once hold all the memory set aside for them. */
  | { readonly kind: 'crowded' }
  /** The sender went away. */
  | { readonly kind: 'gone' };

/** Memory for the bodies of all requests in hand, in bytes. What is taken is given back when the request is answered. */
export interface ByteBudget {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
  readonly takenBytes: () => number;
}

export function byteBudget(bytesMax: number): ByteBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > bytesMax) return false;
      taken += bytes;
      return true;
    },
    giveBack(bytes) {
      taken -= bytes;
    },
    takenBytes: () => taken,
  };
}

export interface BodyLimits {
  readonly bytesMax: number;
  readonly deadlineMs: number;
  readonly budget: ByteBudget;
}

/** Reads a body within its limits. Whatever the outcome, nobody listens to the request afterwards. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<BodyRead & { readonly taken: number }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let taken = 0;
    const timer = setTimeout(() => finish({ kind: 'slow' }), limits.deadlineMs);

    function take(chunk: Buffer): void {
      if (taken + chunk.length > limits.bytesMax) finish({ kind: 'too-large' });
      else if (!limits.budget.take(chunk.length)) finish({ kind: 'crowded' });
      else {
        taken += chunk.length;
        chunks.push(chunk);
      }
    }
    function end(): void {
      finish({ kind: 'read', bytes: Buffer.concat(chunks) });
    }
    function leave(): void {
      finish({ kind: 'gone' });
    }
    function finish(outcome: BodyRead): void {
      clearTimeout(timer);
      request.pause();
      request.off('data', take).off('end', end).off('close', leave);
      resolve({ ...outcome, taken });
    }

    if (request.destroyed) leave();
    else request.on('data', take).on('end', end).on('close', leave);
  });
}
