import { expect, test } from 'vitest';
import { sourceNames } from '../../src/domain/report.ts';
import { sourceForEvent, syncSources } from '../../src/sources/index.ts';

test('every source has the name it is registered under, and explains itself', () => {
  expect(Object.keys(syncSources)).toEqual([...sourceNames]);
  for (const [name, source] of Object.entries(syncSources)) {
    expect(source.name).toBe(name);
    expect(source.summary.length).toBeGreaterThan(20);
    expect(Object.keys(source.fields).length).toBeGreaterThan(0);
    for (const explanation of Object.values(source.fields)) expect(explanation.length).toBeGreaterThan(10);
  }
});

test.each([
  ['status', 'github-status'],
  ['deployment_status', 'github-deployment'],
  ['repository_dispatch', 'github-dispatch'],
  ['check_run', 'check-run'],
  ['push', undefined],
  ['undefined', undefined],
  ['__proto__', undefined],
  ['', undefined],
])('the event %j belongs to %s', (event, name) => {
  expect(sourceForEvent(event)?.name).toBe(name);
});
