import { z } from 'zod';
import { type KeyPattern, leadsTo, parseKeyPattern, withDots } from './key-pattern.ts';
import { type DocumentWhere, documentOption } from './yaml-documents.ts';
import type { PathStep } from './yaml-locate.ts';

/** What of a file with values may move. */
export interface ValuesWhere {
  readonly keys: readonly string[];
  readonly with?: readonly ('repository' | 'registry')[] | undefined;
  readonly only?: 'tag' | undefined;
  readonly emptyTag?: 'appVersion' | undefined;
  readonly document?: DocumentWhere | undefined;
}

/** Keys of one rule: a file in which more move should be promoted as a whole. */
const keysMax = 100;

const key = z
  .string()
  .check((context) => {
    const read = parseKeyPattern(context.value);
    if (!read.ok) context.issues.push({ code: 'custom', message: read.problem, input: context.value });
  })
  .transform(withDots)
  .describe(
    'Path of one value or of one image with its `tag`: `image.tag`, `containers[name=app].image` for the item with that name, `args[0]` where items have no names, `annotations["a.b/c"]`, or `a\\.b` for a key with a dot. `*` stands for the keys of one level, whole or in part: `services.*.image`, `image-*`, `containers[name=*].image`. A JSON pointer such as `/image/tag` is understood too.',
  );

export const valuesOptions = z
  .strictObject({
    keys: z
      .array(key)
      .min(1)
      .max(keysMax)
      .check((context) => {
        for (const text of repeated(context.value)) {
          const message = `${text} is named twice. Name it once.`;
          context.issues.push({ code: 'custom', message, input: context.value });
        }
      })
      .readonly()
      .describe(
        'Values that may move, and nothing else in the file. Name the tag and the digest of an image together, or the map that holds both.',
      ),
    with: z
      .array(z.enum(['repository', 'registry']))
      .min(1)
      .max(2)
      .readonly()
      .optional()
      .describe('What moves with the tag and the digest where a key leads to a map that is an image.'),
    only: z
      .literal('tag')
      .optional()
      .describe('Where a key leads to an image in one text: its tag and digest move, the registry and the name stay.'),
    emptyTag: z
      .literal('appVersion')
      .optional()
      .describe("What an empty tag means: the chart's `appVersion`. It is then a version like others, and moves."),
    document: documentOption,
  })
  .check((context) => {
    if (context.value.with === undefined || context.value.only === undefined) return;
    const message = '`with` makes more move than the tag and `only` less. Write one of them.';
    context.issues.push({ code: 'custom', message, path: ['only'], input: context.value });
  });

/** Keys that lead to the same as one before them. */
function repeated(keys: readonly string[]): readonly string[] {
  const names = keys.map((text) => {
    const read = parseKeyPattern(text);
    return read.ok ? JSON.stringify(read.pattern.steps) : text;
  });
  return keys.filter((_, index) => names.indexOf(names[index] ?? '') < index);
}

/** The keys of a rule, read. Those that are no keys are left out: each is refused where the file is read. */
export function patternsOf({ keys }: Pick<ValuesWhere, 'keys'>): readonly KeyPattern[] {
  return keys.flatMap((text) => {
    const read = parseKeyPattern(text);
    return read.ok ? [read.pattern] : [];
  });
}

export function isSelected(patterns: readonly KeyPattern[], path: readonly PathStep[]): boolean {
  return patterns.some((pattern) => leadsTo(pattern, path));
}

/** Whether a key is that of a tag, by its name: `tag`, `imageTag`, `image_tag`. */
export function isTagKey(step: PathStep | undefined): boolean {
  return typeof step === 'string' && /tag$/iu.test(step);
}
