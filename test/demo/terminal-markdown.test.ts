import { describe, expect, test } from 'vitest';
import { readInline, readMarkdown } from './markdown.ts';
import { createPaint } from './paint.ts';
import { statusOf, terminalMarkdown, wrap } from './terminal-markdown.ts';

const plain = createPaint(false);

const body = `<!-- pawl:begin -->
> [!TIP]
> **Live in staging**, healthy.

| Where | State |
| --- | --- |
| [\`dev\`](https://example.com/x) | a \\| b |

**Why now:** it runs.
**To decline it:** close it.

<details><summary>Files: 1 changed</summary>

\`\`\`diff
-tag: 1
+tag: 2
\`\`\`

</details>

<details><summary>Left alone: 5 differences</summary>

- \`a: b\` stays
- two
- three
- four
- five

</details>
<!-- pawl:end -->`;

test('a body as a terminal shows it: no signs of Markdown, tables in columns, folded parts in short', () => {
  expect(terminalMarkdown(body, plain, 60)).toEqual([
    '▌ TIP',
    '▌ Live in staging, healthy.',
    '',
    'Where   State',
    'dev     a | b',
    '',
    'Why now: it runs.',
    'To decline it: close it.',
    '',
    '▸ Files: 1 changed',
    '',
    '▸ Left alone: 5 differences',
    '  • a: b stays',
    '  • two',
    '  • three',
    '  • four',
    '  … and 1 more',
  ]);
});

test('how it stands is what its first block says', () => {
  expect(statusOf(body)).toBe('Live in staging, healthy.');
  expect(statusOf('Words of a person.')).toBeUndefined();
});

test('every line of a body is in some block', () => {
  expect(readMarkdown(body).map(({ kind }) => kind)).toEqual(['alert', 'table', 'paragraph', 'details', 'details']);
});

describe('one line', () => {
  test.each([
    ['plain', [{ kind: 'text', text: 'plain' }]],
    ['``a ` b``', [{ kind: 'code', text: 'a ` b' }]],
    [
      '\\*not\\*',
      [
        { kind: 'text', text: '*' },
        { kind: 'text', text: 'not' },
        { kind: 'text', text: '*' },
      ],
    ],
    ['**`1`**', [{ kind: 'strong', inner: [{ kind: 'code', text: '1' }] }]],
    ['*Revert*', [{ kind: 'emphasis', inner: [{ kind: 'text', text: 'Revert' }] }]],
  ])('%s', (text, expected) => {
    expect(readInline(text)).toEqual(expected);
  });

  test('is broken at blanks, never within a word', () => {
    expect(wrap('one two three-four-five', 8)).toEqual(['one two', 'three-four-five']);
  });
});
