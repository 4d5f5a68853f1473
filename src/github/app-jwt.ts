import { createPrivateKey, sign } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';

/** What `@octokit/auth-app` asks for when a request is from the App itself. */
export type CreateJwt = (
  appId: number | string,
  timeDifferenceSeconds?: number,
) => Promise<{ readonly jwt: string; readonly expiresAt: string }>;

/** GitHub takes at most ten minutes, and clocks differ: it starts a minute ago and ends a minute early. */
const backdatedSeconds = 60;
const lifetimeSeconds = 540;

/**
 * Signs in as the App, by our own clock. `privateKey` is PEM; line breaks may be written as `\n`, as environment variables have
 * them. Throws at once when it is no key.
 */
export function appJwt(privateKey: string, clock: Clock): CreateJwt {
  const key = createPrivateKey(privateKey.replaceAll('\\n', '\n'));
  return async (appId, timeDifferenceSeconds = 0) => {
    const nowSeconds = Math.floor(clock.now() / 1000) + timeDifferenceSeconds;
    const expiresSeconds = nowSeconds + lifetimeSeconds;
    const claims = { iat: nowSeconds - backdatedSeconds, exp: expiresSeconds, iss: String(appId) };
    const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
    const signature = sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url');
    return { jwt: `${signed}.${signature}`, expiresAt: new Date(expiresSeconds * 1000).toISOString() };
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
