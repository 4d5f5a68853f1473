import { createPrivateKey, type KeyObject } from 'node:crypto';
import { isName } from './domain/lane.ts';
import type { NamedSecret } from './http/endpoint.ts';

/** Shortest webhook secret, in characters: 32 random bytes in any spelling have more, and no word has as many. */
export const webhookSecretCharactersMin = 32;

/** Shortest token or secret of an Argo CD instance or Flux cluster, in characters: 64 random bits in hexadecimal. */
export const instanceSecretCharactersMin = 16;

/** Secrets of one kind of controller: a signature that names nobody is tried against every one of them. */
export const namedSecretsMax = 200;

/** Smallest RSA key, in bits; GitHub makes keys of exactly this size. */
export const keyBitsMin = 2_048;

/** A private key given as PEM, as PEM with `\\n` for line breaks, or as base64 of PEM; undefined when it is none. */
export function parseKey(text: string): KeyObject | undefined {
  const pem = text.includes('-----BEGIN') ? text.replaceAll('\\n', '\n') : Buffer.from(text, 'base64').toString('utf8');
  try {
    return createPrivateKey(pem.trim());
  } catch {
    return undefined;
  }
}

/** Words that defaults and examples are made of. */
const wellKnown =
  /development|secret|change-?me|password|passwd|test|example|default|token|webhook|github|argocd|flux|pawl|your|key/g;

/** Characters a secret must have besides such words and what joins them. */
const ownCharactersMin = 8;

/** Longest piece a secret may not be a repetition of. */
const pieceCharactersMax = 12;

/** Why a secret is none, as the rest of a sentence; undefined when nothing is wrong with it. Never says any of it. */
export function weakness(secret: string, charactersMin: number): string | undefined {
  const own = secret
    .toLowerCase()
    .replaceAll(wellKnown, '')
    .replaceAll(/[\s._-]/g, '').length;
  if (own === 0) return 'is a well-known word';
  if (secret.trim() !== secret) return 'begins or ends with white space';
  if (secret.length < charactersMin) return `is shorter than ${charactersMin} characters`;
  const pieces = Array.from({ length: pieceCharactersMax }, (_, index) => secret.slice(0, index + 1));
  if (pieces.some((piece) => secret === piece.repeat(secret.length).slice(0, secret.length))) {
    return 'repeats a few characters';
  }
  return own < ownCharactersMin ? 'is made of well-known words' : undefined;
}

export interface NamedSecretsRead {
  readonly secrets: readonly NamedSecret[];
  /** Entries are told by their number: even the name may be the secret, if somebody turned the two round. */
  readonly problems: readonly { readonly what: string; readonly mend: string }[];
}

/** Reads `name=secret`, separated by commas or line breaks. The same name twice has an old and a new secret. */
export function parseNamedSecrets(text: string): NamedSecretsRead {
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  const read = entries.filter((entry) => entry !== '').map(parseEntry);
  const secrets = read.flatMap((one) => ('secret' in one ? [one] : []));
  const problems = read.flatMap((one, index) =>
    'mistake' in one ? [{ what: `has a mistake in entry ${index + 1}: ${one.mistake}`, mend: one.mend }] : [],
  );
  return { secrets, problems: [...problems, ...findRepeated(read), ...findTooMany(secrets)] };
}

type Entry = NamedSecret | { readonly mistake: string; readonly mend: string };

const makeOne = 'Make one with `openssl rand -hex 32`.';

function parseEntry(entry: string): Entry {
  const equals = entry.indexOf('=');
  if (equals < 1)
    return { mistake: 'it is not of the form name=secret', mend: 'Write a name, an equals sign and the secret.' };
  const name = entry.slice(0, equals).trim();
  const secret = entry.slice(equals + 1).trim();
  if (!isName(name)) {
    return { mistake: 'its name is none', mend: 'Use letters, digits, dots, dashes and underscores, at most 63.' };
  }
  const weak = weakness(secret, instanceSecretCharactersMin);
  if (weak !== undefined) return { mistake: `its secret ${weak}`, mend: makeOne };
  return /^[\x21-\x7e]+$/.test(secret)
    ? { name, secret }
    : { mistake: 'its secret has a character that cannot stand in a header', mend: makeOne };
}

/** An old and a new one. */
const secretsPerNameMax = 2;

function findRepeated(entries: readonly Entry[]): readonly { readonly what: string; readonly mend: string }[] {
  const sameSecret = groups(entries, (entry) => entry.secret).filter((numbers) => numbers.length > 1);
  const sameName = groups(entries, (entry) => entry.name).filter((numbers) => numbers.length > secretsPerNameMax);
  return [
    ...sameSecret.map((numbers) => ({
      what: `has the same secret in entries ${numbers.join(' and ')}`,
      mend: 'Give each its own: the secret says who is speaking.',
    })),
    ...sameName.map((numbers) => ({
      what: `has the same name in entries ${numbers.join(' and ')}`,
      mend: 'Keep the old and the new one of a name while you exchange them, and no third.',
    })),
  ];
}

/** Numbers of the entries, from 1, that are equal in one respect. */
function groups(entries: readonly Entry[], respect: (entry: NamedSecret) => string): readonly (readonly number[])[] {
  const numbers = new Map<string, readonly number[]>();
  for (const [index, entry] of entries.entries()) {
    if (!('secret' in entry)) continue;
    const key = respect(entry);
    numbers.set(key, [...(numbers.get(key) ?? []), index + 1]);
  }
  return [...numbers.values()];
}

function findTooMany(secrets: readonly NamedSecret[]): readonly { readonly what: string; readonly mend: string }[] {
  if (secrets.length <= namedSecretsMax) return [];
  return [{ what: `has more than ${namedSecretsMax} entries`, mend: 'Let the instances of one group share a secret.' }];
}
