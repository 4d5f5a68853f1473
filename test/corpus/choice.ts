import type { ArtifactVersion, Version } from '../../src/domain/version.ts';
import type { Refusal } from '../../src/editors/editor.ts';
import type { AnyEditor } from '../../src/editors/index.ts';
import type { VersionScalar } from './scalars.ts';
import { type NewVersion, textWith } from './version-forms.ts';

/** Which editor people would configure for a scalar. A new editor is one more row. */
interface Row {
  /** Key of the configuration. */
  readonly key: string;
  /** Whether the scalar is of the kind the editor is for. */
  fits(scalar: VersionScalar, path: string): boolean;
  /** What the key is given to look for the scalar; everything unless it is said. */
  select?(scalar: VersionScalar): readonly string[];
}

const isKustomization = ({ facts }: VersionScalar, path: string): boolean =>
  /(?:^|\/)[Kk]ustomization(?:\.ya?ml)?$/u.test(path) || facts.apiVersion.startsWith('kustomize.config.k8s.io/');
const isFlux = ({ facts }: VersionScalar): boolean => facts.apiVersion.includes('.toolkit.fluxcd.io/');
const isArgo = ({ facts }: VersionScalar): boolean =>
  facts.apiVersion.startsWith('argoproj.io/') && /^Application/u.test(facts.kind);
/** First key of the outer path, and whether the scalar is in a text within another. */
const top = ({ places: [{ segments }] }: VersionScalar) => segments[0];
const isWithin = ({ places }: VersionScalar) => places.length > 1;
const lastSegments = ({ places }: VersionScalar) => places.at(-1)?.segments ?? [];

/** In this order; the last one knows every scalar by its path. */
const rows: readonly Row[] = [
  {
    key: 'images',
    fits: (scalar, path) => isKustomization(scalar, path) && top(scalar) === 'images' && !isWithin(scalar),
  },
  { key: 'helmCharts', fits: (scalar, path) => isKustomization(scalar, path) && top(scalar) === 'helmCharts' },
  { key: 'remotes', fits: (scalar, path) => isKustomization(scalar, path) && scalar.form.kind === 'ref' },
  {
    key: 'jsonPatch',
    fits: (scalar) => lastSegments(scalar).includes('value') && typeof lastSegments(scalar)[0] === 'number',
  },
  { key: 'patches', fits: (scalar, path) => isKustomization(scalar, path) && isWithin(scalar) },
  {
    key: 'dependencies',
    fits: (scalar) => top(scalar) === 'dependencies' && lastSegments(scalar).at(-1) === 'version',
  },
  { key: 'argocd', fits: isArgo },
  { key: 'flux', fits: isFlux },
  {
    key: 'containers',
    fits: (scalar) => scalar.form.kind === 'image' && /[cC]ontainers$/u.test(String(lastSegments(scalar).at(-3))),
  },
  { key: 'keys', fits: ({ places }) => places.length === 1, select: keysOf },
];

/** The key of the scalar, and the tag or digest beside it: `keys` wants both or none. */
function keysOf({ keyPath }: VersionScalar): readonly string[] {
  return keyPath === undefined ? [] : [keyPath];
}

export interface Choice {
  readonly key: string;
  readonly editor: AnyEditor;
  readonly where: unknown;
  readonly found: ArtifactVersion;
}

export type Chosen =
  | { readonly ok: true; readonly choice: Choice }
  /** Why every editor that fits refuses the scalar; no refusal when none sees it. */
  | { readonly ok: false; readonly refusal: Refusal | undefined };

/** The editor of a key of the configuration; undefined where Pawl has none. */
export type EditorLookup = (key: string) => AnyEditor | undefined;

export interface Wanted {
  readonly path: string;
  readonly text: string;
  readonly scalar: VersionScalar;
}

/** The editor that people would choose for the scalar, told to move just it. */
export function choose(wanted: Wanted, lookup: EditorLookup): Chosen {
  let refusal: Refusal | undefined;
  for (const row of rows) {
    const editor = lookup(row.key);
    if (editor === undefined || !row.fits(wanted.scalar, wanted.path)) continue;
    const chosen = ask(wanted, editor, row);
    if (chosen.ok) return chosen;
    refusal ??= chosen.refusal;
  }
  return { ok: false, refusal };
}

