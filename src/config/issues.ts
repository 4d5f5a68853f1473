import type { z } from 'zod';
import { type NodeFacts, pathKey, type SourceDocument } from './document.ts';
import { type MistakeAt, mistakeAt, type Path, quote, quoteAll } from './mistake.ts';
import { nearest, suggest } from './suggestion.ts';

/** What to write, by the key that is missing or holds the wrong kind of value. */
const advice: Readonly<Record<string, string>> = {
  version: 'Write `version: 1`.',
  environments: 'Write a map of names: `environments: { dev: {}, production: { after: dev } }`.',
  after: 'Write one name or a list of names: `after: dev` or `after: [eu, us]`; leave it out for the first one.',
  targets:
    'Write a list of names: `targets: [eu, us]`, or `targets: { found: clusters/prod-* }`; leave it out where there is one place.',
  found: 'Write a path: `found: clusters/prod-*`.',
  except: 'Write a list of paths: `except: [clusters/prod-tmp-*]`.',
  labels: 'Write texts by name: `labels: { tier: production }`.',
  order: 'Write what each environment comes after: `order: { dev: , production: dev }`.',
  applications: 'Write a list: `applications: [{ path: "apps/{application}/{environment}", promote: […] }]`.',
  name: 'Write the name of one application, or leave it out.',
  path: 'Write the folder: `path: apps/{application}/{environment}`.',
  promote: 'Write a list of what may move: `promote: [{ images: ["*"] }]`.',
  syncs: 'Write a list: `syncs: [{ source: argocd, application: "{application}-{environment}" }]`.',
  source: 'Name the sync source: `source: argocd`.',
  senders: 'List the GitHub accounts that may send it: `senders: ["argo-bot[bot]"]`; anybody with write access could.',
  everyApplication: 'Write `true`, or leave it out.',
  everyTarget: 'Write `true`, or leave it out.',
  withdrawAfter: 'Write a number with a unit: `15m`, `1h` or `2d`.',
  branch: 'Write the name of a branch: `branch: env/staging`; leave it out for the default one.',
  repo: 'Write `owner/name`; leave it out for this repo.',
  groups: 'Write a map of names: `groups: { shop: { applications: [web, api] } }`.',
  batch: 'Write a number for each environment: `batch: { production: 5 }`.',
  feeds: 'Write a list of repos: `feeds: [acme/config-production]`.',
  limits: 'Write a map: `limits: { openPullRequests: 10 }`.',
};

/** What may stand at a path, for "did you mean". */
export interface Judged {
  readonly document: SourceDocument;
  readonly allowedKeys: (path: Path) => readonly string[];
  /** Values of the key that decides which other keys a map has. */
  readonly allowedValues: (path: Path) => readonly string[];
}

/** Unknown keys of one map that are reported: whoever has more has another file in mind. */
const keysMax = 20;

