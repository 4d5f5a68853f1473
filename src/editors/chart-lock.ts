import { lockDigest, type Requirement, rangeObstacle, readRequirement } from './chart-requirement.ts';
import type { Refusal, Written } from './editor.ts';
import { readYaml, type YamlFile } from './yaml.ts';
import { locate, type PathStep } from './yaml-locate.ts';
import { type Change, type Planned, rewrite } from './yaml-prove.ts';
import { readText, replaceText } from './yaml-scalar.ts';

/**
 * The text of Chart.lock as it must be beside an edited Chart.yaml: the same versions, and the digest over both that Helm
 * checks. When it was generated stays. The digest that stands there must fit what stands there: only then is it certain
 * that the one worked out here is the one Helm works out.
 */
export function writeChartLock(text: string, main: string): Written {
  const wanted = readMain(main);
  if (!wanted.ok) return { ok: false, refusals: [wanted.refusal] };
  return rewrite(text, (file) => plan(file, wanted.requirements));
}

type Read =
  | { readonly ok: true; readonly requirements: readonly Requirement[] }
  | { readonly ok: false; readonly refusal: Refusal };

function refuse(line: number | undefined, reason: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { line, reason } };
}

function readMain(text: string): Read {
  const read = readYaml(text);
  if (!read.ok) return refuse(undefined, `Chart.yaml cannot be read: ${read.refusal.reason}`);
  const wanted = requirementsOf(read.file, 'Chart.yaml');
  const range = wanted.ok ? wanted.requirements.find(({ version }) => rangeObstacle(version) !== undefined) : undefined;
  if (range === undefined) return wanted;
  const reason = `Chart.yaml asks for a range of versions of ${range.name} (\`${range.version}\`), so that Pawl cannot tell what Chart.lock must hold. Pin a version.`;
  return refuse(undefined, reason);
}

function requirementsOf(file: YamlFile, name: string): Read {
  if (file.documents.length !== 1) return refuse(undefined, `${name} is not one YAML document.`);
  const located = locate(file, 0, ['dependencies']);
  const value = located.ok ? located.at.value : undefined;
  if (!located.ok || value?.kind !== 'list') return refuse(undefined, `${name} has no list of dependencies.`);
  const requirements: Requirement[] = [];
  for (const item of value.items) {
    const read = readRequirement(file, item);
    if (!read.ok) {
      const where = `Line ${read.line} of ${name}`;
      return refuse(
        name === 'Chart.yaml' ? undefined : read.line,
        `${where} begins a dependency that Pawl cannot read as Helm does. Write it without aliases, merge keys and tags, and texts that look like numbers in quotes.`,
      );
    }
    requirements.push(read.requirement);
  }
  return { ok: true, requirements };
}

function plan(file: YamlFile, wanted: readonly Requirement[]): Planned {
  const locked = requirementsOf(file, 'Chart.lock');
  if (!locked.ok) return { ok: false, refusals: [locked.refusal] };
  const pairs = pairsOf(wanted, locked.requirements);
  if (pairs === undefined) {
    const reason =
      'Chart.lock does not hold the same dependencies in the same order, from the same repositories, as Chart.yaml. Run `helm dependency update` once.';
    return { ok: false, refusals: [{ line: undefined, reason }] };
  }
  const digest = locate(file, 0, ['digest']);
  if (!digest.ok) return { ok: false, refusals: [digest.refusal] };
  const read = readText(file, digest.at);
  if (!read.ok) return { ok: false, refusals: [read.refusal] };
  // What Chart.yaml held before is what was locked, since a version is never a range.
  const before = pairs.map(([one, { version }]) => ({ ...one, version }));
  if (read.text !== lockDigest(before, locked.requirements)) {
    const reason =
      'The digest of Chart.lock does not fit what is locked, so that Pawl cannot tell the new one. Write each version in Chart.yaml exactly as the repository of that chart does, and run `helm dependency update` once.';
    return { ok: false, refusals: [{ line: read.line, reason }] };
  }
  const after = pairs.map(([{ version }, one]) => ({ ...one, version }));
  const resolved = pairs.map(([one]) => one);
  return changesOf(file, [
    ...after.map(({ version }, index) => [['dependencies', index, 'version'], version] as const),
    [['digest'], lockDigest(resolved, after)],
  ]);
}

type Pair = readonly [wanted: Requirement, locked: Requirement];

/** What is wanted, with its repository as Helm resolves it, and what is locked for it; undefined where they do not fit. */
function pairsOf(wanted: readonly Requirement[], locked: readonly Requirement[]): readonly Pair[] | undefined {
  const pairs = wanted.flatMap((one, index): readonly Pair[] => {
    const other = locked[index];
    if (other === undefined || other.name !== one.name) return [];
    // Helm puts the address in place of a name that stands for a repository on the machine of whoever runs it.
    const named = /^(?:@|alias:)/u.test(one.repository);
    const repository = named ? other.repository : one.repository;
    return repository === other.repository ? [[{ ...one, repository }, other]] : [];
  });
  return pairs.length === wanted.length && wanted.length === locked.length ? pairs : undefined;
}

function changesOf(file: YamlFile, wanted: readonly (readonly [readonly PathStep[], string])[]): Planned {
  const changes: Change[] = [];
  for (const [steps, text] of wanted) {
    const located = locate(file, 0, steps);
    if (!located.ok) return { ok: false, refusals: [located.refusal] };
    const replaced = replaceText(file, located.at, text);
    if (!replaced.ok) return { ok: false, refusals: [replaced.refusal] };
    if (replaced.splices.length > 0) changes.push({ splices: replaced.splices, paths: [[0, ...located.at.segments]] });
  }
  return { ok: true, changes };
}
