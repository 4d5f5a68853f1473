/** One request as the server saw it. */
export interface RequestEntry {
  /** Epoch milliseconds by the server's clock. */
  readonly atMs: number;
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  /** GraphQL operation name, else its top-level fields joined by `+`. */
  readonly operation: string | undefined;
  readonly fields: readonly string[];
  /** Login, `app:slug` for an App's own token, `nobody` when it was not recognised. */
  readonly actor: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Requests remembered; older ones are only counted. */
const entriesKeptMax = 100_000;

export class RequestLog {
  readonly entries: RequestEntry[] = [];
  #forgotten = 0;

  add(entry: RequestEntry): void {
    this.entries.push(entry);
    if (this.entries.length <= entriesKeptMax) return;
    this.entries.shift();
    this.#forgotten += 1;
  }

  /** A point in time, for `countSince` and `since`. */
  mark(): number {
    return this.#forgotten + this.entries.length;
  }

  countSince(mark: number): number {
    return this.mark() - mark;
  }

  since(mark: number): readonly RequestEntry[] {
    return this.entries.slice(Math.max(0, mark - this.#forgotten));
  }
}
