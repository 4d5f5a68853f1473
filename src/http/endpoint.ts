import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery } from '../ports/store.ts';

/**
 * One place that takes deliveries in. A request passes three gates, the cheap ones first: its headers before a byte of the
 * body is read, its body's signature before it is parsed, its content before it is recorded.
 */
export interface Endpoint {
  readonly origin: Delivery['origin'];
  readonly bodyBytesMax: number;
  /** What to tell a sender whose body is not JSON. */
  readonly jsonMend: string;
  admit(headers: RequestHeaders): Admitted | Refused;
}

export interface Admitted {
  readonly kind: 'admitted';
  readonly id: string;
  readonly event: string;
  /** Says whose secret the body was sent with: nothing for GitHub, the instance's name for the others. */
  authenticate(body: Buffer): Authenticated | Refused;
  /** What of the payload is kept, if anything is. */
  judge(payload: object, instance: string | undefined): Judged | Refused;
}

export interface Authenticated {
  readonly kind: 'authenticated';
  readonly instance: string | undefined;
}

export type Judged =
  | { readonly kind: 'wanted'; readonly payload: object }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Every value of every header, by lower-case name. */
export type RequestHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/** An answer that says no: what is wrong, and what to do about it. Never a word of what was sent. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly error: string;
  readonly mend: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(status: number, error: string, mend: string): Refused {
  return { kind: 'refused', status, error, mend };
}

/** A secret, and whose it is. Two of one name are the old and the new one while they are exchanged. */
export interface NamedSecret {
  readonly name: string;
  readonly secret: string;
}

/** The only value of a header, or undefined when it is missing or sent more than once. */
export function onlyValue(headers: RequestHeaders, name: string): string | undefined {
  const values = headers[name] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/** The one spelling of a signature that GitHub and Flux send. */
const signaturePattern = /^sha256=[0-9a-f]{64}$/;

export function isSignature(value: string | undefined): value is string {
  return value !== undefined && signaturePattern.test(value);
}

/** Name of the secret the body was signed with. Every secret is tried, so the time taken tells nothing about them. */
export function findSigner(secrets: readonly NamedSecret[], body: Buffer, signature: string): string | undefined {
  const sent = Buffer.from(signature.slice('sha256='.length), 'hex');
  return findEqual(secrets, sent, (secret) => createHmac('sha256', secret).update(body).digest());
}

/** Name of the secret that was sent. Hashes are compared, so that not even its length shows. */
export function findSender(secrets: readonly NamedSecret[], sent: string): string | undefined {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return findEqual(secrets, hash(sent), hash);
}

function findEqual(
  secrets: readonly NamedSecret[],
  sent: Buffer,
  digest: (secret: string) => Buffer,
): string | undefined {
  let found: string | undefined;
  for (const { name, secret } of secrets) {
    if (timingSafeEqual(digest(secret), sent)) found = name;
  }
  return found;
}
