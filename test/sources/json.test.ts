import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keep } from '../../src/sources/json.ts';

const shape = {
  name: 'text',
  id: 'number',
  draft: 'flag',
  owner: { login: 'text' },
  items: [{ path: 'text' }],
} as const;
const nothing = { owner: {}, items: [] };

test('keeps what fits the shape and drops the rest', () => {
  const sent = {
    name: 'web',
    id: 7,
    draft: false,
    owner: { login: 'acme', id: 1 },
    items: [{ path: 'a', size: 3 }, 'b', null],
    more: true,
  };
  expect(keep(sent, shape)).toEqual({
    name: 'web',
    id: 7,
    draft: false,
    owner: { login: 'acme' },
    items: [{ path: 'a' }, {}, {}],
  });
});

test.each([null, undefined, 7, 'text', [], [{ name: 'web' }], { name: 7, id: '7', draft: 'no', owner: [], items: {} }])(
  '%j has nothing of it',
  (sent) => {
    expect(keep(sent, shape)).toEqual(nothing);
  },
);

test.each([1.5, 2 ** 53, Number.NaN])('%s is no whole number to rely on', (id) => {
  expect(keep({ id }, shape)).toEqual(nothing);
});

test('what is inherited is not sent', () => {
  expect(keep(Object.create({ name: 'web' }), shape)).toEqual(nothing);
  expect(keep({}, { constructor: { name: 'text' } })).toEqual({ constructor: {} });
});

test('long texts and lists are cut, half a character becomes a whole one', () => {
  expect(keep({ name: 'x'.repeat(5_000) }, shape).name).toHaveLength(1_000);
  expect(keep({ items: new Array(500).fill({}) }, shape).items).toHaveLength(20);
  expect(keep({ name: '\ud83d' }, shape).name).toBe('\ufffd');
});

test('keeping twice keeps the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (sent) => {
      expect(keep(keep(sent, shape), shape)).toEqual(keep(sent, shape));
    }),
  );
});
