import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { findSender, findSigner, isSignature, onlyValue } from '../../src/http/endpoint.ts';

const secrets = [
  { name: 'first', secret: 'secret-one' },
  { name: 'second', secret: 'secret-two' },
  { name: 'second', secret: 'secret-two-new' },
];
const body = Buffer.from('{"a":1}');

test.each(secrets)('finds $name by its signature and by its token', ({ name, secret }) => {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  expect(isSignature(signature)).toBe(true);
  expect(findSigner(secrets, body, signature)).toBe(name);
  expect(findSigner(secrets, Buffer.from('{"a":2}'), signature)).toBeUndefined();
  expect(findSender(secrets, secret)).toBe(name);
});

test.each(['', 'secret-on', 'secret-one ', 'first', 'SECRET-ONE'])('knows no sender by %j', (sent) => {
  expect(findSender(secrets, sent)).toBeUndefined();
});

test('without secrets nobody is known', () => {
  expect(findSender([], '')).toBeUndefined();
  expect(findSigner([], body, `sha256=${'0'.repeat(64)}`)).toBeUndefined();
});

test('a header that is sent twice has no value', () => {
  expect(onlyValue({ a: ['1'] }, 'a')).toBe('1');
  expect(onlyValue({ a: ['1', '1'] }, 'a')).toBeUndefined();
  expect(onlyValue({}, 'a')).toBeUndefined();
});
