import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from '../../src/config/schema.ts';
import { edited, everything, problemsIn } from './some-config.ts';
import { someRegistries } from './some-registries.ts';

const schema = configJsonSchema(someRegistries);
const validate = new Ajv2020({ strict: false }).compile(schema);

test('a right configuration is right by the JSON schema too', () => {
  expect(problemsIn(everything)).toEqual([]);
  expect(validate(parse(everything))).toBe(true);
});

test('an environment may be left empty', () => {
  expect(problemsIn(edited('dev: {}', 'dev:'))).toEqual([]);
  expect(validate(parse(edited('dev: {}', 'dev:')))).toBe(true);
});

describe('mistakes that the JSON schema finds as well', () => {
  test.each([
    ['environments:', 'enviroments:'],
    ['version: 1', 'version: 2'],
    ['after: dev', 'afer: dev'],
    ['after: dev', 'after: 5'],
    ['[eu, us]', '[]'],
    ['name: search', 'name: a/b'],
    ['images: ["*"]', 'image: ["*"]'],
    ['images: ["*"]', 'images: "*"'],
    ['images: ["*"]', 'images: ["*"]\n        keys: [a]'],
    ['in: values.yaml', 'in: 5'],
    ['source: flux', 'source: fluxx'],
    ['kustomization:', 'kustomisation:'],
    ['    senders: ["argo-bot[bot]"]\n', ''],
    ['source: flux', 'source: flux\n    senders: [a]'],
    ['openPullRequests: 10', 'openPullRequests: 0'],
    ['15m', '15'],
  ])('%j in place of %j', (piece, other) => {
    expect(problemsIn(edited(piece, other))).not.toEqual([]);
    expect(validate(parse(edited(piece, other)))).toBe(false);
  });
});

test('every key is described, for whoever writes the file in an editor', () => {
  const undescribed = (value: unknown, path: string): readonly string[] => {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      if (key !== 'properties') return undescribed(inner, `${path}/${key}`);
      const missing = Object.entries(inner).filter(
        ([name, one]) => name !== 'source' && !JSON.stringify(one).includes('"description"'),
      );
      return [...missing.map(([name]) => `${path}/${name}`), ...undescribed(inner, path)];
    });
  };
  expect(undescribed(schema, '').filter((path) => !/\/anyOf\/\d\/(images|keys)$/.test(path))).toEqual([]);
});
