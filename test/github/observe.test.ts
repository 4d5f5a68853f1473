import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOurs } from '../../src/domain/pull-request.ts';
import type { Observation, ObserveQuery } from '../../src/ports/git-host.ts';
import { aConfigRepo, branch, type ConfigRepo, devFile, fullName, laneQuery, stagingFile } from './config-repo.ts';
import { hostErrorOf } from './stage.ts';

let at: ConfigRepo;

beforeEach(async () => {
  at = await aConfigRepo();
});

afterEach(async () => {
  expect(at.github.violations).toEqual([]);
  await at.github.stop();
});

const nothing: ObserveQuery = { revisions: [], paths: [], folders: [], lanes: [] };

function observe(query: Partial<ObserveQuery>): Promise<Observation> {
  return at.host.observe(at.repo, { ...nothing, ...query });
}

async function laneSeen() {
  const [seen] = (await at.look()).lanes;
  if (seen === undefined) throw new Error('the lane was not read');
  return seen;
}

async function promote(version: string): Promise<number> {
  return (await at.host.writePromotion(at.repo, await at.promotion(version))).number;
}

describe('the default branch', () => {
  test('its name and head, the configuration, the App, in one request', async () => {
    const mark = at.github.mark();
    const seen = await observe({});
    expect(at.github.countSince(mark)).toBe(1);
    expect(seen).toMatchObject({
      app: 'pawl',
      defaultBranch: 'main',
      head: at.github.head(fullName, 'main'),
      config: { kind: 'text', text: 'environments: {}\n' },
      stateHead: undefined,
      open: [],
    });
    expect(seen.url).toMatch(/\/acme\/config$/);
  });

  test('files and folders at its head', async () => {
    const seen = await observe({ paths: [devFile, 'absent.yaml'], folders: ['apps/web', 'absent'] });
    expect(seen.files).toMatchObject({
      [devFile]: { kind: 'text', text: 'tag: v2\n' },
      'absent.yaml': { kind: 'missing' },
    });
    expect(Object.keys(seen.folders)).toEqual(['apps/web']);
    expect(Object.keys(seen.folders['apps/web'] ?? {})).toEqual(['dev', 'staging']);
  });

  test.each([
    ['a symbolic link', { text: 'elsewhere.yaml', mode: '120000' }, 'is a symbolic link'],
    ['an executable', { text: 'tag: v1\n', mode: '100755' }, 'is marked executable'],
    ['bytes that are not UTF-8', Buffer.from([0x74, 0x61, 0x67, 0x3a, 0x20, 0xe9, 0x0a]), 'is not valid UTF-8'],
    ['a binary file', Buffer.from([0x00, 0x01, 0x02]), 'is not text'],
    ['a file that is too large', 'x'.repeat(512_001), 'is larger than 512 kB'],
  ] as const)('%s is not read', async (_, content, reason) => {
    at.github.commit(fullName, { files: { 'odd.yaml': content } });
    const seen = await observe({ paths: ['odd.yaml'] });
    expect(seen.files['odd.yaml']).toEqual({ kind: 'unreadable', reason });
  });

  test('a folder is no file, and a file no folder', async () => {
    const seen = await observe({ paths: ['apps'], folders: [devFile] });
    expect(seen.files['apps']).toEqual({ kind: 'unreadable', reason: 'is a folder' });
    expect(seen.folders).toEqual({});
  });

  test.each([
    ['exactly as large as allowed', 'x'.repeat(512_000)],
    ['with a replacement character of its own', 'name: "\uFFFD"\n'],
    ['with a byte order mark', '\uFEFFtag: v1\n'],
    ['empty', ''],
  ])('a file %s is read', async (_, text) => {
    at.github.commit(fullName, { files: { 'odd.yaml': text } });
    expect((await observe({ paths: ['odd.yaml'] })).files['odd.yaml']).toMatchObject({ kind: 'text', text });
  });

  test('paths that look like GraphQL are only paths', async () => {
    const path = 'apps/") { oid } }/values.yaml';
    at.github.commit(fullName, { files: { [path]: 'tag: v1\n' } });
    expect((await observe({ paths: [path] })).files[path]).toMatchObject({ kind: 'text' });
  });

  test('another repo that took over the name is not read as ours', async () => {
    const error = await hostErrorOf(at.host.observe({ ...at.repo, id: 1 }, nothing));
    expect(error.kind).toBe('gone');
  });

  test('a repo the App cannot see is gone', async () => {
    at.github.createRepo({ owner: 'acme', name: 'secret', files: { 'a.txt': 'a' } });
    expect((await hostErrorOf(at.host.observe({ ...at.repo, name: 'secret' }, nothing))).kind).toBe('gone');
  });

  test('an empty repo is gone until it has a commit', async () => {
    const { id } = at.github.createRepo({ owner: 'acme', name: 'empty', files: {} });
    at.github.install(at.app, 'acme', ['empty']);
    expect((await hostErrorOf(at.host.readConfig({ ...at.repo, id, name: 'empty' }))).kind).toBe('gone');
  });
});

