import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inner } from './fields.ts';
import { LocalGitHub } from './local-github.ts';
import type { AppHandle } from './people.ts';
import { permissions, type Stage, stage } from './stage.ts';
import { storeKinds } from './stores.ts';

describe.each(storeKinds)('refs, commits and files of a repo kept in %s', (store) => {
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

  test('updateRefs moves all refs or none, each from where it is said to be', async () => {
    const head = github.head(on.repo, 'main') ?? '';
    const update = (...updates: readonly unknown[]) =>
      on.bot.graphql(
        `mutation($repo: ID!, $updates: [RefUpdate!]!) {
          updateRefs(input: { repositoryId: $repo, refUpdates: $updates }) { clientMutationId }
        }`,
        { repo: on.repoId, updates },
      );
    const zero = '0'.repeat(40);
    const create = { name: 'refs/heads/a', beforeOid: zero, afterOid: head };
    expect((await update(create)).errors).toEqual([]);
    const next = github.commit(on.repo, { branch: 'a', files: { 'a.txt': 'a' } });
    const back = { name: 'refs/heads/a', beforeOid: head, afterOid: head, force: true };
    expect((await update({ ...create, name: 'refs/heads/b' }, back)).errors).toEqual([
      `updateRefs: STALE_DATA Reference update failed: "refs/heads/a" is at ${next} but expected ${head}`,
    ]);
    expect(github.branches(on.repo)).toEqual(['a', 'main']);
    expect((await update({ ...back, beforeOid: next, force: false })).errors[0]).toContain('is not a fast forward');
    await update({ ...back, beforeOid: next }, { ...create, name: 'refs/heads/b' });
    expect([github.head(on.repo, 'a'), github.head(on.repo, 'b')]).toEqual([head, head]);
    await update({ name: 'refs/heads/b', afterOid: zero });
    expect(github.branches(on.repo)).toEqual(['a', 'main']);
  });

  test('a branch cannot stand where a folder of branches is', async () => {
    const create = (name: string) => {
      const document = `mutation($repo: ID!, $name: String!, $oid: GitObjectID!) {
        createRef(input: { repositoryId: $repo, name: $name, oid: $oid }) { ref { id name prefix } }
      }`;
      return on.bot.graphql(document, {
        repo: on.repoId,
        name: `refs/heads/${name}`,
        oid: github.head(on.repo, 'main'),
      });
    };
    const made = await create('promote/prod/web');
    expect(made.data).toMatchObject({ createRef: { ref: { name: 'promote/prod/web', prefix: 'refs/heads/' } } });
    expect((await create('promote')).errors).toEqual([
      'createRef: UNPROCESSABLE "refs/heads/promote" cannot exist next to "refs/heads/promote/prod/web".',
    ]);
    expect((await create('promote/prod/web/x')).errors).toHaveLength(1);
    expect((await create('a..b')).errors).toEqual([
      'createRef: UNPROCESSABLE The ref name "refs/heads/a..b" is invalid.',
    ]);
    const id = JSON.stringify(made.data).match(/REF_[\w-]+/)?.[0];
    expect(
      (await on.bot.graphql(`mutation { deleteRef(input: { refId: "${id}" }) { clientMutationId } }`)).errors,
    ).toEqual([]);
    expect((await create('promote')).errors).toEqual([]);
  });

  test('createCommitOnBranch deletes what is there, refuses what is not, and knows only plain files', async () => {
    const add = (path: string) => `{ path: "${path}", contents: "eA==" }`;
    const commit = (changes: string) =>
      on.bot.graphql(`mutation { createCommitOnBranch(input: {
        branch: { repositoryNameWithOwner: "${on.repo}", branchName: "main" }, expectedHeadOid: "${github.head(on.repo, 'main')}"
        message: { headline: "Change" }, fileChanges: { ${changes} }
      }) { commit { oid } } }`);
    github.commit(on.repo, { files: { 'run.sh': { text: 'x', mode: '100755' } } });
    const missing = await commit('deletions: [{ path: "nowhere.yaml" }]');
    expect(missing.errors[0]).toContain(
      'UNPROCESSABLE A path was requested for deletion which does not exist as of commit oid',
    );
    expect((await commit(`additions: [${add('a')}, ${add('a')}]`)).errors[0]).toContain('named more than once');
    expect((await commit(`additions: [${add('../a')}]`)).errors[0]).toContain('not a valid path');
    expect((await commit(`additions: [${add('.github/workflows/ci.yaml')}]`)).errors).toEqual([
      'createCommitOnBranch: FORBIDDEN Resource not accessible by integration',
    ]);
    const done = await commit(`additions: [${add('run.sh')}], deletions: [{ path: "prod/web.yaml" }]`);
    expect(done.errors).toEqual([]);
    expect(github.files(on.repo, 'main')).toEqual(['dev/web.yaml', 'run.sh']);
    const { ref } = await on.read(
      'ref(qualifiedName: "main") { target { ... on Commit { file(path: "run.sh") { mode } } } }',
    );
    expect(ref).toEqual({ target: { file: { mode: 0o100644 } } });
  });

  test('only what GitHub signed is verified', async () => {
    const people = { name: 'pawl[bot]', email: '1+pawl[bot]@users.noreply.github.com' };
    const tree = JSON.stringify(await on.read('object(expression: "main") { ... on Commit { tree { oid } } }')).match(
      /[0-9a-f]{40}/,
    )?.[0];
    const make = (fields: object) =>
      on.bot.rest('POST', `/repos/${on.repo}/git/commits`, { message: 'Orphan', tree, parents: [], ...fields });
    const own = await make({});
    expect(own).toMatchObject({
      status: 201,
      body: { parents: [], author: { name: 'pawl[bot]' }, verification: { verified: true, reason: 'valid' } },
    });
    expect(await make({ author: people })).toMatchObject({
      status: 201,
      body: { verification: { verified: false, reason: 'unsigned' } },
    });
    github.commit(on.repo, { files: { 'a.txt': 'a' } });
    const { object } = await on.read(
      'object(expression: "main") { ... on Commit { author { user { login } } signature { isValid } } }',
    );
    expect(object).toEqual({ author: { user: { login: 'alex' } }, signature: null });
  });

  test('a rule keeps writers from a branch, and says so', async () => {
    github.protect(on.repo, { branches: /^(main|pawl\/.*)$/, bypass: ['alex'] });
    const oid = github.head(on.repo, 'main');
    const { errors } = await on.bot.graphql(`mutation {
      createRef(input: { repositoryId: "${on.repoId}", name: "refs/heads/pawl/state", oid: "${oid}" }) { ref { name } }
      createCommitOnBranch(input: {
        branch: { repositoryNameWithOwner: "${on.repo}", branchName: "main" }, expectedHeadOid: "${oid}", message: { headline: "Direct" }
      }) { commit { oid } }
    }`);
    const reason = 'UNPROCESSABLE Repository rule violations found\n\nChanges must be made through a pull request.\n\n';
    expect(errors).toEqual([`createRef: ${reason}`, `createCommitOnBranch: ${reason}`]);
    expect((await on.promote('promote/prod/web')).errors).toEqual([]);
    expect(await on.bot.rest('PUT', `/repos/${on.repo}/pulls/1/merge`, {})).toMatchObject({ status: 200 });
    github.commit(on.repo, { files: { 'a.txt': 'a\n' } });
  });

  test('refs compare, histories follow a path, and missing files are null', async () => {
    await on.promote('x');
    github.commit(on.repo, { files: { 'dev/web.yaml': 'tag: v3\n' }, message: 'Bump dev' });
    const found = await on.read(`
      ref(qualifiedName: "refs/heads/main") {
        compare(headRef: "x") { status aheadBy behindBy commits(first: 10) { totalCount nodes { messageHeadline } } }
      }
      object(expression: "main") { ... on Commit {
        history(first: 10, path: "dev/web.yaml") { nodes { messageHeadline } }
        missing: file(path: "nowhere") { oid }
      } }
      none: object(expression: "main:nowhere") { oid }
      refs(refPrefix: "refs/heads/", first: 10) { totalCount nodes { name } }
      pullRequests(first: 5, states: [OPEN], headRefName: "x") {
        totalCount nodes { commits(last: 1) { totalCount nodes { commit { messageHeadline } } } }
      }
      other: pullRequests(first: 5, headRefName: "y") { totalCount }`);
    const promotion = { messageHeadline: 'Promote web to v2' };
    expect(found).toEqual({
      ref: { compare: { status: 'DIVERGED', aheadBy: 1, behindBy: 1, commits: { totalCount: 1, nodes: [promotion] } } },
      object: {
        history: { nodes: [{ messageHeadline: 'Bump dev' }, { messageHeadline: 'First commit' }] },
        missing: null,
      },
      none: null,
      refs: { totalCount: 2, nodes: [{ name: 'main' }, { name: 'x' }] },
      pullRequests: { totalCount: 1, nodes: [{ commits: { totalCount: 1, nodes: [{ commit: promotion }] } }] },
      other: { totalCount: 0 },
    });
  });

  test('modes, symbolic links, binary files and long files are shown as they are', async () => {
    // The cut comes after exactly 512,000 bytes, here in the middle of a character.
    const long = `${'x'.repeat(511_999)}é and more`;
    const link = { text: 'dev', mode: '120000' } as const;
    const files = {
      link,
      'run.sh': { text: '#!', mode: '100755' } as const,
      'logo.png': Uint8Array.of(1, 0, 2),
      'long.txt': long,
    };
    github.commit(on.repo, { files });
    const found = await on.read(`
      object(expression: "main:") { ... on Tree { entries { name mode type } } }
      link: object(expression: "main:link") { ... on Blob { text } }
      logo: object(expression: "main:logo.png") { ... on Blob { text isBinary isTruncated byteSize } }
      long: object(expression: "main:long.txt") { ... on Blob { text isBinary isTruncated byteSize } }`);
    expect(found['object']).toEqual({
      entries: [
        { name: 'dev', mode: 16384, type: 'tree' },
        { name: 'link', mode: 40960, type: 'blob' },
        { name: 'logo.png', mode: 33188, type: 'blob' },
        { name: 'long.txt', mode: 33188, type: 'blob' },
        { name: 'prod', mode: 16384, type: 'tree' },
        { name: 'run.sh', mode: 33261, type: 'blob' },
      ],
    });
    expect(found['link']).toEqual({ text: 'dev' });
    expect(found['logo']).toEqual({ text: null, isBinary: true, isTruncated: false, byteSize: 3 });
    expect(found['long']).toMatchObject({ isBinary: false, isTruncated: true, byteSize: Buffer.byteLength(long) });
    expect(inner(found, 'long')['text']).toBe(`${'x'.repeat(511_999)}\ufffd`);
  });

  test('what the server cannot answer is an error that names it, and is remembered', async () => {
    const name = on.repo.slice('acme/'.length);
    const asked = await on.bot.graphql(`{ repository(owner: "acme", name: "${name}") { stargazerCount } }`);
    expect(asked.errors).toEqual([
      'repository.stargazerCount: The local GitHub has no resolver for Repository.stargazerCount.',
    ]);
    const argument = await on.bot.graphql(
      `{ repository(owner: "acme", name: "${name}", followRenames: false) { id } }`,
    );
    const refused = 'The local GitHub does not honour the argument followRenames of Query.repository.';
    expect(argument.errors).toEqual([`repository: ${refused}`]);
    expect(github.violations).toEqual(['The local GitHub has no resolver for Repository.stargazerCount.', refused]);
    github.forgetViolations();
    const unpaged = await on.bot.graphql(
      `{ repository(owner: "acme", name: "${name}") { pullRequests { nodes { number } } } }`,
    );
    expect(unpaged.errors[0]).toContain('MISSING_PAGINATION_BOUNDARIES You must provide a `first` or `last` value');
    expect((await on.bot.graphql('{ repository { nonsense } }')).errors[0]).toContain('Cannot query field "nonsense"');
  });

  test('lists are cut into pages that a cursor leads through', async () => {
    for (const branch of ['a', 'b', 'c', 'd']) github.createBranch(on.repo, branch);
    const refs = (rest: string) =>
      `refs(refPrefix: "refs/heads/", first: 2 ${rest}) { nodes { name } pageInfo { hasNextPage endCursor } }`;
    const { refs: first } = await on.read(refs(''));
    expect(first).toMatchObject({ nodes: [{ name: 'a' }, { name: 'b' }], pageInfo: { hasNextPage: true } });
    const cursor = inner(inner({ first }, 'first'), 'pageInfo')['endCursor'];
    const { refs: second } = await on.read(refs(`after: "${cursor}"`));
    expect(second).toMatchObject({ nodes: [{ name: 'c' }, { name: 'd' }], pageInfo: { hasNextPage: true } });
    const { refs: last } = await on.read('refs(refPrefix: "refs/heads/", last: 1) { totalCount nodes { name } }');
    expect(last).toEqual({ totalCount: 5, nodes: [{ name: 'main' }] });
  });

  test('a person can look into the repo with Git, but not push', async () => {
    await on.promote('promote/prod/web');
    github.merge(on.repo, 1);
    const run = (...args: readonly string[]) =>
      spawnSync('git', ['--git-dir', github.gitFolder(on.repo), ...args], { encoding: 'utf8' });
    expect(run('fsck', '--strict').stderr).toBe('');
    expect(run('log', '--topo-order', '--format=%an: %s', 'main').stdout.trim().split('\n')).toEqual([
      'alex: Merge pull request #1 from acme/promote/prod/web',
      'pawl[bot]: Promote web to v2',
      'alex: First commit',
    ]);
    expect(run('show', 'main:prod/web.yaml').stdout).toBe('tag: v2\n');
    expect(run('push', github.gitFolder(on.repo), 'main:refs/heads/elsewhere').stderr).toContain('read only');
  });
});
