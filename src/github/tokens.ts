import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { failureOf, parseAnswer } from './errors.ts';
import { Lru } from './lru.ts';
import type { PawlOctokit } from './octokit.ts';

/** An Octokit that acts as one installation, and when its token was made. */
export interface InstallationToken {
  readonly octokit: PawlOctokit;
  readonly mintedAtMs: number;
}

export interface Tokens {
  /** The token in memory, or a new one. Throws what the request for it throws. */
  get(installationId: number): Promise<InstallationToken>;
  /** Forgets a token that GitHub no longer accepts. */
  drop(installationId: number, token: InstallationToken): void;
}

/** GitHub's tokens live an hour; the last minute is left alone, so that none ends on the way. */
const tokenLifetimeMs = 59 * 60_000;

/** Tokens in memory: far more installations than one process serves. */
const tokensMax = 10_000;

/** All that this adapter needs, whatever else the App may have been given. */
export const tokenPermissions = {
  contents: 'write',
  pull_requests: 'write',
  checks: 'write',
  metadata: 'read',
} as const;

const minted = z.object({ token: z.string().min(1) });

export interface TokensOptions {
  /** Signed in as the App. */
  readonly app: PawlOctokit;
  readonly signIn: (token: string) => PawlOctokit;
  readonly clock: Clock;
  readonly log: Log;
}

interface Kept {
  readonly token: Promise<InstallationToken>;
  readonly mintedAtMs: number;
}

/** Installation tokens: one for each installation, made when first needed, kept in memory only. */
export function createTokens(options: TokensOptions): Tokens {
  const known = new Lru<Kept>(tokensMax);
  return {
    get(installationId) {
      const key = String(installationId);
      const mintedAtMs = options.clock.now();
      const before = known.get(key);
      if (before !== undefined && mintedAtMs - before.mintedAtMs < tokenLifetimeMs) return before.token;
      const token = mint(options, installationId, mintedAtMs);
      known.set(key, { token, mintedAtMs }, 1);
      token.catch(() => known.delete(key));
      return token;
    },
    drop(installationId, token) {
      const key = String(installationId);
      if (known.get(key)?.mintedAtMs === token.mintedAtMs) known.delete(key);
    },
  };
}

async function mint(options: TokensOptions, installationId: number, mintedAtMs: number): Promise<InstallationToken> {
  const answer = await ask(options, installationId);
  const { token } = parseAnswer(minted, answer.data, 'the request for a token');
  return { octokit: options.signIn(token), mintedAtMs };
}

const route = 'POST /app/installations/{installation_id}/access_tokens';

async function ask({ app, clock, log }: TokensOptions, installationId: number): Promise<{ readonly data: unknown }> {
  try {
    return await app.request(route, { installation_id: installationId, permissions: tokenPermissions });
  } catch (error) {
    // An installation that has not been granted all of them yet may still do some of the work.
    if (failureOf(error, clock.now()).error.kind !== 'refused') throw error;
    log.warn({ installationId }, 'This installation has not been granted every permission Pawl asks for.');
    return app.request(route, { installation_id: installationId });
  }
}
