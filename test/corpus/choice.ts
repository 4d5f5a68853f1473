import type { ArtifactVersion, Version } from '../../src/domain/version.ts';
import type { Refusal } from '../../src/editors/editor.ts';
import type { AnyEditor } from '../../src/editors/index.ts';
import type { VersionScalar } from './scalars.ts';
import { type Holds, type NewVersion, newVersions, textWith } from './version-forms.ts';

/** Which editor people would configure for a scalar. A new editor is one more row. */
interface Row {
  /** Key of the configuration. */
  readonly key: string;
  /** Whether the scalar is of the kind the editor is for. */
  fits(scalar: VersionScalar, path: string): boolean;
  /** What the key is given to look for the scalar, one after the other; `*` alone unless it is said. */
  selections?(scalar: VersionScalar): readonly (readonly string[])[];
  /** What it may be asked to write; tags unless it is said. */
  readonly holds?: Holds;
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

/** Kinds of artifacts that `*` does not mean. */
const argoKinds = ['*', 'parameter/*', 'value/*', 'element/*'].map((pattern) => [pattern]);
const fluxKinds = ['*', 'substitute/*', 'value/*'].map((pattern) => [pattern]);

/** In this order; the last one knows every scalar by its path. */
const rows: readonly Row[] = [
  {
    key: 'images',
    fits: (scalar, path) => isKustomization(scalar, path) && top(scalar) === 'images' && !isWithin(scalar),
  },
  { key: 'helmCharts', fits: (scalar, path) => isKustomization(scalar, path) && top(scalar) === 'helmCharts' },
  { key: 'remotes', fits: (scalar, path) => isKustomization(scalar, path) && scalar.form.kind === 'ref' },
  { key: 'literals', fits: (scalar) => scalar.form.kind === 'assigned' },
  { key: 'patches', fits: (scalar) => /^patches/u.test(String(top(scalar))) && isWithin(scalar) },
  {
    key: 'jsonPatch',
    fits: (scalar) => !isWithin(scalar) && typeof top(scalar) === 'number',
    selections: (scalar) => [['*'], [`*/${lastSegments(scalar).at(-1)}`]],
  },
  {
    key: 'dependencies',
    fits: (scalar) => top(scalar) === 'dependencies' && lastSegments(scalar).at(-1) === 'version',
    holds: 'chart version',
  },
  { key: 'argocd', fits: isArgo, selections: () => argoKinds },
  { key: 'flux', fits: isFlux, selections: () => fluxKinds },
  {
    key: 'containers',
    fits: (scalar) => scalar.form.kind === 'image' && /[cC]ontainers$/u.test(String(lastSegments(scalar).at(-3))),
  },
  { key: 'keys', fits: (scalar) => !isWithin(scalar), selections: keysOf, holds: 'any text' },
];

/** The key of the scalar; where that is refused, with the tag or digest beside it: `keys` wants both or none. */
function keysOf({ keyPath }: VersionScalar): readonly (readonly string[])[] {
  if (keyPath === undefined) return [];
  return [[keyPath], ...besides(keyPath).map((beside) => [keyPath, beside])];
}

export interface Choice {
  readonly key: string;
  readonly editor: AnyEditor;
  readonly where: unknown;
  readonly found: ArtifactVersion;
  readonly holds: Holds;
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

function ask(wanted: Wanted, editor: AnyEditor, row: Row): Chosen {
  const { text, scalar } = wanted;
  let refusal: Refusal | undefined;
  for (const { selected, where } of rules(editor, row, scalar)) {
    const { artifacts, refusals } = editor.find(text, where);
    const all = [...artifacts, ...refusals.flatMap(({ present }) => (present === undefined ? [] : [present]))];
    const found = holding(all, scalar).find((each) => moves(wanted, { editor, where, found: each }));
    if (found !== undefined) {
      const isOpen = selected.some((pattern) => pattern.includes('*'));
      const narrow = isOpen ? narrowed(text, { key: row.key, editor, where, found }) : where;
      return { ok: true, choice: { key: row.key, editor, found, where: narrow, holds: row.holds ?? 'tag' } };
    }
    const isAbout = ({ line }: Refusal) => row.key === 'keys' || line === undefined || line === scalar.line;
    refusal ??= refusals.find(isAbout);
  }
  return { ok: false, refusal };
}

interface Rule {
  readonly selected: readonly string[];
  readonly where: object;
}

/** Rules of the configuration that may select the scalar: for the scalar's document alone where it says what it is, or for all. */
function rules(editor: AnyEditor, row: Row, scalar: VersionScalar): readonly Rule[] {
  const said = Object.entries(scalar.facts).filter(([key, value]) => key !== 'apiVersion' && value !== '');
  const document = Object.fromEntries(said);
  return (row.selections?.(scalar) ?? [['*']]).flatMap((selected) => {
    const open = { [row.key]: selected };
    const pinned = { ...open, document };
    const knowsIt = said.length > 0 && editor.options.safeParse(pinned).success;
    return (knowsIt ? [pinned, open] : [open]).map((where) => ({ selected, where }));
  });
}

/** Paths at which a digest may stand beside a tag, or a tag beside a digest. */
function besides(path: string): readonly string[] {
  const others: Readonly<Record<string, readonly string[]>> = {
    tag: ['digest', 'sha'],
    Tag: ['Digest', 'Sha'],
    digest: ['tag'],
    Digest: ['Tag'],
  };
  const ending = /(?:tag|digest|Tag|Digest)$/u.exec(path)?.[0] ?? '';
  return (others[ending] ?? []).map((other) => `${path.slice(0, -ending.length)}${other}`);
}

/** The artifacts that hold the scalar's text, those nearest to it first. */
function holding(artifacts: readonly ArtifactVersion[], scalar: VersionScalar): readonly ArtifactVersion[] {
  const parts = new Set(partsOf(scalar));
  const distance = ({ line = 0 }: ArtifactVersion) => Math.abs(line - scalar.line);
  return artifacts
    .filter(({ version }) => Object.values(version).some((part) => parts.has(part)))
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, nearestMax);
}

/** Artifacts tried for one scalar: its own is the nearest, or the one before, whose first line is further above. */
const nearestMax = 3;

/** Whether the artifact is the one the scalar belongs to: it begins in its line, or changing it changes the scalar. */
function moves({ text, scalar }: Wanted, { editor, where, found }: Asked): boolean {
  if (found.line === scalar.line) return true;
  const [probe] = newVersions(scalar.form, 0, 'tag');
  if (probe === undefined || scalar.span === undefined) return false;
  const written = editor.write(text, where, [{ artifact: found.artifact, version: versionFor(found, scalar, probe) }]);
  const [start, end] = scalar.span;
  return written.ok && written.text.startsWith(text.slice(0, start)) && !written.text.startsWith(text.slice(0, end));
}

interface Asked {
  readonly editor: AnyEditor;
  readonly where: object;
  readonly found: ArtifactVersion;
}

/** The rule that names the artifact alone, if the editor knows it by that name. */
function narrowed(text: string, { key, editor, where, found }: Asked & { readonly key: string }): object {
  const alone = { ...where, [key]: [found.artifact] };
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
    case 'assigned':
      return [text, form.value];
    default:
      return [text];
  }
}

/** What the artifact's version becomes: the scalar's parts new, the others as they are. */
export function versionFor({ version }: ArtifactVersion, scalar: VersionScalar, wanted: NewVersion): Version {
  const { text, form } = scalar;
  const renamed = new Map([[text, textWith(text, form, wanted)]]);
  if (form.kind === 'ref') renamed.set(form.ref, wanted.tag);
  if (form.kind === 'assigned') renamed.set(form.value, wanted.tag);
  if (form.kind === 'image' || form.kind === 'tag and digest') {
    if (form.tag !== undefined) renamed.set(form.tag, wanted.tag);
    if (form.digest !== undefined) renamed.set(form.digest, wanted.digest);
  }
  return Object.fromEntries(Object.entries(version).map(([part, old]) => [part, renamed.get(old) ?? old]));
}