describe('revisions', () => {
  test('files at an older commit of the default branch', async () => {
    const revision = at.github.head(fullName, 'main') ?? '';
    at.github.commit(fullName, { files: { [devFile]: 'tag: v3\n' } });
    const seen = await observe({ revisions: [{ revision, paths: [devFile], folders: ['apps/web/dev'] }] });
    expect(seen.revisions[revision]).toMatchObject({
      onBranch: true,
      files: { [devFile]: { kind: 'text', text: 'tag: v2\n' } },
    });
    expect(Object.keys(seen.revisions[revision]?.folders['apps/web/dev'] ?? {})).toEqual(['values.yaml']);
  });

  test('are asked for once: what memory holds is not asked again', async () => {
    const revision = at.github.head(fullName, 'main') ?? '';
    at.github.commit(fullName, { files: { 'big.yaml': '#'.repeat(100_000) } });
    const query = {
      revisions: [{ revision: at.github.head(fullName, 'main') ?? '', paths: ['big.yaml'], folders: [] }],
    };
    const bytes = async () => {
      const mark = at.github.mark();
      const seen = await observe(query);
      expect(Object.values(seen.revisions)[0]?.files['big.yaml']).toMatchObject({ kind: 'text' });
      return at.github.requestsSince(mark)[0]?.responseBytes ?? 0;
    };
    expect(await bytes()).toBeGreaterThan(100_000);
    expect(await bytes()).toBeLessThan(10_000);
    expect(revision).not.toBe('');
  });

  test('a commit of another branch is not on the default branch', async () => {
    at.github.createBranch(fullName, 'other');
    const revision = at.github.commit(fullName, { branch: 'other', files: { [devFile]: 'tag: evil\n' } });
    const seen = await observe({ revisions: [{ revision, paths: [devFile], folders: [] }] });
    expect(seen.revisions[revision]).toMatchObject({ onBranch: false, files: { [devFile]: { kind: 'text' } } });
  });

  test('a commit far back is found by comparison', async () => {
    const revision = at.github.head(fullName, 'main') ?? '';
    for (let count = 0; count < 101; count += 1) at.github.commit(fullName, { files: { 'count.txt': String(count) } });
    const seen = await observe({ revisions: [{ revision, paths: [], folders: [] }] });
    expect(seen.revisions[revision]?.onBranch).toBe(true);
  });

  test('one the repo does not have is left out, and what is no commit too', async () => {
    const unknown = 'f'.repeat(40);
    const { files } = await observe({ paths: [devFile] });
    const blob = files[devFile]?.kind === 'text' ? files[devFile].oid : '';
    const revisions = [unknown, blob].map((revision) => ({ revision, paths: [devFile], folders: [] }));
    expect((await observe({ revisions })).revisions).toEqual({});
  });

  test('asked for twice are answered together', async () => {
    const revision = at.github.head(fullName, 'main') ?? '';
    const seen = await observe({
      revisions: [
        { revision, paths: [devFile], folders: [] },
        { revision, paths: [stagingFile], folders: [] },
      ],
    });
    expect(Object.keys(seen.revisions[revision]?.files ?? {})).toEqual([devFile, stagingFile]);
  });
});

