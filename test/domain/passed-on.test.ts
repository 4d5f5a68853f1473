import { expect, test } from 'vitest';
import { passedOn, passedOnFrom, subjectAtSource } from '../../src/domain/passed-on.ts';
import { aLoopReport } from '../build/a-loop.ts';

const report = aLoopReport({ name: 'web-dev', revision: 'a'.repeat(40) });

test('a report that is passed on says from where, under a subject of its own, and is else the same', () => {
  const passed = passedOn(report, 'Acme/Config-Dev');
  expect(passed).toEqual({
    ...report,
    repository: 'acme/config-dev',
    subject: 'acme/config-dev argocd:main:argocd/web-dev',
  });
  expect(passedOnFrom(passed)).toBe('acme/config-dev');
  expect(subjectAtSource(passed)).toBe('argocd:main:argocd/web-dev');
});

test('one that is not is about the repo itself, whatever name it calls it by', () => {
  expect(passedOnFrom(report)).toBeUndefined();
  expect(subjectAtSource(report)).toBe(report.subject);
  expect(passedOnFrom({ ...report, subject: `${report.repository}: web` })).toBeUndefined();
});
