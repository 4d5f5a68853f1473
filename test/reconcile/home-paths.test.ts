import { expect, test } from 'vitest';
import { inProcessDecider } from '../../src/decider/in-process.ts';
import { pathsOfHomes } from '../../src/reconcile/home-paths.ts';
import { Trees } from '../../src/reconcile/trees.ts';
import { LoopUnderTest, loopConfig, loopFiles, loopRepo } from '../build/a-loop.ts';

const head = 'a'.repeat(40);
const elsewhere = loopConfig
  .replace('dev: {}', 'dev: { repo: acme/other, targets: { found: "apps/{region}-*" } }')
  .replace('{environment}\n    promote', '{environment}[/{target}]\n    promote')
  .replaceAll('{application}-{environment}', '{application}-{environment}[-{target}]')
  .replace('everyApplication: true', 'everyApplication: true\n    everyTarget: true');

test.each([
  [true, ['.github/pawl.yaml', 'apps/web/dev/kustomization.yaml']],
  [false, []],
])('another repo is looked into for targets only if it feeds this one: %s', async (allowed, expected) => {
  const loop = new LoopUnderTest();
  loop.repo.commit(head, loopFiles({ 'web/dev': '1.1' }));
  const host = loop.repo.host();
  const read = await inProcessDecider.readConfig(elsewhere);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const where = { repo: { ...loopRepo, id: 8 }, head, config: read.config };
  const paths = await pathsOfHomes(where, { host, trees: new Trees(host), feeds: async () => allowed });
  expect(paths?.get('acme/other@')).toEqual(expected);
  expect(loop.requests()).toEqual(allowed ? ['findRepo', 'sweep', 'readTree'] : ['findRepo']);
});
