/** What is kept for a while: the least recently used goes first when the cost of all is above a limit. */
export class Lru<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly cost: number }>();
  readonly #costMax: number;
  #cost = 0;

  constructor(costMax: number) {
    this.#costMax = costMax;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** `cost` is in the unit of the limit: bytes, or 1 for each entry. What costs more than the limit is not kept. */
  set(key: string, value: Value, cost: number): void {
    this.delete(key);
    if (cost > this.#costMax) return;
    this.#entries.set(key, { value, cost });
    this.#cost += cost;
    for (const oldest of this.#entries.keys()) {
      if (this.#cost <= this.#costMax) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#cost -= entry.cost;
  }
}
