/** Nesting accepted in a body: real ones stay below 20, and deeper ones are made to exhaust the stack. */
export const jsonDepthMax = 100;

/** Values accepted in a body: a push of 2,048 commits, the most GitHub sends, has some 100,000. */
export const jsonValuesMax = 500_000;

export type ParsedJson =
  | { readonly kind: 'parsed'; readonly value: object }
  | { readonly kind: 'malformed'; readonly error: string };

/**
 * Parses a body that must hold one JSON object. It is measured before it is parsed. What cannot be stored everywhere (NUL
 * and halves of surrogate pairs) is replaced. Errors say where, never what was there.
 */
export function parseJsonObject(body: Buffer): ParsedJson {
  if (body.length === 0) return { kind: 'malformed', error: 'The body is empty.' };
  const oversize = measure(body);
  if (oversize !== undefined) return { kind: 'malformed', error: oversize };
  const text = body.toString('utf8');
  const value = parse(text);
  if (value.kind === 'malformed') return value;
  if (typeof value.value !== 'object' || value.value === null || Array.isArray(value.value)) {
    return { kind: 'malformed', error: 'The body is JSON but not an object.' };
  }
  return { kind: 'parsed', value: unstorablePattern.test(text) ? replaceInObject(value.value) : value.value };
}

type Parsed =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'malformed'; readonly error: string };

function parse(text: string): Parsed {
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch (error) {
    // The parser's own message quotes the text around the place.
    const place = error instanceof Error ? /\(line \d+ column \d+\)/.exec(error.message)?.[0] : undefined;
    return { kind: 'malformed', error: `The body is not valid JSON${place === undefined ? '' : ` ${place}`}.` };
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openers: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closers: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** One pass over the bytes, outside of strings: how deep brackets nest, and how many values there are. */
function measure(body: Buffer): string | undefined {
  let depth = 0;
  let values = 1;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index] ?? 0;
    if (byte === quote) index = endOfString(body, index);
    else if (openers.has(byte)) {
      depth += 1;
      values += 1;
      if (depth > jsonDepthMax) return `The body nests more than ${jsonDepthMax} levels deep.`;
    } else if (closers.has(byte)) depth -= 1;
    else if (byte === comma) values += 1;
    if (values > jsonValuesMax) return `The body holds more than ${jsonValuesMax} values.`;
  }
  return undefined;
}

/** Index of the quote that ends the string begun at `start`, or the end of the body. */
function endOfString(body: Buffer, start: number): number {
  let end = body.indexOf(quote, start + 1);
  while (end !== -1 && isEscaped(body, end)) end = body.indexOf(quote, end + 1);
  return end === -1 ? body.length : end;
}

function isEscaped(body: Buffer, index: number): boolean {
  let backslashes = 0;
  while (body[index - 1 - backslashes] === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Escapes that may stand for what cannot be stored. Unescaped, neither is valid in JSON or UTF-8. */
const unstorablePattern = /\\u(?:0000|[dD][89a-fA-F])/;

const replacement = '\ufffd';

function replaceUnstorable(value: unknown): unknown {
  if (typeof value === 'string') return replaceInText(value);
  if (Array.isArray(value)) return value.map(replaceUnstorable);
  return typeof value === 'object' && value !== null ? replaceInObject(value) : value;
}

function replaceInObject(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replaceInText(key), replaceUnstorable(item)]));
}

function replaceInText(text: string): string {
  return text.toWellFormed().replaceAll('\0', replacement);
}
