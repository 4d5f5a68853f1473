import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTree } from '../../src/github/tree.ts';
import { aConfigRepo, type ConfigRepo, devFile, fullName, stagingFile } from './config-repo.ts';
import { apiUrl, hostErrorOf, playToken, repo, setStage } from './stage.ts';

describe('on the local GitHub', () => {
  let at: ConfigRepo;

  beforeEach(async () => {
    at = await aConfigRepo();
  });

  afterEach(async () => {
    expect(at.github.violations).toEqual([]);
    await at.github.stop();
  });

  test('every file with its id in one request; folders are none', async () => {
    const revision = at.github.head(fullName, 'main') ?? '';
    const mark = at.github.mark();
    const tree = await at.host.readTree(at.repo, revision);
    expect(at.github.countSince(mark)).toBe(1);
    expect(tree).toMatchObject({ revision, complete: true });
    expect([...tree.oids.keys()]).toEqual(expect.arrayContaining([devFile, stagingFile]));
    expect([...tree.oids.keys()].filter((path) => devFile.startsWith(`${path}/`))).toEqual([]);
    const { files } = await at.host.observe(at.repo, {
      revisions: [],
      paths: [devFile],
      folders: [],
      lanes: [],
    });
    const [file] = Object.values(files);
    expect(tree.oids.get(devFile)).toBe(file?.kind === 'text' ? file.oid : '');
  });

  test('a list that GitHub cut is not complete', async () => {
    at.github.settings.treeEntriesMax = 2;
    const tree = await at.host.readTree(at.repo, at.github.head(fullName, 'main') ?? '');
    expect(tree.complete).toBe(false);
    expect(tree.oids.size).toBeLessThanOrEqual(2);
  });

  test('a revision the repo does not have is gone', async () => {
    const error = await hostErrorOf(at.host.readTree(at.repo, 'f'.repeat(40)));
    expect(error.kind).toBe('gone');
  });
});

test('an answer that does not say whether it was cut is none', async () => {
  const stage = setStage();
  playToken();
  nock(apiUrl)
    .get(/git\/trees/)
    .reply(200, { tree: [] });
  expect((await hostErrorOf(readTree(stage.context, repo, 'a'.repeat(40)))).kind).toBe('unreachable');
});
