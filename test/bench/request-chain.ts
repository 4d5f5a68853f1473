import type { RequestEntry } from '../local-github/request-log.ts';

/** Start and end are kept in whole milliseconds: two requests that touch by less are one after the other. */
const toleranceMs = 2;

/** How many of these requests were sent one after another: the most of which no two overlap. */
export function sequentialRequests(requests: readonly Pick<RequestEntry, 'atMs' | 'durationMs'>[]): number {
  const byEnd = requests
    .map(({ atMs, durationMs }) => ({ startMs: atMs, endMs: atMs + durationMs }))
    .toSorted((a, b) => a.endMs - b.endMs);
  let count = 0;
  let freeAtMs = Number.NEGATIVE_INFINITY;
  for (const { startMs, endMs } of byEnd) {
    if (startMs < freeAtMs - toleranceMs) continue;
    count += 1;
    freeAtMs = endMs;
  }
  return count;
}

/** The requests without those that were there before: each takes away one that asked the same. */
export function without(requests: readonly RequestEntry[], before: readonly RequestEntry[]): readonly RequestEntry[] {
  const left = before.map(signature);
  return requests.filter((request) => {
    const index = left.indexOf(signature(request));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function signature({ method, path, requestBytes }: RequestEntry): string {
  return `${method} ${path} ${requestBytes}`;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
