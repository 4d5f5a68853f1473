import { type FileSpec, homeKey } from '../config/config.ts';
import { type Difference, differencesMax } from '../editors/editor.ts';
import { editorOf } from '../editors/index.ts';
import { sourceOf, type WrittenInput } from './proposed-files.ts';
import type { TargetState } from './snapshot.ts';

/** Where source and target differ and nothing moves: values of a promoted file, or whole files beside it. */
export type LeftAlone =
  | { readonly kind: 'value'; readonly path: string; readonly difference: Difference }
  | { readonly kind: 'file'; readonly path: string };

/** What a promotion leaves alone, at most `differencesMax` of it. */
export function leftAloneIn(input: WrittenInput): readonly LeftAlone[] {
  const { snapshot, state } = input;
  const all = state.targets.flatMap((one) => {
    const target = sourceOf(snapshot, one);
    const from = snapshot.environments.find(({ environment }) => environment.name === one.spec.after[0]);
    if (target === undefined || from === undefined) return [];
    const source = { target, sameHome: homeKey(from.environment) === homeKey(state.environment) };
    return [...valuesLeftAlone(source, one), ...filesLeftAlone(target, one)];
  });
  return all.slice(0, differencesMax);
}

interface Source {
  readonly target: TargetState;
  /** Whether its files are on the branch of the target's: then one path is one file. */
  readonly sameHome: boolean;
}

/** Of a file with several rules, what none of them moves. */
function valuesLeftAlone(source: Source, target: TargetState): readonly LeftAlone[] {
  const rules = Map.groupBy(target.spec.files, ({ path }) => path);
  return [...rules.values()].flatMap((specs) => {
    const [first = [], ...others] = specs.map((spec) => leftAloneBy(spec, source, target));
    return first.filter((one) => others.every((list) => list.some((other) => sameDifference(one, other))));
  });
}

function sameDifference(a: LeftAlone, b: LeftAlone): boolean {
  return a.kind === 'value' && b.kind === 'value' && a.difference.path === b.difference.path;
}

function leftAloneBy(
  { path, slot, editor, where }: FileSpec,
  source: Source,
  target: TargetState,
): readonly LeftAlone[] {
  const from = source.target.spec.files.find((file) => file.slot === slot);
  // One file for several environments: what differs in it is the other environments' business.
  if (source.sameHome && from?.path === path) return [];
  const before = from === undefined ? undefined : source.target.synced?.files[from.path];
  const after = target.files[path];
  if (before?.kind !== 'text' || after?.kind !== 'text') return [];
  const differences = editorOf(editor).leftAlone(before.text, after.text, where);
  return differences.map((difference): LeftAlone => ({ kind: 'value', path, difference }));
}

function filesLeftAlone(source: TargetState, target: TargetState): readonly LeftAlone[] {
  const promoted = target.spec.files.map((file) => file.path);
  return target.spec.folders.flatMap((folder, index) => {
    const from = source.synced?.folders[source.spec.folders[index] ?? ''] ?? {};
    const to = target.folders[folder] ?? {};
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => from[name] !== to[name]);
    return names
      .map((name): LeftAlone => ({ kind: 'file', path: `${folder}/${name}` }))
      .filter(({ path }) => !promoted.some((file) => file === path || file.startsWith(`${path}/`)));
  });
}
