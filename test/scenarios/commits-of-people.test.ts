import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['edited', 'left', 'both', 'updated', 'squashed'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

/** A person pushes a commit of their own on the branch of a lane. Answers its id. */
async function commitOn(branch: string, message = 'Raise the memory limit'): Promise<string> {
  const { github, repo, world } = story();
  const by = github.person('erin');
  const oid = github.commit(repo, { branch, by, message, files: { [`notes/${branch}.md`]: message } });
  await world.settled();
  return oid;
}

/** Whether some branch holds a commit, so that Git keeps it. */
function isReachable(oid: string): boolean {
  const { github, repo } = story();
  return github.branches(repo).some((branch) => github.log(repo, branch).some(({ sha }) => sha === oid));
}

test('a commit of a person on the branch is never overwritten: a newer candidate is announced', async () => {
  const { github, repo } = story();
  const place = { application: 'edited', environment: 'staging' };
  await story().release('edited', '1.0', '1.1');
  const { number, head } = story().open(place);
  const oid = await commitOn(head.branch);
  expect(top(story().open(place).body)).toContain('**Note:** The branch holds commits by erin: it is left as it is.');

  await story().release('edited', '1.1', '1.2');
  const pull = story().open(place);
  expect(pull).toMatchObject({ number, title: 'Promote edited 1.1 to staging', head: { sha: oid } });
  expect(top(pull.body)).toContain(
    '**Note:** The branch holds commits by erin: it is left as it is. Another candidate waits: merge or close this one to get it.',
  );
  expect(versionsTable(pull.body)).toEqual([['edited', '`ghcr.io/acme/edited`', '`1.0`', '**`1.1`**']]);
  expect(isReachable(oid)).toBe(true);

  await story().merge(place);
  expect(github.file(repo, 'main', `notes/${head.branch}.md`)).toBe('Raise the memory limit');
  expect(isReachable(oid)).toBe(true);
  expect(story().open(place).title).toBe('Promote edited 1.2 to staging');
});

test('a closed pull request with a commit of a person leaves its branch behind: the next one takes another', async () => {
  const place = { application: 'left', environment: 'staging' };
  await story().release('left', '1.0', '1.1');
  const oid = await commitOn('promote/staging/left');
  await story().close(place);
  await story().release('left', '1.1', '1.2');

  expect(story().open(place)).toMatchObject({
    title: 'Promote left 1.2 to staging',
    head: { branch: 'promote/staging/left+2' },
  });
  expect(story().github.head(story().repo, 'promote/staging/left')).toBe(oid);
  await story().merge(place);
  expect(story().file('apps/left/staging/kustomization.yaml')).toContain('newTag: "1.2"');
});

test('two such branches stop the lane, which names them', async () => {
  const { github, repo, world } = story();
  const place = { application: 'both', environment: 'staging' };
  await story().release('both', '1.0', '1.1');
  const first = await commitOn('promote/staging/both');
  await story().close(place);
  await story().release('both', '1.1', '1.2');
  const second = await commitOn('promote/staging/both+2');
  await story().close(place);
  await story().release('both', '1.2', '1.3');
  expect(story().openCount(place)).toBe(0);
  expect(story().decided(place)).toEqual({
    code: 'occupied',
    text: "The branches promote/staging/both and promote/staging/both+2 are in people's hands. Delete one of them to go on.",
  });
  expect([isReachable(first), isReachable(second)]).toEqual([true, true]);

  github.deleteBranch(repo, 'promote/staging/both');
  await world.settled();
  await story().release('both', '1.3', '1.4');
  expect(story().open(place)).toMatchObject({ title: 'Promote both 1.4 to staging' });
  expect(github.head(repo, 'promote/staging/both+2')).toBe(second);
});

test("GitHub's button that merges the base into the branch counts as a person's commit", async () => {
  const { github, repo, world } = story();
  const place = { application: 'updated', environment: 'staging' };
  await story().release('updated', '1.0', '1.1');
  await story().push({ 'docs/readme.md': 'Something else.\n' });
  const { number } = story().open(place);
  const merged = github.updateBranch(repo, number, { by: github.person('erin') });
  await world.settled();
  await story().release('updated', '1.1', '1.2');
  expect(story().open(place)).toMatchObject({ number, head: { sha: merged } });
});

test('a squashed merge counts as a promotion like any other', async () => {
  const { github, repo, world } = story();
  const place = { application: 'squashed', environment: 'staging' };
  await story().release('squashed', '1.0', '1.1');
  github.merge(repo, story().open(place).number, { method: 'squash' });
  await world.settled();
  await story().runs(place);
  expect(top(story().newest(place).body)[0]).toBe('[!TIP]');
  await story().release('squashed', '1.1', '1.2');
  expect(top(story().open(place).body)[0]).toBe('[!NOTE]');
});
