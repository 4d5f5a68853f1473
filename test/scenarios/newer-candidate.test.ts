import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { changedLines, top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['updated', 'same', 'based', 'approved', 'commented'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

test('an open pull request takes a newer candidate in place', async () => {
  const { github, repo } = story();
  const place = { application: 'updated', environment: 'staging' };
  await story().release('updated', '1.0', '1.1');
  const before = story().open(place);
  const revision = await story().bump({ application: 'updated', environment: 'dev', from: '1.1', to: '1.2' });
  expect(await story().cost(() => story().runs({ application: 'updated', environment: 'dev', revision }))).toBe(4);

  const after = story().open(place);
  expect(after).toMatchObject({ number: before.number, title: 'Promote updated 1.2 to staging', draft: false });
  expect(after.head.sha).not.toBe(before.head.sha);
  expect(versionsTable(after.body)).toEqual([['updated', '`ghcr.io/acme/updated`', '`1.0`', '**`1.2`**']]);
  expect(changedLines(github.diff(repo, after.number))).toEqual(['-    newTag: "1.0"', '+    newTag: "1.2"']);
  expect(github.log(repo, after.head.branch)[0]?.parents).toEqual([revision]);
  expect(story().pulls(place)).toHaveLength(1);
  expect(after.comments).toEqual([]);
});

test('the same candidate again, at another revision, pushes nothing and says nothing', async () => {
  const place = { application: 'same', environment: 'staging' };
  await story().release('same', '1.0', '1.1');
  const before = story().open(place);
  const dev = { application: 'same', environment: 'dev' };
  const text = story().file('apps/same/dev/kustomization.yaml');
  const revision = await story().push({ 'apps/same/dev/kustomization.yaml': `# Ours.\n${text}` });
  expect(await story().cost(() => story().runs({ ...dev, revision }))).toBe(1);
  expect(story().open(place)).toEqual(before);
});

test('a change of other lines in the target is taken in, so that the pull request stays mergeable', async () => {
  const { github, repo } = story();
  const place = { application: 'based', environment: 'staging' };
  await story().release('based', '1.0', '1.1');
  const before = story().open(place);
  const path = 'apps/based/staging/kustomization.yaml';
  await story().push({ [path]: story().file(path).replace('images:', 'namespace: based\nimages:') });

  const after = story().open(place);
  expect(after.number).toBe(before.number);
  expect(after.mergeable).toBe('MERGEABLE');
  expect(changedLines(github.diff(repo, after.number))).toEqual(['-    newTag: "1.0"', '+    newTag: "1.1"']);
  await story().merge(place);
  expect(story().file(path)).toContain('namespace: based\n');
  expect(story().file(path)).toContain('newTag: "1.1"');
});

test('an approved pull request stays as it is and announces the newer candidate', async () => {
  const { github, repo, world } = story();
  const place = { application: 'approved', environment: 'staging' };
  await story().release('approved', '1.0', '1.1');
  const before = story().open(place);
  github.review(repo, before.number, { by: github.person('erin'), event: 'APPROVE' });
  await world.settled();
  await story().release('approved', '1.1', '1.2');

  const after = story().open(place);
  expect(after.head).toEqual(before.head);
  expect(changedLines(github.diff(repo, after.number))).toEqual(['-    newTag: "1.0"', '+    newTag: "1.1"']);
  expect(top(after.body)).toContain(
    '**Note:** It has been reviewed, so it stays as it is. Another candidate waits: merge or close this one to get it.',
  );
  expect(after.title).toBe('Promote approved 1.1 to staging');
  expect(versionsTable(after.body)).toEqual([['approved', '`ghcr.io/acme/approved`', '`1.0`', '**`1.1`**']]);

  await story().merge(place);
  expect(story().file('apps/approved/staging/kustomization.yaml')).toContain('newTag: "1.1"');
  expect(story().open(place).title).toBe('Promote approved 1.2 to staging');
});

test('a comment alone keeps nothing back', async () => {
  const { github, repo, world } = story();
  const place = { application: 'commented', environment: 'staging' };
  await story().release('commented', '1.0', '1.1');
  const { number } = story().open(place);
  github.comment(repo, number, { by: github.person('erin'), body: 'Looks good so far.' });
  await world.settled();
  await story().release('commented', '1.1', '1.2');
  expect(story().open(place)).toMatchObject({ number, title: 'Promote commented 1.2 to staging' });
});