describe('a lane', () => {
  test('that was never promoted', async () => {
    const seen = await laneSeen();
    expect(seen).toMatchObject({ branches: [], pullRequests: [], merged: [], state: { kind: 'missing' } });
    expect(seen.stateChangedBy).toBeUndefined();
    expect(seen.lastChanges[stagingFile]).toMatchObject({ author: 'alex', headline: 'First commit' });
  });

  test('with its open pull request and its branch', async () => {
    await promote('v2');
    const seen = await laneSeen();
    expect(seen.pullRequests).toMatchObject([
      {
        number: 1,
        state: 'open',
        draft: false,
        title: 'web v2',
        branch,
        head: at.github.head(fullName, branch),
        closedBy: undefined,
        engaged: false,
        reviewed: false,
        ownComments: [],
        candidate: 'hash-v2',
      },
    ]);
    expect(seen.branches).toMatchObject([
      { name: branch, head: at.github.head(fullName, branch), complete: true, commits: [{ byApp: true }] },
    ]);
    expect(seen.branches[0]?.files[stagingFile]).toMatchObject({ text: 'tag: v2\n' });
    expect((await at.look()).open).toMatchObject([{ number: 1, branch }]);
  });

  test("a person's commit on the branch makes it theirs; the candidate is still the App's", async () => {
    await promote('v2');
    at.github.commit(fullName, {
      branch,
      files: { [stagingFile]: 'tag: v2 # checked\n' },
      message: 'Mine\n\nPawl-Candidate: forged',
      by: at.person,
    });
    const seen = await laneSeen();
    expect(seen.branches[0]?.commits.map(({ byApp, author }) => [byApp, author])).toEqual([
      [false, 'bo'],
      [true, 'pawl'],
    ]);
    expect(seen.branches.every(isOurs)).toBe(false);
    expect(seen.pullRequests[0]?.candidate).toBe('hash-v2');
  });

  test("a commit that only carries the App's name is not the App's", async () => {
    at.github.createBranch(fullName, branch);
    at.github.commit(fullName, { branch, files: { [stagingFile]: 'tag: v9\n' }, by: at.app });
    expect((await laneSeen()).branches[0]?.commits).toMatchObject([{ byApp: false }]);
  });

  test('the newest of several commits comes first', async () => {
    at.github.createBranch(fullName, branch);
    for (const tag of ['a', 'b', 'c']) at.github.commit(fullName, { branch, files: { 'x.txt': tag }, message: tag });
    const [seen] = (await laneSeen()).branches;
    expect(seen?.commits.map(({ message }) => message.trim())).toEqual(['c', 'b', 'a']);
    expect(seen?.complete).toBe(true);
  });

  test('a branch with more commits than are read is not complete', async () => {
    at.github.createBranch(fullName, branch);
    for (let count = 0; count < 31; count += 1) at.github.commit(fullName, { branch, files: { 'x.txt': `${count}` } });
    expect((await laneSeen()).branches[0]?.complete).toBe(false);
  });

  test('the spare branch is read too', async () => {
    at.github.createBranch(fullName, `${branch}+2`);
    expect((await laneSeen()).branches).toMatchObject([{ name: `${branch}+2`, complete: true, commits: [] }]);
  });

  test("somebody else's pull request from the branch is not ours", async () => {
    at.github.createBranch(fullName, branch);
    at.github.commit(fullName, { branch, files: { 'x.txt': 'x' } });
    at.github.open(fullName, { title: 'mine', head: branch, by: at.person });
    const seen = await at.look();
    expect(seen.lanes[0]?.pullRequests).toEqual([]);
    expect(seen.open).toEqual([]);
    expect(seen.lanes[0]?.branches).toMatchObject([{ complete: true, foreignPullRequest: 1 }]);
    expect(seen.lanes[0]?.branches.some(isOurs)).toBe(false);
  });

  test("somebody else's pull request makes a branch theirs while it is open, however many came after it", async () => {
    at.github.close(fullName, await promote('v2'), { by: at.person });
    at.github.createBranch(fullName, 'other');
    const theirs = at.github.open(fullName, { title: 'mine', head: branch, base: 'other', by: at.person });
    for (let count = 0; count < 10; count += 1) {
      at.github.close(fullName, at.github.open(fullName, { title: 'again', head: branch, by: at.person }));
    }
    const [seen] = (await laneSeen()).branches;
    expect(seen).toMatchObject({ foreignPullRequest: theirs, commits: [{ byApp: true }] });
    at.github.close(fullName, theirs, { by: at.person });
    const [after] = (await laneSeen()).branches;
    expect(after).toMatchObject({ foreignPullRequest: undefined });
    expect(after !== undefined && isOurs(after)).toBe(true);
  });

  test('an open pull request is read however many others of its branch came to nothing since', async () => {
    const number = await promote('v2');
    at.github.createBranch(fullName, 'other');
    for (let count = 0; count < 10; count += 1) {
      at.github.close(fullName, at.github.open(fullName, { title: 'x', head: branch, base: 'other', by: at.person }));
    }
    expect((await laneSeen()).pullRequests).toMatchObject([{ number, state: 'open' }]);
  });

  test('a person who comments is engaged, one who reviews has reviewed; the App itself is neither', async () => {
    const number = await promote('v2');
    at.github.comment(fullName, number, { body: 'hello from Pawl', by: at.app });
    expect(await laneSeen()).toMatchObject({
      pullRequests: [{ engaged: false, reviewed: false, ownComments: ['hello from Pawl'] }],
    });
    at.github.comment(fullName, number, { body: 'looks good', by: at.person });
    expect(await laneSeen()).toMatchObject({ pullRequests: [{ engaged: true, reviewed: false }] });
    at.github.review(fullName, number, { event: 'APPROVE', by: at.person });
    const seen = await laneSeen();
    expect(seen).toMatchObject({ pullRequests: [{ engaged: true, reviewed: true, ownComments: ['hello from Pawl'] }] });
  });

  test.each([
    ['a person', () => at.person, { login: 'bo', kind: 'person' }],
    ['the App', () => at.app, { login: 'pawl', kind: 'app' }],
  ] as const)('closed by %s', async (_, who, closedBy) => {
    at.github.close(fullName, await promote('v2'), { by: who() });
    const [pull] = (await laneSeen()).pullRequests;
    expect(pull).toMatchObject({ state: 'closed', closedBy, mergeCommit: undefined });
    expect(pull?.closedAtMs).toBeGreaterThan(0);
  });

  test.each(['merge', 'squash', 'rebase'] as const)(
    'merged by %s: the files right after and right before',
    async (method) => {
      const number = await promote('v2');
      const mergeCommit = at.github.merge(fullName, number, { method, by: at.person });
      at.github.commit(fullName, { files: { [stagingFile]: 'tag: hotfix\n' }, message: 'Hotfix', by: at.person });
      const seen = await laneSeen();
      expect(seen.pullRequests).toMatchObject([
        { state: 'merged', mergeCommit, closedBy: { login: 'bo', kind: 'person' } },
      ]);
      expect(seen.merged).toMatchObject([
        {
          pullRequest: number,
          mergeCommit,
          files: { [stagingFile]: { text: 'tag: v2\n' } },
          before: { [stagingFile]: { text: 'tag: v1\n' } },
        },
      ]);
      expect(seen.lastChanges[stagingFile]).toMatchObject({ author: 'bo', headline: 'Hotfix' });
    },
  );

  test('of many merges the newest five, with a second request only for those it never saw', async () => {
    for (let version = 2; version < 9; version += 1) {
      at.github.merge(fullName, await promote(`v${version}`), { method: 'squash', by: at.person });
    }
    const host = at.restarted();
    await host.readConfig(at.repo);
    const mark = at.github.mark();
    const query = { ...nothing, paths: [stagingFile], lanes: [laneQuery] };
    const tags = async () => {
      const { lanes } = await host.observe(at.repo, query);
      return lanes[0]?.merged.map(({ files, before }) =>
        [before, files]
          .map((side) => side[stagingFile]?.kind === 'text' && side[stagingFile].text.slice(5, -1))
          .join('>'),
      );
    };
    expect(await tags()).toEqual(['v7>v8', 'v6>v7', 'v5>v6', 'v4>v5', 'v3>v4']);
    expect(at.github.countSince(mark)).toBe(1);
    expect(await tags()).toHaveLength(5);
    expect(at.github.countSince(mark)).toBe(2);
    at.github.merge(fullName, await promote('v9'), { method: 'squash', by: at.person });
    const after = at.github.mark();
    expect(await tags()).toEqual(['v8>v9', 'v7>v8', 'v6>v7', 'v5>v6', 'v4>v5']);
    expect(at.github.countSince(after)).toBe(1);
    for (const version of ['v10', 'v11']) {
      at.github.merge(fullName, await promote(version), { method: 'squash', by: at.person });
    }
    const later = at.github.mark();
    expect(await tags()).toEqual(['v10>v11', 'v9>v10', 'v8>v9', 'v7>v8', 'v6>v7']);
    expect(at.github.countSince(later)).toBe(2);
  });

  test('the last merge is known however many pull requests came to nothing since', async () => {
    const merged = await promote('v2');
    at.github.merge(fullName, merged, { method: 'squash', by: at.person });
    for (let version = 3; version < 14; version += 1) {
      at.github.close(fullName, await promote(`v${version}`), { by: at.person });
    }
    const host = at.restarted();
    await host.readConfig(at.repo);
    const mark = at.github.mark();
    const { lanes } = await host.observe(at.repo, { ...nothing, lanes: [laneQuery] });
    expect(at.github.countSince(mark)).toBe(1);
    expect(lanes[0]?.merged).toMatchObject([
      {
        pullRequest: merged,
        files: { [stagingFile]: { text: 'tag: v2\n' } },
        before: { [stagingFile]: { text: 'tag: v1\n' } },
      },
    ]);
    const pulls = lanes[0]?.pullRequests.map(({ number, state }) => `${number} ${state}`);
    expect(pulls).toHaveLength(11);
    expect(pulls?.at(0)).toBe('12 closed');
    expect(pulls?.at(-1)).toBe('1 merged');
  });

  test("what somebody else merged from the lane's branch is no promotion", async () => {
    const merged = await promote('v2');
    at.github.merge(fullName, merged, { method: 'squash', by: at.person });
    at.github.deleteBranch(fullName, branch);
    at.github.createBranch(fullName, branch);
    at.github.commit(fullName, { branch, files: { [stagingFile]: 'tag: mine\n' }, by: at.person });
    const theirs = at.github.open(fullName, { title: 'mine', head: branch, by: at.person });
    at.github.merge(fullName, theirs, { method: 'squash', by: at.person });
    const seen = await laneSeen();
    expect(seen.merged.map(({ pullRequest }) => pullRequest)).toEqual([merged]);
    expect(seen.pullRequests.map(({ number }) => number)).toEqual([merged]);
  });

  test('a merge into another branch moved nothing', async () => {
    const number = await promote('v2');
    at.github.createBranch(fullName, 'other');
    at.github.edit(fullName, number, { base: 'other', by: at.person });
    at.github.merge(fullName, number, { by: at.person });
    expect((await laneSeen()).merged).toEqual([]);
  });

  test('a lane that left the configuration has no files and is read all the same', async () => {
    await promote('v2');
    const { lanes } = await observe({ lanes: [{ ...laneQuery, paths: [] }] });
    expect(lanes).toMatchObject([{ pullRequests: [{ state: 'open' }], branches: [{ complete: true }], merged: [] }]);
  });
});

