/** GraphQL's word for a kind of refusal, next to the HTTP status REST answers with. */
export type RuleErrorType =
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'UNPROCESSABLE'
  | 'STALE_DATA'
  | 'UNAUTHENTICATED'
  | (string & {});

/** One line of `errors` in a REST answer of status 422. */
export interface FieldError {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

/** A refusal of GitHub's: the same rule speaks GraphQL (`type`) and REST (`status`). */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly status: number;
  readonly type: RuleErrorType;
  readonly errors: readonly FieldError[] | undefined;
  /** The words REST uses, where they differ from GraphQL's. */
  readonly restMessage: string;

  constructor(options: {
    readonly status: number;
    readonly type: RuleErrorType;
    readonly message: string;
    readonly restMessage?: string;
    readonly errors?: readonly FieldError[];
  }) {
    super(options.message);
    this.status = options.status;
    this.type = options.type;
    this.restMessage = options.restMessage ?? options.message;
    this.errors = options.errors;
  }
}

export function notFound(message: string): RuleError {
  return new RuleError({ status: 404, type: 'NOT_FOUND', message, restMessage: 'Not Found' });
}

export function forbidden(message = 'Resource not accessible by integration'): RuleError {
  return new RuleError({ status: 403, type: 'FORBIDDEN', message });
}

export function unprocessable(message: string, restMessage = message): RuleError {
  return new RuleError({ status: 422, type: 'UNPROCESSABLE', message, restMessage });
}

/** Refusals of a form: GraphQL joins the messages in one line, REST lists them. */
export function validationFailed(
  resource: string,
  problems: readonly Omit<FieldError, 'resource'>[],
  messages: readonly string[],
): RuleError {
  return new RuleError({
    status: 422,
    type: 'UNPROCESSABLE',
    message: messages.join(', '),
    restMessage: 'Validation Failed',
    errors: problems.map((problem) => ({ resource, ...problem })),
  });
}

/** Something GitHub does and this server does not: an error that the server remembers, never silently ignored. */
export function notHonoured(where: string, what: string): RuleError {
  return new RuleError({
    status: 501,
    type: 'NOT_HONOURED',
    message: `The local GitHub does not honour ${what} of ${where}.`,
  });
}

/** A mistake of the test's own, such as a repo that was never made. */
export function misuse(message: string): Error {
  return new Error(`local GitHub: ${message}`);
}
