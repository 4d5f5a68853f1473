import { describe, expect, test } from 'vitest';
import { configIn, edited, problemsIn } from './some-config.ts';

describe('what may move', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['a mistyped editor', 'images: ["*"]', 'image: ["*"]', ['13:9: Unknown key `image`. Did you mean `images`?']],
    [
      'no editor',
      '- images: ["*"]',
      '- in: values.yaml',
      ['13:9: This does not say what may move. Name the editor: `images` or `keys`.'],
    ],
    [
      'two editors',
      '- images: ["*"]',
      '- images: ["*"]\n        keys: [a.b]',
      ['13:9: This names 2 editors: `images` and `keys`. Write one entry for each.'],
    ],
    [
      'a stranger beside the editor',
      'in: values.yaml',
      'on: values.yaml',
      ['15:9: Unknown key `on`. Did you mean `in`?'],
    ],
    [
      'an option the editor refuses',
      'images: ["*"]',
      'images: "*"',
      ['13:17: `images` is the text `*`; it must be a list. Write a list: `[a, b]`.'],
    ],
    ['an empty option', 'images: ["*"]', 'images: []', ['13:17: `images` is an empty list. Write at least one.']],
    [
      'a number in an option',
      'keys: [image.tag]\n',
      'keys: [image.tag, 1]\n',
      ['14:27: `1` without quotes is no text in YAML. Quote it: `"1"`.'],
    ],
    [
      'an empty text in an option',
      'images: ["*"]',
      'images: [""]',
      ['13:18: Item 1 of `images` has too few or too many characters; the least is 1. Write another text.'],
    ],
    [
      'a file outside',
      'in: values.yaml',
      'in: ../values.yaml',
      [
        '15:13: The path has a folder `..`. Write a path below the root of the repo, such as `apps/{application}/{environment}`.',
      ],
    ],
    [
      'a folder for a file',
      'in: values.yaml',
      'in: .',
      ['15:13: `.` is a folder. Write a file below `path`, such as `in: values.yaml`.'],
    ],
    [
      'a number for a file',
      'in: values.yaml',
      'in: 5',
      ['15:13: `in` must be a text. Write a file below `path`, such as `in: values.yaml`.'],
    ],
    [
      'an entry that is a text',
      '- images: ["*"]',
      '- "*"',
      [
        '13:9: Item 1 of `promote` is the text `*`; it must be a map. Write a list of what may move: `promote: [{ images: ["*"] }]`.',
      ],
    ],
  ])('%s', (_, piece, other, expected) => {
    expect(problemsIn(edited(piece, other))).toEqual(expected);
  });
});

test('20 entries are accepted, one more is not', () => {
  const entries = (count: number): string => {
    return Array.from({ length: count }, (_, index) => `      - keys: [k${index}]\n`).join('');
  };
  const piece = '      - images: ["*"]\n';
  expect(configIn(edited(piece, entries(19))).applications[0]?.promote).toHaveLength(20);
  expect(problemsIn(edited(piece, entries(20)))).toEqual([
    '13:7: `promote` is too long; the most is 20. Write fewer; one rule with placeholders serves many.',
  ]);
});

test('an entry keeps its editor, its options as the editor reads them, and its file', () => {
  const [first, second] =
    configIn(edited('in: values.yaml', 'in: values-{environment}.yaml')).applications[0]?.promote ?? [];
  expect([first?.editor, first?.where, first?.file.text]).toEqual(['images', { images: ['*'] }, 'kustomization.yaml']);
  expect([second?.editor, second?.where, second?.file.text]).toEqual([
    'keys',
    { keys: ['image.tag'] },
    'values-{environment}.yaml',
  ]);
});
