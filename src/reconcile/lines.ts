/** What waits in one line. */
export interface Next<Item> {
  readonly line: string;
  readonly item: Item;
}

/**
 * Items in lines: one of a line is worked on at a time, in the order they came, and the lines take turns. Who asks for the next
 * item says when its work has ended.
 */
export class Lines<Item> {
  /** Lines in which something waits, in the order of their turns. */
  readonly #waiting = new Map<string, Item[]>();
  readonly #working = new Set<string>();

  /** How many lines are worked on. */
  get working(): number {
    return this.#working.size;
  }

  /** Items that wait or are worked on. */
  get size(): number {
    return [...this.#waiting.values()].reduce((sum, items) => sum + items.length, this.#working.size);
  }

  /** Lines with at least so many items that wait. */
  withAtLeast(count: number): ReadonlySet<string> {
    return new Set([...this.#waiting].filter(([, items]) => items.length >= count).map(([line]) => line));
  }

  add(line: string, item: Item): void {
    const items = this.#waiting.get(line);
    if (items === undefined) this.#waiting.set(line, [item]);
    else items.push(item);
  }

  /** The oldest item of the line whose turn it is; undefined when every line with items is worked on. */
  next(): Next<Item> | undefined {
    for (const [line, items] of this.#waiting) {
      if (this.#working.has(line)) continue;
      const item = items.shift();
      this.#waiting.delete(line);
      if (item === undefined) continue;
      // Behind the others: a line in which much waits must not keep a place for itself.
      if (items.length > 0) this.#waiting.set(line, items);
      this.#working.add(line);
      return { line, item };
    }
    return undefined;
  }

  /** The work on the item of this line has ended. */
  ended(line: string): void {
    this.#working.delete(line);
  }
}