describe('another branch than the default one', () => {
  const onBranch = 'env/staging';
  let head = '';

  beforeEach(() => {
    at.github.createBranch(fullName, onBranch);
    head = at.github.commit(fullName, {
      branch: onBranch,
      files: { [stagingFile]: 'tag: v9\n', '.github/pawl.yaml': 'not: this one\n' },
    });
    at.github.commit(fullName, { files: { 'only-main.txt': 'x' } });
  });

  test('its head, files and folders, with the configuration of the default branch, in one request', async () => {
    const mark = at.github.mark();
    const seen = await observe({ branch: onBranch, paths: [stagingFile, 'only-main.txt'], folders: ['apps/web'] });
    expect(at.github.countSince(mark)).toBe(1);
    expect(seen).toMatchObject({
      defaultBranch: 'main',
      defaultHead: at.github.head(fullName, 'main'),
      config: { kind: 'text', text: 'environments: {}\n' },
      branch: onBranch,
      head,
      files: { [stagingFile]: { kind: 'text', text: 'tag: v9\n' }, 'only-main.txt': { kind: 'missing' } },
    });
    expect(Object.keys(seen.folders)).toEqual(['apps/web']);
  });

  test('a revision counts if this branch has it, whether or not the default one has', async () => {
    const older = head;
    head = at.github.commit(fullName, { branch: onBranch, files: { 'x.txt': 'x' } });
    const other = at.github.head(fullName, 'main') ?? '';
    const revisions = [older, other].map((revision) => ({ revision, paths: [stagingFile], folders: [] }));
    const here = await observe({ branch: onBranch, revisions });
    expect(here.revisions[older]).toMatchObject({ onBranch: true, files: { [stagingFile]: { text: 'tag: v9\n' } } });
    expect(here.revisions[other]).toMatchObject({ onBranch: false });
    const there = await observe({ revisions });
    expect(there.revisions[older]).toMatchObject({ onBranch: false });
    expect(there.revisions[other]).toMatchObject({ onBranch: true });
  });

  test('a lane stands on it: its commits, its merges and who changed its files last', async () => {
    const write = await at.promotion('v10');
    const { number } = await at.host.writePromotion(at.repo, { ...write, base: { branch: onBranch, head } });
    const [open] = (await observe({ branch: onBranch, lanes: [laneQuery] })).lanes;
    expect(open?.branches[0]).toMatchObject({ name: branch, complete: true, commits: [{ byApp: true }] });
    expect(open?.branches[0] !== undefined && isOurs(open.branches[0])).toBe(true);
    expect(open?.lastChanges[stagingFile]?.commit).toBe(head);
    expect(at.github.pullRequest(fullName, number)).toMatchObject({ base: { branch: onBranch }, state: 'OPEN' });

    const mergeCommit = at.github.merge(fullName, number, { by: at.person });
    const [here] = (await observe({ branch: onBranch, lanes: [laneQuery] })).lanes;
    expect(here?.merged).toMatchObject([
      { pullRequest: number, mergeCommit, files: { [stagingFile]: { text: 'tag: v10\n' } } },
    ]);
    const [there] = (await observe({ lanes: [laneQuery] })).lanes;
    expect(there?.merged).toEqual([]);
  });

  test('moving an open pull request onto a newer head of it asks for no tree', async () => {
    const first = await at.promotion('v10');
    const base = { branch: onBranch, head };
    const { id, number } = await opened(await at.host.writePromotion(at.repo, { ...first, base }));
    head = at.github.commit(fullName, { branch: onBranch, files: { 'x.txt': 'x' } });
    const seen = await observe({ branch: onBranch, lanes: [laneQuery] });
    const write = {
      ...first,
      base: { branch: onBranch, head: seen.head },
      expected: seen.lanes[0]?.branches[0]?.head,
      pullRequest: { ...first.pullRequest, existing: { id, number } },
    };
    expect(await at.cost(() => at.host.writePromotion(at.repo, write))).toBe(3);
    expect(at.github.log(fullName, branch)[0]?.parents).toEqual([head]);
  });

  test('one that is not there is refused by its name', async () => {
    const error = await hostErrorOf(observe({ branch: 'env/gone', lanes: [laneQuery] }));
    expect(error).toMatchObject({ kind: 'refused', message: 'acme/config has no branch env/gone' });
  });

  async function opened({ number }: { readonly number: number }) {
    const pulls = (await observe({ branch: onBranch, lanes: [laneQuery] })).lanes[0]?.pullRequests ?? [];
    return { id: pulls.find((pull) => pull.number === number)?.id ?? '', number };
  }
});

