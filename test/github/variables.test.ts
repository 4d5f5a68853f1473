import { expect, test } from 'vitest';
import { variableList } from '../../src/github/variables.ts';

test('each text becomes one variable, however often it is used', () => {
  const variables = variableList();
  expect(variables.add('String!', 'a')).toBe('$v0');
  expect(variables.add('String!', 'b"}')).toBe('$v1');
  expect(variables.add('String!', 'a')).toBe('$v0');
  expect(variables.add('ID!', 'a')).toBe('$v2');
  expect(variables.declarations()).toBe('($v0: String!, $v1: String!, $v2: ID!)');
  expect(variables.values()).toEqual({ v0: 'a', v1: 'b"}', v2: 'a' });
});

test('a document without variables declares none', () => {
  expect(variableList().declarations()).toBe('');
});
