import { describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from '../../src/github/client.ts';
import {
  addComment,
  closePullRequest,
  commitMade,
  createCommitOnBranch,
  createPullRequest,
  createRef,
  faultOf,
  type Mutation,
  mutationRequest,
  pullWritten,
  reopenPullRequest,
  setDraft,
  updatePullRequest,
  updateRefs,
} from '../../src/github/mutations.ts';
import { type VariableList, variableList } from '../../src/github/variables.ts';
import { schemaFaults } from './stage.ts';

const oid = 'a'.repeat(40);

type Make = (alias: string, variables: VariableList) => Mutation;

const mutations: Readonly<Record<string, Make>> = {
  createRef: (alias, variables) =>
    createRef({ alias, variables }, { repositoryId: 'R_1', name: 'refs/heads/promote/staging/web', oid }),
  updateRefs: (alias, variables) =>
    updateRefs(
      { alias, variables },
      { repositoryId: 'R_1', updates: [{ name: 'refs/heads/x', beforeOid: oid, afterOid: oid }] },
    ),
  createCommitOnBranch: (alias, variables) =>
    createCommitOnBranch(
      { alias, variables },
      {
        fullName: 'acme/config',
        branch: 'x',
        expectedHead: oid,
        files: { 'a".yaml': 'tag: "é"\n' },
        headline: 'One',
        body: '',
      },
    ),
  createPullRequest: (alias, variables) =>
    createPullRequest(
      { alias, variables },
      { repositoryId: 'R_1', baseRefName: 'main', headRefName: 'x', title: 't', body: 'b', draft: true },
    ),
  updatePullRequest: (alias, variables) =>
    updatePullRequest({ alias, variables }, { pullRequestId: 'PR_1', title: 't' }),
  draft: (alias, variables) => setDraft({ alias, variables }, { id: 'PR_1', draft: true }),
  ready: (alias, variables) => setDraft({ alias, variables }, { id: 'PR_1', draft: false }),
  addComment: (alias, variables) => addComment({ alias, variables }, { id: 'PR_1', body: 'b' }),
  closePullRequest: (alias, variables) => closePullRequest({ alias, variables }, 'PR_1'),
  reopenPullRequest: (alias, variables) => reopenPullRequest({ alias, variables }, 'PR_1'),
};

describe("a document is what GitHub's published schema allows", () => {
  test.each(Object.entries(mutations))('%s', (_, make) => {
    const variables = variableList();
    expect(schemaFaults(mutationRequest([make('one', variables)], variables))).toEqual([]);
  });

  test('all of them in one', () => {
    const variables = variableList();
    const all = Object.entries(mutations).map(([name, make]) => make(name, variables));
    expect(schemaFaults(mutationRequest(all, variables))).toEqual([]);
  });

  test('and a wrong one would be noticed', () => {
    expect(schemaFaults({ document: 'mutation { createRef { ref { name } } }', variables: {} })).not.toEqual([]);
    expect(schemaFaults({ document: 'query A($v0: GitObjectID!) { viewer { login } }', variables: {} })).not.toEqual(
      [],
    );
  });
});

test('texts from outside are not in the document', () => {
  const variables = variableList();
  const { document } = mutationRequest(
    Object.values(mutations).map((make, index) => make(`m${index}`, variables)),
    variables,
  );
  for (const text of ['acme', 'promote', 'a"', 'PR_1', 'R_1', oid]) expect(document).not.toContain(text);
});

test('what a field did and what failed is found by its alias', () => {
  const fault = { type: 'STALE_DATA', message: 'no', path: ['commit'] };
  const pull = {
    id: 'PR_1',
    number: 1,
    url: 'https://github.test',
    state: 'OPEN',
    isDraft: false,
    title: 't',
    body: 'b',
    headRefOid: oid,
    baseRefName: 'main',
  };
  const answer: GraphqlAnswer = { data: { pull: { pullRequest: pull }, commit: null }, faults: [fault] };
  expect(faultOf(answer, 'commit')).toBe(fault);
  expect(faultOf(answer, 'pull')).toBeUndefined();
  expect(commitMade(answer, 'commit')).toBeUndefined();
  expect(commitMade({ data: { commit: { commit: { oid } } }, faults: [] }, 'commit')).toBe(oid);
  expect(pullWritten(answer, 'pull')).toEqual(pull);
  expect(pullWritten({ data: { pull: { pullRequest: null } }, faults: [] }, 'pull')).toBeUndefined();
  expect(() => pullWritten({ data: { pull: { pullRequest: {} } }, faults: [] }, 'pull')).toThrow('not as documented');
});
