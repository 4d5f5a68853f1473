import { parseAllDocuments } from 'yaml';

/** A rendered object: its leaves by path, `spec.replicas`. */
export type Leaves = Readonly<Record<string, string>>;

/** Rendered objects by kind and name. The hash that Kustomize puts behind a generated name is not a part of it. */
export type Rendered = ReadonlyMap<string, Leaves>;

const generated = /-[a-z0-9]{10}$/;

export function renderedOf(manifests: string): Rendered {
  const objects = parseAllDocuments(manifests).flatMap((document) => document.toJS({ maxAliasCount: -1 }) ?? []);
  return new Map(
    objects.map((object) => {
      const { name } = object.metadata;
      const known = object.kind === 'ConfigMap' ? name.replace(generated, '') : name;
      return [`${object.kind} ${known}`, Object.fromEntries(leavesOf(object, ''))];
    }),
  );
}

function leavesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, JSON.stringify(value)]];
  return entries.flatMap(([key, child]) => leavesOf(child, path === '' ? key : `${path}.${key}`));
}

/** Every image that a container of a rendered object names. */
export function imagesIn(rendered: Rendered): ReadonlySet<string> {
  const leaves = [...rendered.values()].flatMap((object) => Object.entries(object));
  return new Set(
    leaves
      .filter(([path]) => /(?:^|\.)(?:initC|c)ontainers\.\d+\.image$/.test(path))
      .map(([, text]) => JSON.parse(text)),
  );
}

/** Every leaf in which two renderings differ, one line each: `Deployment web spec.replicas: 1 → 2`. */
export function differences(before: Rendered, after: Rendered): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from === undefined || to === undefined) return [`${name} ${from === undefined ? 'added' : 'removed'}`];
    const paths = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((path) => from[path] !== to[path]);
    return paths.map((path) => `${name} ${path}: ${shown(from[path])} → ${shown(to[path])}`);
  });
}

function shown(leaf: string | undefined): string {
  return leaf === undefined ? 'absent' : String(JSON.parse(leaf));
}
