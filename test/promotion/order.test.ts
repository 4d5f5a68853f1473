import { expect, test } from 'vitest';
import { compareVersions } from '../../src/promotion/order.ts';

test.each([
  [{ newTag: '1.10.0' }, { newTag: '1.9.0' }, 'higher'],
  [{ newTag: 'v1.9.0' }, { newTag: '1.10.0' }, 'lower'],
  [{ newTag: '1.10' }, { newTag: '1.9' }, 'higher'],
  [{ value: 'ghcr.io/acme/web:2.0.0@sha256:abc' }, { value: 'ghcr.io/acme/web:1.0.0' }, 'higher'],
  [{ newTag: '1.0.0', digest: 'sha256:aa' }, { newTag: '1.0.0', digest: 'sha256:bb' }, 'equal'],
  [{ newTag: '2.0.0-rc.1' }, { newTag: '2.0.0' }, 'lower'],
  [{ newTag: 'main-4f1e2d9' }, { newTag: '1.0.0' }, undefined],
  [{ digest: 'sha256:aa' }, { newTag: '1.0.0' }, undefined],
  [{ newTag: '20240101' }, { newTag: '20240102' }, undefined],
])('%j against %j: %s', (a, b, expected) => {
  expect(compareVersions(a, b)).toBe(expected);
});
