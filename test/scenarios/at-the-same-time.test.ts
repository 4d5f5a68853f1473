import { expect, test } from 'vitest';
import { exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { changedLines, top, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const names = ['pushed', 'merged', 'closed', 'deleted', 'moved', 'taken', 'first', 'second'];
const applications = names.map((name) => smallApplication(name, { dev: '1.0', staging: '1.0' }));
const story = tellStories({ files: { ...exampleFiles(), ...Object.assign({}, ...applications) } });

const place = (application: string) => ({ application, environment: 'staging' });
const branchOf = (application: string) => `promote/staging/${application}`;
const fileOf = (application: string) => `apps/${application}/staging/kustomization.yaml`;

/** Something a person does in the moment between Pawl's look and its write. */
function justBefore(mutation: 'updateRefs' | 'createPullRequest', run: () => unknown): void {
  let done = false;
  const match = ({ fields }: { readonly fields: readonly string[] }) => fields.includes(mutation);
  const once = () => {
    if (!done) run();
    done = true;
  };
  story().github.failNext({ match, run: once });
}

test('a person pushes on the branch just before it is moved: their commit stays, and the text goes on saying what is there', async () => {
  const { github, repo } = story();
  await story().release('pushed', '1.0', '1.1');
  const before = story().open(place('pushed'));
  let commit = '';
  justBefore('updateRefs', () => {
    commit = github.commit(repo, {
      branch: branchOf('pushed'),
      by: github.person('erin'),
      files: { 'note.md': 'Mine.\n' },
    });
  });
  await story().release('pushed', '1.1', '1.2');
  const after = story().open(place('pushed'));
  expect(after).toMatchObject({ number: before.number, title: before.title, head: { sha: commit } });
  expect(versionsTable(after.body)).toEqual(versionsTable(before.body));
  expect(top(after.body).at(-1)).toContain(
    'The branch holds commits by erin: it is left as it is. Another candidate waits',
  );
});

test('a person merges just before the branch is moved: the merged pull request says what was merged, the newer candidate gets its own', async () => {
  const { github, repo } = story();
  await story().release('merged', '1.0', '1.1');
  const before = story().open(place('merged'));
  justBefore('updateRefs', () => github.merge(repo, before.number));
  await story().release('merged', '1.1', '1.2');
  const merged = github.pullRequest(repo, before.number);
  expect(merged).toMatchObject({ state: 'MERGED', title: before.title });
  expect(versionsTable(merged.body)).toEqual(versionsTable(before.body));
  expect(story().open(place('merged')).title).toBe('Promote merged 1.2 to staging');
  expect(versionsTable(story().open(place('merged')).body)).toEqual([
    ['merged', '`ghcr.io/acme/merged`', '`1.1`', '**`1.2`**'],
  ]);
});

test('a person closes just before the branch is moved: what they closed is declined, the newer candidate is offered', async () => {
  const { github, repo } = story();
  await story().release('closed', '1.0', '1.1');
  const before = story().open(place('closed'));
  justBefore('updateRefs', () => github.close(repo, before.number, { by: github.person('erin') }));
  await story().release('closed', '1.1', '1.2');
  expect(github.pullRequest(repo, before.number)).toMatchObject({ state: 'CLOSED', title: before.title });
  expect(story().open(place('closed')).title).toBe('Promote closed 1.2 to staging');
});

test('a person deletes the branch just before it is moved: GitHub closes the pull request, the newer candidate is offered', async () => {
  const { github, repo } = story();
  await story().release('deleted', '1.0', '1.1');
  const before = story().open(place('deleted'));
  justBefore('updateRefs', () => github.deleteBranch(repo, branchOf('deleted')));
  await story().release('deleted', '1.1', '1.2');
  expect(github.pullRequest(repo, before.number)).toMatchObject({ state: 'CLOSED', title: before.title });
  expect(story().open(place('deleted')).title).toBe('Promote deleted 1.2 to staging');
});

test('the default branch moves just before a pull request is opened: it is brought in line', async () => {
  const { github, repo } = story();
  const text = story().file(fileOf('moved'));
  justBefore('createPullRequest', () => github.commit(repo, { files: { [fileOf('moved')]: `# Ours.\n${text}` } }));
  await story().release('moved', '1.0', '1.1');
  const pull = story().open(place('moved'));
  expect(pull.mergeable).toBe('MERGEABLE');
  expect(changedLines(github.diff(repo, pull.number))).toEqual(['-    newTag: "1.0"', '+    newTag: "1.1"']);
  expect(story().file(fileOf('moved'), branchOf('moved'))).toMatch(/^# Ours\.\n/);
});

test("a lane's branch that a person made before Pawl did is left to them", async () => {
  const { github, repo } = story();
  const by = github.person('erin');
  github.createBranch(repo, branchOf('taken'), { by });
  const commit = github.commit(repo, { branch: branchOf('taken'), by, files: { 'note.md': 'Mine.\n' } });
  github.open(repo, { title: 'My own', head: branchOf('taken'), by });
  await story().release('taken', '1.0', '1.1');
  const open = story()
    .pulls(place('taken'))
    .filter(({ author }) => author === 'pawl[bot]');
  expect(open).toMatchObject([
    { state: 'OPEN', title: 'Promote taken 1.1 to staging', head: { branch: 'promote/staging/taken+2' } },
  ]);
  expect(github.head(repo, branchOf('taken'))).toBe(commit);
});

test('two sources change at once and every report comes three times: still one pull request for each', async () => {
  const { github, repo, world } = story();
  github.settings.deliveryOrder = 'unordered';
  const changed = ['first', 'second'];
  const files = changed.map((name) => {
    const path = `apps/${name}/dev/kustomization.yaml`;
    return [path, story().file(path).replace('1.0', '1.1')] as const;
  });
  const revision = github.commit(repo, { files: Object.fromEntries(files) });
  const reports = [...changed, ...changed, ...changed].map((application) => ({
    application,
    environment: 'dev',
    revision,
  }));
  await Promise.all(reports.map((report) => world.argocd.report(report)));
  await world.settled();
  github.settings.deliveryOrder = 'ordered';
  for (const name of changed) {
    expect(
      story()
        .pulls(place(name))
        .map(({ title }) => title),
    ).toEqual([`Promote ${name} 1.1 to staging`]);
  }
});