describe('a repo with very many open pull requests', () => {
  /** Newer than ours, and more than one list holds. */
  function crowd(): readonly number[] {
    return Array.from({ length: 100 }, (_, index) => {
      const head = `renovate/${index}`;
      at.github.createBranch(fullName, head);
      at.github.commit(fullName, { branch: head, files: { 'x.txt': head } });
      return at.github.open(fullName, { title: head, head, by: at.person });
    });
  }

  test('ours are found among them, with a second request only at the first look', async () => {
    const number = await promote('v2');
    const others = crowd();
    const mark = at.github.mark();
    expect((await observe({})).open).toMatchObject([{ number, branch }]);
    expect(at.github.countSince(mark)).toBe(2);
    expect((await observe({})).open).toMatchObject([{ number, branch }]);
    expect(at.github.countSince(mark)).toBe(3);
    expect((await at.host.sweep(at.repo)).open).toMatchObject([{ number, branch, head: expect.any(String) }]);
    expect(at.github.countSince(mark)).toBe(4);
    at.github.close(fullName, others[0] ?? 0);
    expect((await observe({})).open).toMatchObject([{ number, branch }]);
    expect(at.github.countSince(mark)).toBe(5);
  });

  test('and of very many lanes', async () => {
    const number = await promote('v2');
    for (let count = 0; count < 100; count += 1) at.github.createBranch(fullName, `promote/prod/app-${count}`);
    crowd();
    const mark = at.github.mark();
    expect((await at.host.sweep(at.repo)).open).toMatchObject([{ number, branch }]);
    expect(at.github.countSince(mark)).toBe(3);
  });
});

