import { z } from 'zod';
import { plainText } from '../domain/text.ts';
import { HostError, type HostErrorKind } from '../ports/git-host.ts';

/** What one failed request was, and what may be tried about it. */
export interface Failure {
  readonly error: HostError;
  /** It failed on the way or inside GitHub: a read may be asked once more. */
  readonly passing: boolean;
  /** The token was not accepted. */
  readonly badToken: boolean;
  /** GitHub does not know the thing, or does not know it yet: its servers learn of a new token one after the other. */
  readonly unknown: boolean;
  /** For `limited`: whether it is the limit that counts every kind of request together. */
  readonly secondary: boolean;
}

/** One entry of `errors` in an answer of GraphQL. `path` leads to the field that failed. */
export interface Fault {
  readonly type: string | undefined;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

type Headers = Readonly<Record<string, unknown>>;

/** Characters of GitHub's words that are passed on: a rule's name and its reason fit, a page of HTML does not. */
const wordsCharactersMax = 300;

/** GitHub asks for at least a minute when it names no time. */
const secondaryWaitMs = 60_000;

/** The hour GitHub counts in, and a little: an absurd time in a header must not stop a repo for a year. */
const waitMsMax = 65 * 60_000;

const requestError = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }).optional(),
});

const limitWords = /rate limit|abuse detection|submitted too quickly/i;
const ruleWords =
  /rule violations|protected branch|not accessible|not authorized|does not have (?:the )?(?:correct )?permission|does not have the right|archived|must be verified|push declined|cannot be updated/i;

/** Makes sense of whatever a request through Octokit threw. Never throws; a fault of our own becomes `refused`. */
export function failureOf(thrown: unknown, nowMs: number): Failure {
  if (thrown instanceof HostError) return { ...plainFailure, error: thrown, unknown: thrown.kind === 'gone' };
  const parsed = requestError.safeParse(thrown);
  if (!parsed.success) {
    const words = thrown instanceof Error ? thrown.message : 'unknown error';
    return { ...plainFailure, error: new HostError('refused', wordsOf(words)) };
  }
  const { status, message, response } = parsed.data;
  if (response === undefined)
    return { ...passingFailure, error: unreachable(`GitHub cannot be reached: ${wordsOf(message)}`) };
  return answered({ status, message, headers: response.headers, nowMs });
}

interface Answered {
  readonly status: number;
  readonly message: string;
  readonly headers: Headers;
  readonly nowMs: number;
}

function answered(answer: Answered): Failure {
  const { status, message } = answer;
  const said = `GitHub answered ${status}: ${wordsOf(message)}`;
  if (isLimit(answer)) return limitFailure(answer.headers, answer.nowMs);
  if (status >= 500) return { ...passingFailure, error: unreachable(`GitHub answered ${status}`) };
  switch (status) {
    case 401:
      return { ...plainFailure, error: new HostError('forbidden', said), badToken: true };
    case 403:
      return { ...plainFailure, error: new HostError(/suspended/i.test(message) ? 'gone' : 'forbidden', said) };
    case 404:
    case 410:
    case 451:
      return { ...plainFailure, error: new HostError('gone', said), unknown: status === 404 };
    case 409:
      return { ...plainFailure, error: new HostError('moved', said) };
    default:
      return { ...plainFailure, error: new HostError(kindOfWords(message) ?? 'refused', said) };
  }
}

function isLimit({ status, message, headers }: Answered): boolean {
  if (status === 429) return true;
  return (
    status === 403 && (headers['x-ratelimit-remaining'] === '0' || 'retry-after' in headers || limitWords.test(message))
  );
}

const plainFailure = { passing: false, badToken: false, unknown: false, secondary: false } as const;
const passingFailure = { ...plainFailure, passing: true } as const;

/** The request was refused because too many went before it. The headers say until when. */
export function limitFailure(headers: Headers, nowMs: number): Failure {
  const retryAfterMs = Number(headers['retry-after']) * 1000;
  const resetMs = Number(headers['x-ratelimit-reset']) * 1000;
  const primary = String(headers['x-ratelimit-remaining']) === '0' && Number.isFinite(resetMs);
  const askedMs = primary ? resetMs - nowMs : Number.isFinite(retryAfterMs) ? retryAfterMs : secondaryWaitMs;
  const untilMs = nowMs + Math.min(Math.max(askedMs, 1000), waitMsMax);
  const error = new HostError(
    'limited',
    `GitHub takes no more requests for ${Math.ceil((untilMs - nowMs) / 1000)} s`,
    untilMs,
  );
  return { ...plainFailure, error, secondary: !primary };
}

/** The kind of one GraphQL fault. */
export function faultKind(fault: Fault): HostErrorKind {
  switch (fault.type) {
    case 'RATE_LIMITED':
    case 'RATE_LIMIT':
      return 'limited';
    case 'STALE_DATA':
      return 'moved';
    case 'NOT_FOUND':
      return /to a Repository/i.test(fault.message) ? 'gone' : 'moved';
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
    case 'UNAUTHENTICATED':
      return kindOfWords(fault.message) === 'limited' ? 'limited' : 'forbidden';
    case 'INTERNAL':
    case 'SERVICE_UNAVAILABLE':
    case 'TIMEOUT':
    case 'RESOURCE_LIMITS_EXCEEDED':
      return 'unreachable';
    default:
      return kindOfWords(fault.message) ?? 'refused';
  }
}

export function faultError(fault: Fault): HostError {
  return new HostError(faultKind(fault), `GitHub says: ${wordsOf(fault.message)}`);
}

function kindOfWords(message: string): HostErrorKind | undefined {
  if (limitWords.test(message)) return 'limited';
  if (/expected branch to point to|is at \S+ but expected|already exists|does not exist/i.test(message)) return 'moved';
  if (ruleWords.test(message)) return 'forbidden';
  if (/something went wrong|timed? ?out|try again later/i.test(message)) return 'unreachable';
  return undefined;
}

/** An answer that is not what GitHub documents: taken as a passing fault of GitHub's or of something on the way. */
export function parseAnswer<Output>(schema: z.ZodType<Output>, answer: unknown, what: string): Output {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw unreachable(`GitHub's answer to ${what} is not as documented${where === '' ? '' : `, at ${where}`}`);
}

function unreachable(message: string): HostError {
  return new HostError('unreachable', message);
}

/** GitHub's own words, short enough for a log line and without a page of HTML. */
function wordsOf(message: string): string {
  return message.trimStart().startsWith('<') ? '(a page of HTML)' : plainText(message, wordsCharactersMax);
}
