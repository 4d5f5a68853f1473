import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import { HostError } from '../ports/git-host.ts';
import type { Log } from '../ports/log.ts';
import { appJwt } from './app-jwt.ts';
import { type Failure, type Fault, failureOf, faultError, limitFailure, parseAnswer } from './errors.ts';
import { Lru } from './lru.ts';
import { createAppOctokit, createTokenOctokit, type PawlOctokit, requestTimeoutMs } from './octokit.ts';
import { createTokens } from './tokens.ts';

export interface GitHubOptions {
  readonly appId: number;
  /** PEM, as GitHub gives it out. */
  readonly privateKey: string;
  /** Base of the REST interface: `https://api.github.com`, `https://host/api/v3`. */
  readonly apiUrl: string;
  readonly log: Log;
  readonly clock: Clock;
  /** Waits; tests give one that does not. */
  readonly sleep?: (ms: number) => Promise<unknown>;
  readonly timeoutMs?: number;
}

/** Who a request is from: the App itself, or one installation of it. */
export type Sender = 'app' | number;

/** `read` can be asked twice without harm; `write` is sent once, whatever becomes of the answer. */
export type Effect = 'read' | 'write';

/** An answer of GraphQL: some fields may have failed while others had their effect. */
export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
}

export interface GraphqlRequest {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Requests to GitHub, signed in, bounded in time and number. Every failure is a `HostError`. */
export interface GitHubClient {
  /** One REST request through Octokit's typed `request`. */
  rest<Answer>(sender: Sender, effect: Effect, send: (octokit: PawlOctokit) => Promise<Answer>): Promise<Answer>;
  /** One GraphQL document. Faults of single fields are returned; when nothing at all was done, the first is thrown. */
  graphql(installationId: number, effect: Effect, request: GraphqlRequest): Promise<GraphqlAnswer>;
}

/** After a token is made, GitHub's servers can answer 404 or 401 for some seconds, since they do not all know it at once. */
const freshTokenMs = 30_000;

/** Waits between tries with a fresh token: 23 s in all. */
const freshTokenWaitsMs = [500, 1000, 2000, 4000, 8000, 8000] as const;

/** Wait before a read is asked once more after a fault on the way. */
const passingFaultWaitMs = 500;

/** Senders whose limits are remembered. */
const limitsMax = 10_000;

/** What was tried so far for one request. */
interface Tries {
  readonly lag: number;
  readonly passing: number;
  readonly badToken: number;
}

type Resource = 'rest' | 'graphql';

interface Call<Answer> {
  readonly sender: Sender;
  readonly effect: Effect;
  readonly resource: Resource;
  readonly send: (octokit: PawlOctokit) => Promise<Answer>;
}

interface SignedIn {
  readonly octokit: PawlOctokit;
  /** Age of the token; undefined for the App's own key. */
  readonly ageMs: number | undefined;
  drop(): void;
}

export function createGitHubClient(options: GitHubOptions): GitHubClient {
  const { apiUrl, appId, privateKey, clock, log } = options;
  const settings = { apiUrl, timeoutMs: options.timeoutMs ?? requestTimeoutMs };
  const sleep = options.sleep ?? ((ms: number) => setTimeout(ms));
  const app = createAppOctokit(settings, { appId, createJwt: appJwt(privateKey, clock) });
  const signIn = (token: string): PawlOctokit => createTokenOctokit(settings, token);
  const tokens = createTokens({ app, signIn, clock, log });
  const limits = createLimits(clock);

  async function sign(sender: Sender): Promise<SignedIn> {
    if (sender === 'app') return { octokit: app, ageMs: undefined, drop: () => undefined };
    const token = await tokens.get(sender);
    return {
      octokit: token.octokit,
      ageMs: clock.now() - token.mintedAtMs,
      drop: () => tokens.drop(sender, token),
    };
  }

  async function run<Answer>(call: Call<Answer>, tries: Tries): Promise<Answer> {
    limits.check(call.sender, call.resource);
    let signedIn: SignedIn | undefined;
    try {
      signedIn = await sign(call.sender);
      return await call.send(signedIn.octokit);
    } catch (thrown) {
      const failure = failureOf(thrown, clock.now());
      limits.learn(call.sender, call.resource, failure);
      const next = retryOf({ failure, effect: call.effect, ageMs: signedIn?.ageMs, tries });
      if (next === undefined) throw failure.error;
      if (next.newToken) signedIn?.drop();
      log.warn({ why: failure.error.message, waitMs: next.waitMs }, 'Asking GitHub once more.');
      await sleep(next.waitMs);
      return run(call, next.tries);
    }
  }

  const graphqlUrl = graphqlUrlOf(apiUrl);
  const none: Tries = { lag: 0, passing: 0, badToken: 0 };
  return {
    rest: (sender, effect, send) => run({ sender, effect, resource: 'rest', send }, none),
    graphql(installationId, effect, { document: query, variables }) {
      const send = async (octokit: PawlOctokit): Promise<GraphqlAnswer> =>
        readAnswer(await octokit.request(`POST ${graphqlUrl}`, { query, variables }), clock.now());
      return run({ sender: installationId, effect, resource: 'graphql', send }, none);
    },
  };
}

interface Retry {
  readonly tries: Tries;
  readonly waitMs: number;
  readonly newToken: boolean;
}

interface Question {
  readonly failure: Failure;
  readonly effect: Effect;
  readonly ageMs: number | undefined;
  readonly tries: Tries;
}

/** Whether to ask again, and how. A refused token and an unknown thing had no effect, so a write may be sent again too. */
function retryOf({ failure, effect, ageMs, tries }: Question): Retry | undefined {
  const lagWaitMs = freshTokenWaitsMs[tries.lag];
  const fresh = ageMs !== undefined && ageMs < freshTokenMs;
  if ((failure.unknown || failure.badToken) && fresh && lagWaitMs !== undefined) {
    return { tries: { ...tries, lag: tries.lag + 1 }, waitMs: lagWaitMs, newToken: false };
  }
  if (failure.badToken && ageMs !== undefined && tries.badToken === 0) {
    return { tries: { ...tries, badToken: 1 }, waitMs: 0, newToken: true };
  }
  if (failure.passing && effect === 'read' && tries.passing === 0) {
    return { tries: { ...tries, passing: 1 }, waitMs: passingFaultWaitMs, newToken: false };
  }
  return undefined;
}

interface Limits {
  /** Throws without asking GitHub while it wants no requests. */
  check(sender: Sender, resource: Resource): void;
  learn(sender: Sender, resource: Resource, failure: Failure): void;
}

/** GitHub punishes requests sent while a limit is exceeded: none is sent. REST and GraphQL have limits of their own. */
function createLimits(clock: Clock): Limits {
  const untilMs = new Lru<number>(limitsMax);
  const keyOf = (sender: Sender, resource: Resource): string => `${sender} ${resource}`;
  return {
    check(sender, resource) {
      const blockedUntilMs = untilMs.get(keyOf(sender, resource)) ?? 0;
      if (blockedUntilMs <= clock.now()) return;
      throw new HostError('limited', 'GitHub takes no more requests for now', blockedUntilMs);
    },
    learn(sender, resource, { error, secondary }) {
      if (error.kind !== 'limited' || error.untilMs === undefined) return;
      const resources: readonly Resource[] = secondary ? ['rest', 'graphql'] : [resource];
      for (const one of resources) untilMs.set(keyOf(sender, one), error.untilMs, 1);
    },
  };
}

/** GitHub Enterprise Server has REST under `/api/v3` and GraphQL beside it. */
function graphqlUrlOf(apiUrl: string): string {
  return apiUrl
    .replace(/\/+$/, '')
    .replace(/\/api\/v3$/, '/api')
    .concat('/graphql');
}

const fault = z.object({
  type: z.string().optional(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).default([]),
});

const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(fault).default([]),
});

function readAnswer(answer: { readonly headers: object; readonly data: unknown }, nowMs: number): GraphqlAnswer {
  const { data, errors } = parseAnswer(answerShape, answer.data, 'a GraphQL document');
  const faults: readonly Fault[] = errors.map(({ type, message, path }) => ({ type, message, path }));
  const limited = faults.find((one) => faultError(one).kind === 'limited');
  if (limited !== undefined) throw limitFailure({ ...answer.headers }, nowMs).error;
  const missing = faults.find((one) => faultError(one).kind === 'gone');
  if (missing !== undefined) throw faultError(missing);
  if (data !== null && data !== undefined) return { data, faults };
  throw faults[0] === undefined
    ? new HostError('unreachable', 'GitHub answered a GraphQL document with nothing')
    : faultError(faults[0]);
}
