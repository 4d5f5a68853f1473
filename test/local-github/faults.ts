/** What can be told about a request before it is answered. */
export interface SeenRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Name of the GraphQL operation, else its fields joined by `+`; undefined for REST. */
  readonly operation: string | undefined;
  /** Top-level fields of the GraphQL operation, such as `createRef`. */
  readonly fields: readonly string[];
}

/** Makes the next matching requests go wrong. */
export interface Fault {
  /** A part of `POST /graphql operation createRef createPullRequest` or `GET /repos/…`, a pattern over it, or a function. */
  readonly match: string | RegExp | ((request: SeenRequest) => boolean);
  /** `before`: nothing has happened yet, and will not; `after`: it has, and the answer is lost or replaced. */
  readonly when?: 'before' | 'after';
  /** How many requests; one unless said. */
  readonly times?: number;
  /** Runs at that point, for instance to let somebody else push in between. Without any of the following the request goes on. */
  readonly run?: () => void;
  /** Answer this instead. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never answer. The connection stays open until the server stops. */
  readonly hang?: boolean;
  /** Close the connection without an answer. */
  readonly close?: boolean;
}

export function requestLine(request: SeenRequest): string {
  return [request.method, request.path, request.operation, ...request.fields].filter(Boolean).join(' ');
}

function matches(fault: Fault, request: SeenRequest): boolean {
  if (typeof fault.match === 'function') return fault.match(request);
  const line = requestLine(request);
  return typeof fault.match === 'string' ? line.includes(fault.match) : fault.match.test(line);
}

export class Faults {
  readonly #armed: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** The fault for this moment of a request, used up by one. */
  take(when: 'before' | 'after', request: SeenRequest): Fault | undefined {
    const found = this.#armed.find(
      (one) => one.left > 0 && (one.fault.when ?? 'before') === when && matches(one.fault, request),
    );
    if (found) found.left -= 1;
    return found?.fault;
  }
}
