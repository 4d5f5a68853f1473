import { generateKeyPairSync } from 'node:crypto';
import { schema as published } from '@octokit/graphql-schema';
import { buildSchema, type GraphQLSchema, getVariableValues, Kind, parse, validate } from 'graphql';
import nock from 'nock';
import type { Repo } from '../../src/domain/repo.ts';
import { createGitHubClient, type GitHubClient, type GraphqlRequest } from '../../src/github/client.ts';
import type { Fault } from '../../src/github/errors.ts';
import { createMemory, type GitHubContext } from '../../src/github/memory.ts';
import { HostError } from '../../src/ports/git-host.ts';

export const apiUrl = 'https://api.github.test';

export const repo: Repo = { installationId: 7, id: 42, owner: 'acme', name: 'config' };

/** Made once: a key takes a while. */
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export interface Stage {
  readonly client: GitHubClient;
  readonly context: GitHubContext;
  readonly clock: { readonly now: () => number; advance(ms: number): void };
  /** Every wait asked for, in milliseconds. Waiting moves the clock and takes no time. */
  readonly waits: readonly number[];
  /** What was logged, as text. */
  readonly logged: readonly string[];
}

const startMs = Date.parse('2026-03-01T12:00:00Z');

/** The adapter in front of whatever `nock` plays. */
export function setStage(options: { readonly timeoutMs?: number; readonly apiUrl?: string } = {}): Stage {
  let nowMs = startMs;
  const clock = {
    now: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
  const waits: number[] = [];
  const logged: string[] = [];
  const note = (facts: object, sentence: string): void => {
    logged.push(`${sentence} ${JSON.stringify(facts)}`);
  };
  const log = { info: note, warn: note, error: note };
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
    clock.advance(ms);
  };
  const client = createGitHubClient({ appId: 1, privateKey, apiUrl, log, clock, sleep, ...options });
  return { client, context: { client, memory: createMemory(), clock, log }, clock, waits, logged };
}

/** Plays the answer to the request for a token. */
export function playToken(token = 'ghs_first'): void {
  nock(apiUrl).post('/app/installations/7/access_tokens').reply(201, { token, expires_at: '2026-03-01T13:00:00Z' });
}

/** What a call throws, when it throws a `HostError`. */
export async function hostErrorOf(call: Promise<unknown>): Promise<HostError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof HostError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

let schema: GraphQLSchema | undefined;

/** What GitHub's published schema has against a document and the values of its variables. */
export function schemaFaults({ document, variables }: GraphqlRequest): readonly string[] {
  schema ??= buildSchema(published.idl, { assumeValid: true, assumeValidSDL: true });
  const parsed = parse(document);
  const faults = validate(schema, parsed).map(({ message }) => message);
  const definitions = parsed.definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION ? (one.variableDefinitions ?? []) : [],
  );
  const values = getVariableValues(schema, definitions, variables);
  return [...faults, ...(values.errors ?? []).map(({ message }) => message)];
}

type Data = Readonly<Record<string, unknown>>;

/** The adapter in front of one answer: what is asked is taken down, and answered with the same each time. */
export function answering(
  data: Data,
  faults: readonly Fault[] = [],
): { readonly context: GitHubContext; readonly client: { readonly sent: readonly GraphqlRequest[] } } {
  const sent: GraphqlRequest[] = [];
  const client = {
    sent,
    rest: () => Promise.reject(new Error('no REST request is expected')),
    async graphql(_installationId: number, _effect: string, request: GraphqlRequest) {
      sent.push(request);
      return { data, faults };
    },
  };
  const ignore = (): void => undefined;
  const log = { info: ignore, warn: ignore, error: ignore };
  return { client, context: { client, memory: createMemory(), clock: { now: () => 0 }, log } };
}

/** A repo about which no more is said than every read asks for. */
export function bareRepo() {
  const oid = 'a'.repeat(40);
  return {
    viewer: { login: 'pawl[bot]' },
    repository: {
      id: 'R_1',
      databaseId: repo.id,
      nameWithOwner: 'acme/config',
      url: 'https://github.test/acme/config',
      defaultBranchRef: { name: 'main', target: { oid, tree: { oid } } },
    },
  };
}