describe('the side branch', () => {
  const write = { path: laneQuery.statePath, text: '{"declined":[]}\n', message: 'Decline' };

  test('what the App wrote there', async () => {
    await at.host.writeState(at.repo, { ...write, head: undefined });
    const seen = await at.look();
    expect(seen.stateHead).toBe(at.github.head(fullName, 'pawl/state'));
    expect(seen.lanes[0]).toMatchObject({
      state: { kind: 'text', text: write.text },
      stateChangedBy: { app: true, login: 'pawl' },
    });
    await at.host.writeState(at.repo, { ...write, head: seen.stateHead, text: '{}\n' });
    expect((await laneSeen()).stateChangedBy).toEqual({ app: true, login: 'pawl' });
  });

  test('what a person changed there', async () => {
    await at.host.writeState(at.repo, { ...write, head: undefined });
    at.github.commit(fullName, { branch: 'pawl/state', files: { [write.path]: 'mine\n' }, by: at.person });
    expect((await laneSeen()).stateChangedBy).toEqual({ app: false, login: 'bo' });
    at.github.commit(fullName, { branch: 'pawl/state', files: { [write.path]: null }, by: at.person });
    expect((await laneSeen()).stateChangedBy).toEqual({ app: false, login: 'bo' });
  });

  test('what a person took back again is as the App wrote it last', async () => {
    await at.host.writeState(at.repo, { ...write, head: undefined });
    await at.host.writeState(at.repo, { ...write, head: at.github.head(fullName, 'pawl/state'), text: '{}\n' });
    const put = (text: string) =>
      at.github.commit(fullName, { branch: 'pawl/state', files: { [write.path]: text }, by: at.person });
    put(write.text);
    expect((await laneSeen()).stateChangedBy).toEqual({ app: false, login: 'bo' });
    put('{}\n');
    expect((await laneSeen()).stateChangedBy).toEqual({ app: true, login: 'pawl' });
  });

  test("what somebody wrote there in the App's name, without GitHub's signature", async () => {
    at.github.createBranch(fullName, 'pawl/state');
    at.github.commit(fullName, { branch: 'pawl/state', files: { [write.path]: 'forged\n' }, by: at.app });
    expect((await laneSeen()).stateChangedBy).toEqual({ app: false, login: 'pawl' });
  });
});