/** What a schema found, in words. `base` is the path of the value the schema judged. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], base: Path, judged: Judged): readonly MistakeAt[] {
  return issues.flatMap((issue) => describeIssue(issue, [...base, ...pathOf(issue.path)], judged));
}

function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((key) => (typeof key === 'number' ? key : String(key)));
}

function describeIssue(issue: z.core.$ZodIssue, path: Path, judged: Judged): readonly MistakeAt[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, keysMax).map((key) => unknownKey(path, key, judged));
    case 'invalid_key':
      return describeIssues(issue.issues, path, judged).map((mistake) => ({ ...mistake, at: 'key' }));
    case 'invalid_union':
      return describeUnion(issue, path, judged);
    case 'invalid_type':
      return [wrongKind(path, kinds[issue.expected] ?? 'something else', judged.document)];
    case 'invalid_value':
      return [wrongValue(path, issue.values.map(String), judged.document)];
    case 'too_small':
      return [outOfRange(path, `the least is ${issue.minimum}`, issue.origin, judged.document)];
    case 'too_big':
      // Whole numbers have a limit of their own, besides the one that is meant.
      if (issue.maximum === Number.MAX_SAFE_INTEGER) return [];
      return [outOfRange(path, `the most is ${issue.maximum}`, issue.origin, judged.document)];
    case 'custom': {
      const hint = issue.params?.['hint'];
      return [mistakeAt(path, issue.message, typeof hint === 'string' ? hint : adviceFor(path))];
    }
    default:
      return [mistakeAt(path, sentence(issue.message), adviceFor(path))];
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
};

function unknownKey(path: Path, key: string, { document, allowedKeys }: Judged): MistakeAt {
  const at = { path: [...path, key], at: 'key' } as const;
  if (key === 'senders' && path[0] === 'syncs') {
    const message = '`senders` is only for sources that come through GitHub; here the secret says who sent the report.';
    return { ...at, message, hint: 'Remove it.' };
  }
  const allowed = allowedKeys(path);
  const near = nearest(
    key,
    allowed.filter((name) => !document.nodes.has(pathKey([...path, name]))),
  );
  const hint =
    near === undefined ? `Remove it; the keys here are ${quoteAll(allowed)}.` : `Did you mean ${quote(near)}?`;
  return { ...at, message: `Unknown key ${quote(key)}.`, hint };
}

/** A union says what each of its branches has against the value: the branch for the value's kind is the one meant. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, judged: Judged): readonly MistakeAt[] {
  if (issue.discriminator !== undefined) {
    return [wrongValue(path, judged.allowedValues(path), judged.document)];
  }
  const meant = issue.errors.find(
    (branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  );
  if (meant !== undefined) return describeIssues(meant, path, judged);
  const expected = issue.errors
    .flat()
    .flatMap((one) => (one.code === 'invalid_type' ? [kinds[one.expected] ?? ''] : []));
  return [wrongKind(path, expected.join(' or '), judged.document)];
}

function wrongKind(path: Path, expected: string, document: SourceDocument): MistakeAt {
  const name = nameOf(path);
  const node = document.nodes.get(pathKey(path));
  if (node === undefined) return { path, at: 'key', message: `${name} is missing.`, hint: adviceFor(path) };
  if (node.kind === 'plain' && node.source !== '' && expected.startsWith('a text')) {
    if (path.includes('withdrawAfter')) return mistakeAt(path, `${quote(node.source)} has no unit.`, adviceFor(path));
    const message = `${quote(node.source)} without quotes is no text in YAML.`;
    return mistakeAt(path, message, `Quote it: \`"${node.source}"\`.`);
  }
  if (node.kind === 'map' && /^\{ *[a-z]+ *\}/.test(node.source) && expected.startsWith('a text')) {
    return mistakeAt(
      path,
      'A text that begins with `{` is a map in YAML.',
      `Quote the whole text: \`"{application}…"\`.`,
    );
  }
  return mistakeAt(
    path,
    `${name} is ${kindOf(node)}; it must be ${expected}.`,
    adviceFor(path) || (examples[expected] ?? ''),
  );
}

/** What a value of a kind looks like, for keys that have no advice of their own. */
const examples: Readonly<Record<string, string>> = {
  'a text': 'Write a text, in quotes if it holds braces, brackets or `: `.',
  'a list': 'Write a list: `[a, b]`.',
  'a map': 'Write keys and values below it, or `{}`.',
};

function kindOf(node: NodeFacts): string {
  switch (node.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'quoted':
      return `the text ${quote(node.source)}`;
    case 'plain':
      return node.source === '' ? 'empty' : quote(node.source);
    case 'unreadable':
      return 'unreadable';
  }
}

function wrongValue(path: Path, allowed: readonly string[], document: SourceDocument): MistakeAt {
  const name = nameOf(path);
  const node = document.nodes.get(pathKey(path));
  if (node === undefined) return { path, at: 'key', message: `${name} is missing.`, hint: adviceFor(path) };
  const hint = node.kind === 'plain' && allowed.length > 1 ? suggest(node.source, allowed) : undefined;
  return mistakeAt(path, `${name} is ${kindOf(node)}.`, hint ?? `Write ${quoteAll(allowed, 'or')} (without quotes).`);
}

function outOfRange(path: Path, range: string, origin: string, document: SourceDocument): MistakeAt {
  const node = document.nodes.get(pathKey(path));
  if (origin === 'array' && range.startsWith('the least')) {
    return mistakeAt(path, `${nameOf(path)} is an empty list.`, adviceFor(path) || 'Write at least one.');
  }
  if (origin === 'array')
    return mistakeAt(
      path,
      `${nameOf(path)} is too long; ${range}.`,
      'Write fewer; one rule with placeholders serves many.',
    );
  if (origin === 'string') {
    return mistakeAt(path, `${nameOf(path)} has too few or too many characters; ${range}.`, 'Write another text.');
  }
  const value = node === undefined ? '' : ` is ${quote(node.source)};`;
  return mistakeAt(path, `${nameOf(path)}${value} ${range}.`, adviceFor(path));
}

function nameOf(path: Path): string {
  const key = path.at(-1);
  if (key === undefined) return 'The file';
  return typeof key === 'number' ? `Item ${key + 1} of ${nameOf(path.slice(0, -1))}` : quote(key);
}

function adviceFor(path: Path): string {
  const key = path.findLast((part) => typeof part === 'string');
  const text = typeof key === 'string' && Object.hasOwn(advice, key) ? advice[key] : undefined;
  if (text !== undefined) return text;
  return path[0] === 'limits' ? 'Write a whole number from 1 to 100.' : '';
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
