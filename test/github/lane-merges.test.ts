import { describe, expect, test } from 'vitest';
import { readAround, readMerges } from '../../src/github/lane-merges.ts';
import type { RepositoryRead } from '../../src/github/repository.ts';

const paths = ['values.yaml'];
const [newer, older, parent] = ['a', 'b', 'c'].map((digit) => digit.repeat(40));

const merge = {
  number: 1,
  mergedAt: '2026-03-01T12:00:00Z',
  baseRefName: 'main',
  isCrossRepository: false,
  author: { __typename: 'Bot', login: 'pawl' },
  mergeCommit: { oid: older },
};

const withFiles = { oid: older, parents: { nodes: [{ oid: parent }] } };

function mergesOf(listed: readonly object[], files?: readonly unknown[]) {
  const read: RepositoryRead = {
    app: 'pawl',
    url: 'https://github.test/acme/config',
    defaultBranch: 'main',
    branch: 'main',
    defaultHead: 'f'.repeat(40),
    head: 'f'.repeat(40),
    fields: {
      head: {},
      defaultHead: {},
      branch: {},
      repository: {
        l0g0: { nodes: listed },
        ...(files === undefined ? {} : { l0m0: { nodes: files.map((mergeCommit) => ({ mergeCommit })) } }),
      },
    },
  };
  return readMerges({ prefix: 'l0', index: 0, paths }, read);
}

describe('merges of a branch', () => {
  test('the newest comes first, each with the files that were read around it', () => {
    const second = { ...merge, number: 2, mergedAt: '2026-03-02T12:00:00Z', mergeCommit: { oid: newer } };
    expect(mergesOf([merge, second], [withFiles])).toMatchObject([
      { pullRequest: 2, commit: newer, around: undefined },
      { pullRequest: 1, commit: older, mergedAtMs: Date.parse(merge.mergedAt), around: { parent } },
    ]);
  });

  test('are known without any files', () => {
    expect(mergesOf([merge])).toMatchObject([{ pullRequest: 1, commit: older, around: undefined }]);
  });

  test.each([
    ['by a person', { author: { __typename: 'User', login: 'pawl' } }],
    ['from a fork', { isCrossRepository: true }],
    ['into another branch', { baseRefName: 'other' }],
    ['whose commit GitHub does not name', { mergeCommit: null }],
  ])('but not one %s', (_, change) => {
    expect(mergesOf([{ ...merge, ...change }])).toEqual([]);
  });
});

test.each([
  ['that is no longer there', null],
  ['without a parent', { oid: older, parents: { nodes: [] } }],
])('there is nothing around a merge commit %s', (_, commit) => {
  expect(readAround(commit, paths)).toBeUndefined();
});
