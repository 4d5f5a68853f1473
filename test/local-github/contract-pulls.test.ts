import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LocalGitHub } from './local-github.ts';
import type { AppHandle } from './people.ts';
import { permissions, type Stage, stage } from './stage.ts';
import { storeKinds } from './stores.ts';

describe.each(storeKinds)('pull requests of a repo kept in %s', (store) => {
  let github: LocalGitHub;
  let app: AppHandle;
  let on: Stage;

  beforeAll(async () => {
    github = await LocalGitHub.start({ store });
    app = github.createApp({ slug: 'pawl', permissions, events: [], webhookSecret: 'a secret' });
  });
  afterAll(async () => {
    expect(github.violations).toEqual([]);
    await github.stop();
  });
  beforeEach(async () => {
    on = await stage(github, app);
  });

  test('branch, commit and pull request come from one document', async () => {
    const head = github.head(on.repo, 'main');
    const { data, errors } = await on.promote('promote/prod/web');
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      createRef: { ref: { name: 'promote/prod/web', target: { oid: head } } },
      createCommitOnBranch: {
        commit: {
          message: 'Promote web to v2\n\nPawl-Application: web',
          author: { user: { login: 'pawl[bot]' } },
          signature: { isValid: true, wasSignedByGitHub: true },
          parents: { nodes: [{ oid: head }] },
        },
      },
      createPullRequest: {
        pullRequest: {
          number: 1,
          mergeable: 'MERGEABLE',
          headRefName: 'promote/prod/web',
          author: { __typename: 'Bot', login: 'pawl' },
        },
      },
    });
    expect(github.file(on.repo, 'promote/prod/web', 'prod/web.yaml')).toBe('tag: v2\n');
    expect(github.diff(on.repo, 1)).toContain('-tag: v1\n+tag: v2\n');
    expect(github.pullRequest(on.repo, 1)).toMatchObject({ author: 'pawl[bot]', state: 'OPEN', draft: false });
  });

  test('when a field of a document fails the next ones still run', async () => {
    github.createBranch(on.repo, 'promote/prod/web');
    const late = github.commit(on.repo, { branch: 'promote/prod/web', files: { 'note.txt': 'a person was here\n' } });
    const head = github.head(on.repo, 'main');
    const { data, errors } = await on.promote('promote/prod/web');
    expect(errors).toEqual([
      'createRef: UNPROCESSABLE A ref named "refs/heads/promote/prod/web" already exists in the repository.',
      `createCommitOnBranch: STALE_DATA Expected branch to point to "${head}" but it did not.  Pull and try again.`,
    ]);
    expect(data).toMatchObject({
      createRef: null,
      createCommitOnBranch: null,
      createPullRequest: { pullRequest: { number: 1 } },
    });
    expect(github.pullRequest(on.repo, 1).head.sha).toBe(late);
  });

  test('a second pull request for the branch is refused', async () => {
    await on.promote('promote/prod/web');
    expect((await on.promote('promote/prod/web')).errors.at(-1)).toBe(
      'createPullRequest: UNPROCESSABLE A pull request already exists for acme:promote/prod/web.',
    );
  });

  test.each([
    ['same', 'No commits between main and same'],
    [
      'missing',
      "Head sha can't be blank, Base sha can't be blank, No commits between main and missing, Head ref must be a branch",
    ],
  ])('a pull request needs commits of its own: %s', async (branch, message) => {
    github.createBranch(on.repo, 'same');
    const create = `mutation($repo: ID!, $branch: String!) {
      createPullRequest(input: { repositoryId: $repo, headRefName: $branch, baseRefName: "main", title: "T" }) { pullRequest { number } }
    }`;
    const { errors } = await on.bot.graphql(create, { repo: on.repoId, branch });
    expect(errors).toEqual([`createPullRequest: UNPROCESSABLE ${message}`]);
    const rest = await on.bot.rest('POST', `/repos/${on.repo}/pulls`, { title: 'T', head: branch, base: 'main' });
    expect(rest).toMatchObject({ status: 422, body: { message: 'Validation Failed' } });
  });

  test('titles of 257 and bodies of 65,537 characters are refused', async () => {
    const edit = `mutation($id: ID!, $title: String, $body: String) {
      updatePullRequest(input: { pullRequestId: $id, title: $title, body: $body }) { pullRequest { title } }
    }`;
    await on.promote('x');
    const id = github.pullRequest(on.repo, 1).nodeId;
    const ok = await on.bot.graphql(edit, { id, title: 't'.repeat(256), body: '😀'.repeat(65_536) });
    expect(ok.errors).toEqual([]);
    expect((await on.bot.graphql(edit, { id, title: 't'.repeat(257) })).errors).toEqual([
      'updatePullRequest: UNPROCESSABLE Title is too long (maximum is 256 characters)',
    ]);
    expect((await on.bot.graphql(edit, { id, body: 'b'.repeat(65_537) })).errors).toEqual([
      'updatePullRequest: UNPROCESSABLE Body is too long (maximum is 65536 characters)',
    ]);
  });

  test('a pull request conflicts when both sides changed the same lines, and cannot be merged then', async () => {
    await on.promote('x');
    github.commit(on.repo, { files: { 'prod/web.yaml': 'tag: v1.5\n' } });
    expect(await on.read('pullRequest(number: 1) { mergeable }')).toEqual({
      pullRequest: { mergeable: 'CONFLICTING' },
    });
    const merge = await on.bot.rest('PUT', `/repos/${on.repo}/pulls/1/merge`, {});
    expect(merge).toMatchObject({ status: 405, body: { message: 'Pull Request is not mergeable' } });
    expect(() => github.merge(on.repo, 1)).toThrow('Pull Request is not mergeable');
    expect(github.file(on.repo, 'main', 'prod/web.yaml')).toBe('tag: v1.5\n');
    expect(() => github.updateBranch(on.repo, 1)).toThrow('merge conflict between base and head');
  });

  test.each(['merge', 'squash', 'rebase'] as const)(
    '%s brings both sides together and leaves the branch',
    async (method) => {
      await on.promote('x');
      github.commit(on.repo, { files: { 'dev/web.yaml': 'tag: v3\n' } });
      const before = github.head(on.repo, 'x');
      const sha = github.merge(on.repo, 1, { method });
      expect(github.head(on.repo, 'main')).toBe(sha);
      const texts = ['prod/web.yaml', 'dev/web.yaml'].map((path) => github.file(on.repo, 'main', path));
      expect(texts).toEqual(['tag: v2\n', 'tag: v3\n']);
      expect(github.head(on.repo, 'x')).toBe(before);
      const merged = { state: 'MERGED', mergeCommit: sha, timeline: ['merged by alex', 'closed by alex'] };
      expect(github.pullRequest(on.repo, 1)).toMatchObject(merged);
      const [newest] = github.log(on.repo, 'main');
      const headlines = {
        merge: 'Merge pull request #1 from acme/x',
        squash: 'Promote web to v2 (#1)',
        rebase: 'Promote web to v2',
      };
      expect(newest?.message.split('\n')[0]).toBe(headlines[method]);
      expect(newest?.message).toContain(method === 'merge' ? 'Promote web' : 'Pawl-Application: web');
    },
  );

  test('a person brings the branch up to date with its base', async () => {
    await on.promote('x');
    github.commit(on.repo, { files: { 'dev/web.yaml': 'tag: v3\n' } });
    const head = github.updateBranch(on.repo, 1);
    expect(github.pullRequest(on.repo, 1)).toMatchObject({ state: 'OPEN', head: { sha: head } });
    expect(github.file(on.repo, 'x', 'dev/web.yaml')).toBe('tag: v3\n');
    expect(github.diff(on.repo, 1)).not.toContain('dev/web.yaml');
  });

  test('a merge bound to a head refuses another head; a draft cannot be merged', async () => {
    await on.promote('x');
    const merge = (sha: string | undefined) => on.bot.rest('PUT', `/repos/${on.repo}/pulls/1/merge`, { sha });
    const head = github.pullRequest(on.repo, 1).head.sha;
    github.commit(on.repo, { branch: 'x', files: { 'prod/web.yaml': 'tag: v9\n' } });
    expect(await merge(head)).toMatchObject({ status: 409 });
    github.edit(on.repo, 1, { draft: true });
    const refused = { status: 405, body: { message: 'Pull Request is still a draft' } };
    expect(await merge(github.head(on.repo, 'x'))).toMatchObject(refused);
    github.edit(on.repo, 1, { draft: false });
    expect(await merge(github.head(on.repo, 'x'))).toMatchObject({ status: 200, body: { merged: true } });
    expect(await merge(undefined)).toMatchObject({ status: 405 });
  });

  test('a head that goes back to its base closes the pull request, but only when the request ends', async () => {
    await on.promote('x');
    const [head, old] = [github.head(on.repo, 'main'), github.head(on.repo, 'x')];
    const reset = `mutation($repo: ID!, $old: GitObjectID!, $head: GitObjectID!) {
      updateRefs(input: { repositoryId: $repo, refUpdates: [{ name: "refs/heads/x", beforeOid: $old, afterOid: $head, force: true }] }) {
        clientMutationId
      }
      createCommitOnBranch(input: {
        branch: { repositoryNameWithOwner: "${on.repo}", branchName: "x" }, expectedHeadOid: $head
        message: { headline: "Promote web to v3" }, fileChanges: { additions: [{ path: "prod/web.yaml", contents: "dGFnOiB2Mwo=" }] }
      }) { commit { oid } }
    }`;
    expect((await on.bot.graphql(reset, { repo: on.repoId, old, head })).errors).toEqual([]);
    expect(github.pullRequest(on.repo, 1)).toMatchObject({
      state: 'OPEN',
      timeline: ['head-force-pushed by pawl[bot]'],
    });
    github.forcePush(on.repo, 'x', { to: 'main' });
    expect(github.pullRequest(on.repo, 1)).toMatchObject({ state: 'CLOSED', mergedAtMs: undefined });
  });

  test('commits that reach the base some other way count as merged', async () => {
    await on.promote('x');
    github.forcePush(on.repo, 'main', { to: 'x' });
    expect(github.pullRequest(on.repo, 1)).toMatchObject({ state: 'MERGED', mergeCommit: github.head(on.repo, 'x') });
  });

  test('a closed pull request opens again unless its branch is gone or lost its commits', async () => {
    await on.promote('x');
    const id = github.pullRequest(on.repo, 1).nodeId;
    const reopen = () =>
      on.bot.graphql(`mutation { reopenPullRequest(input: { pullRequestId: "${id}" }) { pullRequest { state } } }`);
    const refused = (reason: string) => [`reopenPullRequest: UNPROCESSABLE Could not open the pull request. ${reason}`];
    github.close(on.repo, 1);
    expect((await reopen()).data).toEqual({ reopenPullRequest: { pullRequest: { state: 'OPEN' } } });
    github.close(on.repo, 1);
    const held = github.head(on.repo, 'x') ?? '';
    github.forcePush(on.repo, 'x', { to: 'main' });
    github.commit(on.repo, { branch: 'x', files: { 'prod/web.yaml': 'tag: v7\n' } });
    expect((await reopen()).errors).toEqual(refused('The x branch was force-pushed or recreated.'));
    github.deleteBranch(on.repo, 'x');
    expect((await reopen()).errors).toEqual(refused('The x branch has been deleted.'));
    github.createBranch(on.repo, 'x', { from: held });
    expect((await reopen()).errors).toEqual([]);
  });

  test('deleting the branch of an open pull request closes it', async () => {
    await on.promote('x');
    github.deleteBranch(on.repo, 'x');
    expect(github.pullRequest(on.repo, 1)).toMatchObject({
      state: 'CLOSED',
      timeline: ['head-deleted by alex', 'closed by alex'],
    });
  });

  test('people and bots talk, label and review, each under the name the API has for them', async () => {
    const mia = github.person('mia', { role: 'write', repos: [on.repo] });
    await on.promote('x');
    const id = github.pullRequest(on.repo, 1).nodeId;
    github.comment(on.repo, 1, { body: '/hold because of the outage', by: mia });
    github.review(on.repo, 1, { event: 'APPROVE', by: mia });
    expect(() => github.review(on.repo, 1, { event: 'APPROVE', by: app })).toThrow(
      'Can not approve your own pull request',
    );
    const label = await on.bot.graphql(
      `mutation { createLabel(input: { repositoryId: "${on.repoId}", name: "on hold", color: "ededed" }) { label { id } } }`,
    );
    const labelId = JSON.stringify(label.data).match(/LA_[\w-]+/)?.[0];
    const talk = await on.bot.graphql(`mutation {
      addLabelsToLabelable(input: { labelableId: "${id}", labelIds: ["${labelId}"] }) { clientMutationId }
      addComment(input: { subjectId: "${id}", body: "Held." }) { commentEdge { node { id } } }
    }`);
    const commentId = JSON.stringify(talk.data).match(/IC_[\w-]+/)?.[0];
    await on.bot.graphql(
      `mutation { updateIssueComment(input: { id: "${commentId}", body: "Held by mia." }) { issueComment { body } } }`,
    );
    const { pullRequest } = await on.read(`pullRequest(number: 1) {
      labels(first: 5) { nodes { name } }
      comments(last: 5) { totalCount nodes { body author { __typename login ... on Bot { databaseId } } } }
      reviews(first: 5) { nodes { state author { __typename login } } }
      timelineItems(itemTypes: [CLOSED_EVENT], first: 5) { totalCount }
    }`);
    const { data } = await on.bot.graphql('{ viewer { login databaseId } }');
    expect(data).toMatchObject({ viewer: { login: 'pawl[bot]' } });
    expect(pullRequest).toMatchObject({
      labels: { nodes: [{ name: 'on hold' }] },
      comments: {
        totalCount: 2,
        nodes: [
          { body: '/hold because of the outage', author: { __typename: 'User', login: 'mia' } },
          { body: 'Held by mia.', author: { __typename: 'Bot', login: 'pawl', databaseId: expect.any(Number) } },
        ],
      },
      reviews: { nodes: [{ state: 'APPROVED', author: { __typename: 'User', login: 'mia' } }] },
      timelineItems: { totalCount: 0 },
    });
    expect(github.pullRequest(on.repo, 1)).toMatchObject({
      labels: ['on hold'],
      comments: [{ author: 'mia' }, { author: 'pawl[bot]' }],
    });
  });
});
