/** A JSON object somebody sent: nothing is known of what is in it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What to keep of a JSON value: a text, a whole number, a truth value, an object with these keys, or a list of such things. */
export type Shape = 'text' | 'number' | 'flag' | readonly [Shape] | { readonly [key: string]: Shape };

/** What `keep` answers for a shape: objects and lists are always there, a leaf of the wrong kind is absent. */
export type Kept<S extends Shape> = S extends 'text'
  ? string | undefined
  : S extends 'number'
    ? number | undefined
    : S extends 'flag'
      ? boolean | undefined
      : S extends readonly [infer Item extends Shape]
        ? readonly Kept<Item>[]
        : S extends { readonly [key: string]: Shape }
          ? { readonly [Key in keyof S]: Kept<S[Key]> }
          : never;

/** Characters kept of one text: several times what any message shows, so that what is kept stays small. */
const textCharactersMax = 1_000;

/** Items kept of one list: more sources than an Argo CD Application has in practice, few enough to keep. */
const listItemsMax = 20;

/** The part of a JSON value that fits a shape. Never throws; keeping twice keeps the same; the answer is JSON itself. */
export function keep<const S extends Shape>(value: unknown, shape: S): Kept<S> {
  // The one place where what arrives is given a type: `keepValue` builds exactly what `Kept` describes.
  return keepValue(value, shape) as Kept<S>;
}

function keepValue(value: unknown, shape: Shape): unknown {
  if (typeof shape === 'string') return keepLeaf(value, shape);
  if (isList(shape)) return keepItems(value, shape[0]);
  const kept: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(shape)) {
    const found = keepValue(isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined, inner);
    if (found !== undefined) kept.push([key, found]);
  }
  return Object.fromEntries(kept);
}

function keepItems(value: unknown, shape: Shape): readonly unknown[] {
  if (!isUnknownList(value)) return [];
  return value
    .slice(0, listItemsMax)
    .map((item) => keepValue(item, shape))
    .filter((item) => item !== undefined);
}

function keepLeaf(value: unknown, leaf: 'text' | 'number' | 'flag'): unknown {
  switch (leaf) {
    case 'text':
      return typeof value === 'string' ? value.slice(0, textCharactersMax).toWellFormed() : undefined;
    case 'number':
      // Adding zero makes JSON's -0 the 0 it is written as.
      return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isUnknownList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
