import { createPrivateKey, sign } from 'node:crypto';
import { type Fields, fieldsList, inner, isFields, text } from './fields.ts';
import type { LocalGitHub } from './local-github.ts';
import type { AppHandle } from './people.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What a GraphQL request answered: errors as `path: TYPE message`, so that a test reads like what a client sees. */
export interface GraphqlAnswer {
  readonly data: Fields;
  readonly errors: readonly string[];
}

/** Somebody who speaks HTTP to the server with plain `fetch`. */
export interface Client {
  rest(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  graphql(query: string, variables?: Fields): Promise<GraphqlAnswer>;
}

export function client(github: Pick<LocalGitHub, 'url'>, token: string | undefined): Client {
  const authorization: Readonly<Record<string, string>> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const rest: Client['rest'] = async (method, path, body, headers = {}) => {
    const options = {
      method,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const answer = await fetch(`${github.url}${path}`, options);
    const words = await answer.text();
    return { status: answer.status, headers: answer.headers, body: words === '' ? undefined : JSON.parse(words) };
  };
  return {
    rest,
    async graphql(query, variables = {}) {
      const { status, body } = await rest('POST', '/graphql', { query, variables });
      if (status !== 200 || !isFields(body)) throw new Error(`GraphQL answered ${status}: ${JSON.stringify(body)}`);
      return { data: inner(body, 'data'), errors: fieldsList(body, 'errors').map(describe) };
    },
  };
}

function describe(error: Fields): string {
  const path = Array.isArray(error['path']) ? `${error['path'].join('.')}: ` : '';
  return [`${path}${error['type'] ?? ''}`.trim(), error['message']].filter(Boolean).join(' ');
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface JwtOptions {
  readonly issuer?: unknown;
  readonly issuedAtMs?: number;
  readonly lifetimeSeconds?: number;
  /** Of another App, to sign with the wrong key. */
  readonly key?: string;
}

/** The token an App signs for itself. */
export function appToken(app: AppHandle, options: JwtOptions = {}): string {
  const issuedAt = Math.floor((options.issuedAtMs ?? Date.now()) / 1000);
  const claims = {
    iat: issuedAt - 30,
    exp: issuedAt + (options.lifetimeSeconds ?? 540),
    iss: options.issuer ?? app.id,
  };
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(unsigned), createPrivateKey(options.key ?? app.privateKeyPem));
  return `${unsigned}.${signature.toString('base64url')}`;
}

/** A token of an installation, perhaps for less than it may do. */
export async function installationToken(
  github: Pick<LocalGitHub, 'url'>,
  app: AppHandle,
  options: { readonly installation: number; readonly issuedAtMs?: number } & Fields,
): Promise<string> {
  const { installation, issuedAtMs, ...narrowing } = options;
  const own = client(github, appToken(app, issuedAtMs === undefined ? {} : { issuedAtMs }));
  const { status, body } = await own.rest('POST', `/app/installations/${installation}/access_tokens`, narrowing);
  if (status !== 201 || !isFields(body)) throw new Error(`no token: ${status} ${JSON.stringify(body)}`);
  return text(body, 'token');
}
