/** One after the other for each key: what two steps of the loop would do to the same repo at once, they do in turn. */
export class Turns {
  readonly #last = new Map<number, Promise<unknown>>();

  /** Runs the work when all work of the key before it has ended, well or badly. */
  async run<Result>(key: number, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}
