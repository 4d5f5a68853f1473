import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['web-shop', 'reopened', 'tampered'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

const stateBranch = 'pawl/state';

function stateFile(application: string): { readonly declined: readonly Readonly<Record<string, unknown>>[] } {
  return JSON.parse(story().file(`lanes/staging/${application}.json`, stateBranch));
}

test('a candidate a person turned down is not offered again, and that is written where people can read it', async () => {
  const { github, repo, world } = story();
  const place = { application: 'web-shop', environment: 'staging' };
  const dev = { application: 'web-shop', environment: 'dev' };
  await story().release('web-shop', '1.0', '1.1');
  const { number } = story().open(place);
  await story().close(place, github.person('erin'));

  expect(stateFile('web-shop')).toEqual({
    version: 1,
    declined: [
      { candidate: expect.stringMatching(/^[0-9a-f]{64}$/), pullRequest: number, by: 'erin', atMs: expect.any(Number) },
    ],
  });
  const [change, ...older] = github.log(repo, stateBranch);
  expect(older).toEqual([]);
  expect(change).toMatchObject({ author: 'pawl[bot]', verified: true, parents: [] });
  expect(change?.message).toContain("web-shop in staging: a person's decision");
  expect(github.files(repo, stateBranch)).toEqual(['lanes/staging/web-shop.json']);

  await story().runs(dev);
  expect(story().decided(place)).toEqual({
    code: 'declined',
    text: `erin closed pull request #${number}: this candidate is not offered again.`,
  });

  await world.restart();
  await story().runs(dev);
  await world.restart({ keepData: false });
  await story().runs(dev);
  expect(story().pulls(place)).toHaveLength(1);
  expect(story().decided(place).code).toBe('declined');
  expect(github.log(repo, stateBranch)).toHaveLength(1);

  await story().release('web-shop', '1.1', '1.2');
  expect(story().open(place)).toMatchObject({ title: 'Promote web-shop 1.2 to staging' });
  expect(story().pulls(place)).toHaveLength(2);
  expect(stateFile('web-shop').declined).toHaveLength(1);
});

test('opening the pull request again takes the word back', async () => {
  const { github, repo, world } = story();
  const place = { application: 'reopened', environment: 'staging' };
  await story().release('reopened', '1.0', '1.1');
  const { number } = story().open(place);
  await story().close(place);
  expect(stateFile('reopened').declined).toHaveLength(1);

  github.reopen(repo, number);
  await world.settled();
  expect(stateFile('reopened').declined).toEqual([]);
  expect(story().open(place)).toMatchObject({ number, draft: false });
  await story().merge(place);
  expect(story().file('apps/reopened/staging/kustomization.yaml')).toContain('newTag: "1.1"');
});

test('what somebody else wrote there stops the lane until it is reverted', async () => {
  const { github, repo, world } = story();
  const place = { application: 'tampered', environment: 'staging' };
  const path = 'lanes/staging/tampered.json';
  const by = github.person('mallory');
  await story().release('tampered', '1.0', '1.1');
  await story().close(place);
  const written = story().file(path, stateBranch);
  const trusted = github.head(repo, stateBranch) ?? '';

  const stopped = `${path} on the branch pawl/state was changed by mallory and not by Pawl. Revert that commit on the branch pawl/state to go on.`;
  github.commit(repo, { branch: stateBranch, by, files: { [path]: '{"version":1,"declined":[]}\n' } });
  await story().release('tampered', '1.1', '1.2');
  expect(story().openCount(place)).toBe(0);
  expect(story().decided(place)).toEqual({ code: 'untrusted', text: stopped });
  // The lanes whose files nobody touched go on.
  await story().release('reopened', '1.1', '1.2');
  expect(story().openCount({ application: 'reopened', environment: 'staging' })).toBe(1);

  github.commit(repo, { branch: stateBranch, by, files: { [path]: written }, message: 'Revert "tamper"' });
  await world.settled();
  expect(story().open(place)).toMatchObject({ title: 'Promote tampered 1.2 to staging', draft: false });

  github.commit(repo, { branch: stateBranch, by, files: { [path]: null } });
  await world.settled();
  expect(story().open(place).draft).toBe(true);
  expect(top(story().open(place).body)).toEqual(['[!CAUTION]', `**Stopped:** ${stopped} Do not merge it now.`]);
  github.forcePush(repo, stateBranch, { to: trusted });
  await world.settled();
  expect(story().open(place).draft).toBe(false);
});
