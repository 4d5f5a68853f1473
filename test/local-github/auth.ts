import { verify } from 'node:crypto';
import type { Actor, App } from './accounts.ts';
import { type Fields, isFields } from './fields.ts';
import { RuleError } from './rule-error.ts';
import type { World } from './world.ts';

function unauthorized(message: string): RuleError {
  return new RuleError({ status: 401, type: 'UNAUTHENTICATED', message });
}

/** Who sent a request, by its `Authorization` header. An unknown or expired token is refused, never taken for somebody. */
export function authenticate(world: World, header: string | undefined): Actor {
  const [, token] = /^(?:bearer|token)\s+(\S+)$/i.exec(header ?? '') ?? [];
  if (token === undefined) throw unauthorized('Requires authentication');
  if (token.startsWith('eyJ')) return { kind: 'app', app: appOfJwt(world, token) };
  const known = world.tokens.get(token);
  if (!known) throw unauthorized('Bad credentials');
  if (known.kind === 'person') return known;
  if (known.expiresAtMs <= world.now()) throw unauthorized('Bad credentials');
  return known;
}

function parseJson(base64url: string): Fields {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
    if (isFields(parsed)) return parsed;
  } catch {
    // Falls through to the refusal.
  }
  throw undecodable();
}

const undecodable = (): RuleError => unauthorized('A JSON web token could not be decoded');

const msPerSecond = 1000;

/** An App may sign for ten minutes at most; clocks may differ by one. */
const lifetimeSecondsMax = 600;
const driftSeconds = 60;

function appOfJwt(world: World, token: string): App {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || parseJson(header)['alg'] !== 'RS256') throw undecodable();
  const claims = parseJson(payload);
  const app = appOfIssuer(world, claims['iss']);
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'))) throw undecodable();
  checkTimes(world, claims);
  return app;
}

function appOfIssuer(world: World, issuer: unknown): App {
  const id = Number(String(issuer).replace(/^Iv1\./, ''));
  const app = world.apps.get(id);
  if (!app) throw new RuleError({ status: 404, type: 'NOT_FOUND', message: 'Integration not found' });
  return app;
}

function checkTimes(world: World, claims: Fields): void {
  const now = world.now() / msPerSecond;
  const { iat, exp } = { iat: claims['iat'], exp: claims['exp'] };
  if (typeof exp !== 'number' || exp <= now - driftSeconds) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (typeof iat !== 'number' || iat > now + driftSeconds) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (exp - now > lifetimeSecondsMax + driftSeconds || exp - iat > lifetimeSecondsMax + driftSeconds) {
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  }
}

/** The App behind a request that only an App's own token may make. */
export function demandApp(actor: Actor): App {
  if (actor.kind !== 'app') throw unauthorized('A JSON web token could not be decoded');
  return actor.app;
}

/** A name for logs: a login, or `app:slug` for an App's own token. */
export function actorName(actor: Actor | undefined): string {
  switch (actor?.kind) {
    case undefined:
      return 'nobody';
    case 'person':
      return actor.account.login;
    case 'app':
      return `app:${actor.app.slug}`;
    case 'installation':
      return actor.installation.app.bot.login;
  }
}

/** Refuses what only an installation's token may do. */
export function demandInstallation(actor: Actor): Extract<Actor, { kind: 'installation' }> {
  if (actor.kind !== 'installation')
    throw new RuleError({
      status: 403,
      type: 'FORBIDDEN',
      message:
        'You must authenticate with an installation access token in order to list repositories for an installation.',
    });
  return actor;
}
