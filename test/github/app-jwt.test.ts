import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { appJwt } from '../../src/github/app-jwt.ts';

const nowSeconds = Date.parse('2026-03-01T12:00:00Z') / 1000;
const clock = { now: () => nowSeconds * 1000 };
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

function decode(part: string | undefined): unknown {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
}

test.each([
  ['PKCS#1', keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
  ['PKCS#8', keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ['one line', keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', '\\n')],
])('signs with a key in %s, by the clock it is given', async (_, pem) => {
  const { jwt, expiresAt } = await appJwt(pem, clock)(123);
  const [header, claims, signature] = jwt.split('.');
  expect(decode(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(decode(claims)).toEqual({ iat: nowSeconds - 60, exp: nowSeconds + 540, iss: '123' });
  expect(expiresAt).toBe('2026-03-01T12:09:00.000Z');
  const isValid = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    keys.publicKey,
    Buffer.from(signature ?? '', 'base64url'),
  );
  expect(isValid).toBe(true);
});

test('a clock that GitHub finds wrong is corrected', async () => {
  const { jwt } = await appJwt(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), clock)(123, -300);
  expect(decode(jwt.split('.')[1])).toMatchObject({ exp: nowSeconds + 240 });
});

test('what is no key is told at once', () => {
  expect(() => appJwt('-----BEGIN NOTHING-----', clock)).toThrow();
});