describe('very many files', () => {
  test('are read with further requests', async () => {
    const paths = Array.from({ length: 300 }, (_, index) => `many/${index}.yaml`);
    const revision = at.github.commit(fullName, {
      files: Object.fromEntries(paths.map((path) => [path, `${path}\n`])),
    });
    at.github.commit(fullName, { files: { 'many/0.yaml': 'changed\n' } });
    const mark = at.github.mark();
    const seen = await observe({ paths, revisions: [{ revision, paths, folders: ['many'] }] });
    expect(at.github.countSince(mark)).toBe(4);
    expect(seen.files['many/299.yaml']).toMatchObject({ text: 'many/299.yaml\n' });
    expect(seen.files['many/0.yaml']).toMatchObject({ text: 'changed\n' });
    expect(seen.revisions[revision]?.files['many/0.yaml']).toMatchObject({ text: 'many/0.yaml\n' });
    expect(Object.keys(seen.revisions[revision]?.files ?? {})).toHaveLength(300);
  });

  test('that change while they are read make the look void', async () => {
    const paths = Array.from({ length: 300 }, (_, index) => `many/${index}.yaml`);
    at.github.failNext({
      match: /operation Read|graphql Read/,
      when: 'after',
      run: () => at.github.commit(fullName, { files: { 'x.txt': 'x' } }),
    });
    expect((await hostErrorOf(observe({ paths }))).kind).toBe('moved');
  });

  test('beyond any bound are refused without a request', async () => {
    const paths = Array.from({ length: 2001 }, (_, index) => `many/${index}.yaml`);
    const mark = at.github.mark();
    expect((await hostErrorOf(observe({ paths }))).kind).toBe('refused');
    expect(at.github.countSince(mark)).toBe(0);
  });
});
