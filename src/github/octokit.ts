import { createAppAuth } from '@octokit/auth-app';
import { ProbotOctokit } from 'probot';
import packageJson from '../../package.json' with { type: 'json' };
import type { CreateJwt } from './app-jwt.ts';

/** GitHub gives up on a request after ten seconds itself; an answer later than that helps nobody. */
export const requestTimeoutMs = 10_000;

/** Largest answer that is read. A recursive tree has at most 7 MB; the files of one document are far below this. */
const answerBytesMax = 64 * 1024 * 1024;

/** The version of GitHub's REST interface this is written for. */
const apiVersion = '2022-11-28';

const userAgent = `pawl/${packageJson.version}`;

type OctokitOptions = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>;

/**
 * Probot's Octokit without its throttling (one GraphQL read a second) and without its retries (they repeat writes that had
 * their effect). It never logs, since Probot's logs hold bodies. Also what `new Probot({ Octokit })` is to be given.
 */
export const PawlOctokit: typeof ProbotOctokit = ProbotOctokit.defaults((options: OctokitOptions) => ({
  ...options,
  userAgent,
  log: silent,
  throttle: { enabled: false },
  retry: { enabled: false },
  request: { fetch: boundedFetch(requestTimeoutMs), ...options.request, log: silent },
}));

export type PawlOctokit = ProbotOctokit;

export interface OctokitSettings {
  /** Base of the REST interface: `https://api.github.com`, `https://host/api/v3`. */
  readonly apiUrl: string;
  readonly timeoutMs: number;
}

/** Signed in as the App, for what only the App itself may ask. */
export function createAppOctokit(
  { apiUrl, timeoutMs }: OctokitSettings,
  auth: { readonly appId: number; readonly createJwt: CreateJwt },
): PawlOctokit {
  const request = { fetch: boundedFetch(timeoutMs) };
  return new PawlOctokit({ baseUrl: apiUrl, authStrategy: createAppAuth, auth, request });
}

/** Signed in with a token. */
export function createTokenOctokit({ apiUrl, timeoutMs }: OctokitSettings, token: string): PawlOctokit {
  return new PawlOctokit({ baseUrl: apiUrl, auth: { token }, request: { fetch: boundedFetch(timeoutMs) } });
}

const ignore = (): void => undefined;

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** `fetch` with a deadline for the whole answer, a limit on its size, and the version header. */
function boundedFetch(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('x-github-api-version', apiVersion);
    return bounded(await fetch(input, { ...init, headers, signal: AbortSignal.timeout(timeoutMs) }));
  };
}

function bounded(response: Response): Response {
  if (response.body === null) return response;
  let bytesLeft = answerBytesMax;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytesLeft -= chunk.byteLength;
      if (bytesLeft < 0) controller.error(new Error(`the answer is larger than ${answerBytesMax} bytes`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}
