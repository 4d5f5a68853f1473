import { expect, test } from 'vitest';
import { smallApplication } from '../harness/config-repo.ts';
import { tellStories } from '../harness/story.ts';

const story = tellStories({ files: smallApplication('web', { dev: '1.1', staging: '1.0' }) });

test('after the App is taken away, a report costs one question at most, and changes nothing', async () => {
  const { world, github } = story();
  const revision = story().head;
  github.uninstall(world.app, 'acme');
  await world.settled();
  const before = github.mark();
  await world.argocd.report({ application: 'web', environment: 'dev', revision });
  await world.argocd.report({ application: 'web', environment: 'dev', revision });
  await world.settled();
  expect(github.countSince(before)).toBeLessThanOrEqual(1);
  expect(world.pawl.lines.join('\n')).toContain('A report names a repo that Pawl is not installed on.');
});
