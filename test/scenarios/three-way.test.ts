import { expect, test } from 'vitest';
import { exampleFiles, kustomization, smallApplication } from '../harness/config-repo.ts';
import { changedLines, top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['same', 'ahead', 'mover', 'back', 'reverted', 'drifted', 'kept', 'by-hand'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

const stagingFile = (application: string) => `apps/${application}/staging/kustomization.yaml`;

/** A first promotion into staging, from 1.0 to 1.1, merged. */
async function promotedOnce(application: string): Promise<void> {
  await story().release(application, '1.0', '1.1');
  await story().merge({ application, environment: 'staging' });
}

/** What GitHub's button does: a pull request of a person that takes the change out again, merged. */
async function revert(application: string): Promise<void> {
  const { github, repo, world } = story();
  const by = github.person('erin');
  const { number } = story().newest({ application, environment: 'staging' });
  const branch = `revert-${number}-promote/staging/${application}`;
  github.createBranch(repo, branch, { by });
  const text = story().file(stagingFile(application)).replace('1.1', '1.0');
  github.commit(repo, { branch, files: { [stagingFile(application)]: text }, by });
  const title = `Revert "Promote ${application} 1.1 to staging"`;
  github.merge(repo, github.open(repo, { title, head: branch, by }), { by });
  await world.settled();
}

/** A person changes the version of staging past all promotion. */
async function hotfix(application: string, from: string, to: string): Promise<void> {
  const by = story().github.person('erin');
  await story().bump({ application, environment: 'staging', from, to, by, message: 'Hotfix for the login page' });
}

test('nothing to do where the versions are the same', async () => {
  const place = { application: 'same', environment: 'staging' };
  await story().runs({ application: 'same', environment: 'dev' });
  expect(story().pulls(place)).toEqual([]);
  expect(story().decided(place)).toEqual({
    code: 'up-to-date',
    text: 'same in staging already has ghcr.io/acme/same 1.0.',
  });
});

test('a first promotion onto a higher version is only a draft', async () => {
  const place = { application: 'ahead', environment: 'staging' };
  await hotfix('ahead', '1.0', '2.0');
  await story().release('ahead', '1.0', '1.1');
  const pull = story().open(place);
  expect(pull).toMatchObject({ draft: true, title: 'Promote ahead 1.1 to staging' });
  expect(top(pull.body)).toEqual([
    '[!WARNING]',
    '**staging was changed outside promotion**, so this is a draft. Merging it lets the candidate win, closing it keeps what staging has.',
  ]);
  expect(pull.body).toMatch(
    /- `apps\/ahead\/staging\/kustomization.yaml`: `ghcr.io\/acme\/ahead` is `2.0` \(never promoted\), last changed by erin on .+ UTC: Hotfix for the login page/,
  );
});

test('what is as it was promoted last moves on', async () => {
  const place = { application: 'mover', environment: 'staging' };
  await promotedOnce('mover');
  await story().release('mover', '1.1', '1.2');
  const pull = story().open(place);
  expect(pull.draft).toBe(false);
  expect(top(pull.body)[0]).toBe('[!NOTE]');
  expect(versionsTable(pull.body)).toEqual([['mover', '`ghcr.io/acme/mover`', '`1.1`', '**`1.2`**']]);
});

test('a rollback upstream is not moved, and a pull request it makes pointless is closed', async () => {
  const place = { application: 'back', environment: 'staging' };
  await promotedOnce('back');
  await story().release('back', '1.1', '1.2');
  const { number } = story().open(place);
  await story().release('back', '1.2', '1.0');

  const pull = story().github.pullRequest(story().repo, number);
  expect(pull.state).toBe('CLOSED');
  expect(pull.comments.map(({ body }) => body.split('\n'))).toEqual([
    [
      '**Closed:** back in staging ran these versions before and has newer ones now. Going back is not done unasked.',
      '- apps/back/staging/kustomization.yaml: ghcr.io/acme/back would go back to 1.0.',
    ],
  ]);
  expect(story().decided(place).code).toBe('rolled-back');
  expect(story().file(stagingFile('back'))).toBe(kustomization('back', '1.1'));
  expect(story().github.head(story().repo, pull.head.branch)).toBeUndefined();

  await story().release('back', '1.0', '1.2');
  expect(story().open(place).title).toBe('Promote back 1.2 to staging');
});

test('what a person took out is not offered again until the candidate changes', async () => {
  const place = { application: 'reverted', environment: 'staging' };
  await promotedOnce('reverted');
  await revert('reverted');
  await story().runs({ application: 'reverted', environment: 'dev' });
  expect(story().openCount(place)).toBe(0);
  expect(story().decided(place)).toEqual({
    code: 'taken-out',
    text: [
      'A person took this candidate out of reverted in staging after it was promoted. It is not offered again.',
      '  apps/reverted/staging/kustomization.yaml: ghcr.io/acme/reverted was promoted to 1.1 and is 1.0 now.',
    ].join('\n'),
  });

  await story().release('reverted', '1.1', '1.2');
  expect(story().open(place)).toMatchObject({ title: 'Promote reverted 1.2 to staging', draft: true });
});

test('drift makes a draft that names who changed what, and merging it lets the candidate win', async () => {
  const { github, repo } = story();
  const place = { application: 'drifted', environment: 'staging' };
  await promotedOnce('drifted');
  await hotfix('drifted', '1.1', '1.1-hotfix');
  await story().release('drifted', '1.1', '1.2');
  const pull = story().open(place);
  expect(pull.draft).toBe(true);
  expect(top(pull.body)[0]).toBe('[!WARNING]');
  expect(pull.body).toMatch(
    /- `apps\/drifted\/staging\/kustomization.yaml`: `ghcr.io\/acme\/drifted` is `1.1-hotfix` \(promoted as `1.1`\), last changed by erin on .+ UTC: Hotfix for the login page/,
  );
  expect(changedLines(github.diff(repo, pull.number))).toEqual(['-    newTag: "1.1-hotfix"', '+    newTag: "1.2"']);

  github.edit(repo, pull.number, { draft: false });
  await story().world.settled();
  expect(story().open(place).draft).toBe(false);
  await story().merge(place);
  expect(story().file(stagingFile('drifted'))).toBe(kustomization('drifted', '1.2'));
  expect(story().decided(place).code).toBe('up-to-date');
});

test('closing the draft keeps what the person put there', async () => {
  const place = { application: 'kept', environment: 'staging' };
  await promotedOnce('kept');
  await hotfix('kept', '1.1', '1.1-hotfix');
  await story().release('kept', '1.1', '1.2');
  await story().close(place);
  await story().runs({ application: 'kept', environment: 'dev' });
  expect(story().openCount(place)).toBe(0);
  expect(story().decided(place).code).toBe('declined');
  expect(story().file(stagingFile('kept'))).toBe(kustomization('kept', '1.1-hotfix'));
});

test('a person who writes the version by hand makes the pull request pointless, and it says so', async () => {
  const place = { application: 'by-hand', environment: 'staging' };
  await story().release('by-hand', '1.0', '1.1');
  await story().bump({ ...place, from: '1.0', to: '1.1' });
  const pull = story().newest(place);
  expect(pull.state).toBe('CLOSED');
  expect(pull.comments.map(({ body }) => body)).toEqual([
    '**Closed:** by-hand in staging already has ghcr.io/acme/by-hand 1.1.',
  ]);
  await story().runs({ application: 'by-hand', environment: 'dev' });
  await story().release('by-hand', '1.1', '1.2');
  expect(story().open(place).title).toBe('Promote by-hand 1.2 to staging');
});