function ask({ text, scalar }: Wanted, editor: AnyEditor, row: Row): Chosen {
  const { kind, name } = scalar.facts;
  const document = { ...(kind === '' ? {} : { kind }), ...(name === '' ? {} : { name }) };
  let refusal: Refusal | undefined;
  for (const selected of selections(scalar, row)) {
    const plain = { [row.key]: selected };
    const pinned = { ...plain, document };
    const where = Object.keys(document).length > 0 && editor.options.safeParse(pinned).success ? pinned : plain;
    const { artifacts, refusals } = editor.find(text, where);
    const all = [...artifacts, ...refusals.flatMap(({ present }) => (present === undefined ? [] : [present]))];
    const found = nearest(all, scalar);
    if (found !== undefined) {
      return {
        ok: true,
        choice: { key: row.key, editor, found, where: narrowed(editor, text, { where, row, found }) },
      };
    }
    refusal ??=
      refusals.find(({ line }) => line === scalar.line) ??
      refusals.find(({ line, artifact }) => line === undefined || artifact === undefined);
  }
  return { ok: false, refusal };
}

function selections(scalar: VersionScalar, row: Row): readonly (readonly string[])[] {
  if (row.select === undefined) return [['*']];
  const [own] = row.select(scalar);
  if (own === undefined) return [];
  const beside = besides(own);
  return beside === undefined ? [[own]] : [[own], [own, beside]];
}

/** The path of the digest beside a tag, or of the tag beside a digest. */
function besides(path: string): string | undefined {
  const other: Readonly<Record<string, string>> = { tag: 'digest', Tag: 'Digest', digest: 'tag', Digest: 'Tag' };
  const ending = /(?:tag|digest|Tag|Digest)$/u.exec(path)?.[0];
  return ending === undefined ? undefined : `${path.slice(0, -ending.length)}${other[ending]}`;
}

/** Of the artifacts that hold the scalar's text the one that stands nearest to it. */
function nearest(artifacts: readonly ArtifactVersion[], scalar: VersionScalar): ArtifactVersion | undefined {
  const parts = new Set(partsOf(scalar));
  const holding = artifacts.filter(({ version }) => Object.values(version).some((part) => parts.has(part)));
  const distance = ({ line = 0 }: ArtifactVersion) => Math.abs(line - scalar.line);
  const [first] = holding.toSorted((a, b) => distance(a) - distance(b));
  return first !== undefined && distance(first) <= linesApartMax ? first : undefined;
}

/** Lines between the parts of one artifact, such as a tag and its digest. */
const linesApartMax = 8;

/** The rule that names the artifact alone, if the editor knows it by that name. */
function narrowed(
  editor: AnyEditor,
  text: string,
  { where, row, found }: { readonly where: object; readonly row: Row; readonly found: ArtifactVersion },
): unknown {
  if (row.select !== undefined) return where;
  const alone = { ...where, [row.key]: [found.artifact] };
  if (!editor.options.safeParse(alone).success) return where;
  const { artifacts, refusals } = editor.find(text, alone);
  const names = [
    ...artifacts.map(({ artifact }) => artifact),
    ...refusals.map(({ artifact, present }) => present?.artifact ?? artifact),
  ];
  return names.includes(found.artifact) ? alone : where;
}

/** The texts a scalar's version may be known by: whole, or one of its parts. */
function partsOf({ text, form }: VersionScalar): readonly string[] {
  switch (form.kind) {
    case 'image':
    case 'tag and digest':
      return [text, form.tag, form.digest].filter((part) => part !== undefined);
    case 'ref':
      return [text, form.ref];
    default:
      return [text];
  }
}

/** What the artifact's version becomes: the scalar's parts new, the others as they are. */
export function versionFor({ version }: ArtifactVersion, scalar: VersionScalar, wanted: NewVersion): Version {
  const { text, form } = scalar;
  const renamed = new Map([[text, textWith(text, form, wanted)]]);
  if (form.kind === 'ref') renamed.set(form.ref, wanted.tag);
  if (form.kind === 'image' || form.kind === 'tag and digest') {
    if (form.tag !== undefined) renamed.set(form.tag, wanted.tag);
    if (form.digest !== undefined) renamed.set(form.digest, wanted.digest);
  }
  return Object.fromEntries(Object.entries(version).map(([part, old]) => [part, renamed.get(old) ?? old]));
}
