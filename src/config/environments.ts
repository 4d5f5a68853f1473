import type { EnvironmentDraft, NamedAt } from './draft.ts';
import { type MistakeAt, mistakeAt, quote } from './mistake.ts';
import { environmentsMax } from './schema.ts';
import { suggest } from './suggestion.ts';

/** Targets of all environments together: every rule is filled in for each of them. */
export const placesMax = 500;

/** The rules for the promotion order. */
export function environmentMistakes(environments: readonly EnvironmentDraft[]): readonly MistakeAt[] {
  if (environments.length > environmentsMax) return [tooMany(environments.length)];
  const cycle = findCycle(environments);
  return [
    ...alike(environments, 'key'),
    ...environments.flatMap((environment) => afterMistakes(environment, environments)),
    ...environments.flatMap(foreignMistakes),
    ...environments.flatMap(({ targets }) => alike(targets ?? [], 'value')),
    ...(cycle === undefined ? [] : [cycle]),
    ...placeMistakes(environments),
  ];
}

/** What is no mistake and still stops anything from happening. */
export function environmentWarnings(environments: readonly EnvironmentDraft[]): readonly MistakeAt[] {
  if (environments.some(({ after }) => after.length > 0)) return [];
  const hint = 'Write what comes after what: `production: { after: staging }`.';
  if (environments.length === 1) {
    return [mistakeAt(['environments'], 'There is a single environment, so there is nothing to promote.', hint)];
  }
  return [mistakeAt(['environments'], 'No environment comes `after` another, so there is nothing to promote.', hint)];
}

/** The environments so that each comes after those it follows; otherwise as they are written. */
export function inPromotionOrder(environments: readonly EnvironmentDraft[]): readonly EnvironmentDraft[] {
  const ordered: EnvironmentDraft[] = [];
  const placed = new Set<string>();
  let waiting = environments;
  for (;;) {
    const next = waiting.find(({ after }) => after.every(({ name }) => placed.has(name)));
    if (next === undefined) return [...ordered, ...waiting];
    ordered.push(next);
    placed.add(next.name);
    waiting = waiting.filter((environment) => environment !== next);
  }
}

function tooMany(count: number): MistakeAt {
  const hint = 'Make places of one kind targets of one environment: `targets: [eu, us]`.';
  return mistakeAt(['environments'], `There are ${count} environments; the most is ${environmentsMax}.`, hint);
}

/** Names that are equal, or equal but for the size of letters: their branches and folders would be taken for each other. */
function alike(names: readonly NamedAt[], at: MistakeAt['at']): readonly MistakeAt[] {
  const first = new Map<string, string>();
  return names.flatMap(({ name, path }) => {
    const other = first.get(name.toLowerCase());
    if (other === undefined) first.set(name.toLowerCase(), name);
    if (other === undefined) return [];
    const message =
      other === name ? `${quote(name)} is named twice.` : `${quote(name)} and ${quote(other)} differ only in case.`;
    return [{ path, at, message, hint: other === name ? 'Remove one.' : 'Rename or remove one.' }];
  });
}

function afterMistakes(
  { name: own, after }: EnvironmentDraft,
  environments: readonly EnvironmentDraft[],
): readonly MistakeAt[] {
  const known = environments.map(({ name }) => name);
  const others = known.filter((name) => name !== own);
  return after.flatMap(({ name, path }, index) => {
    if (!known.includes(name)) {
      return [mistakeAt(path, `There is no environment ${quote(name)}.`, suggest(name, others))];
    }
    const twice = after.findIndex((earlier) => earlier.name === name) < index;
    return twice ? [mistakeAt(path, `${quote(name)} is named twice.`, 'Remove one.')] : [];
  });
}

/** The lanes into another repo are that repo's own: its branch, its pull requests, its configuration. */
function foreignMistakes({ name, path, after, repo }: EnvironmentDraft): readonly MistakeAt[] {
  if (repo === undefined || after.length === 0) return [];
  const message = `${quote(name)} is in the repo ${quote(repo)}, so pull requests into it are for that repo's own configuration.`;
  return [mistakeAt([...path, 'after'], message, `Remove it here, and write \`after\` in ${quote(repo)}.`)];
}

/** A repo that is named twice is one that was meant to be another. */
export function feedMistakes(feeds: readonly string[]): readonly MistakeAt[] {
  return alike(
    feeds.map((name, index) => ({ name, path: ['feeds', index] })),
    'value',
  );
}

function placeMistakes(environments: readonly EnvironmentDraft[]): readonly MistakeAt[] {
  const places = environments.reduce((sum, { targets }) => sum + (targets?.length ?? 1), 0);
  if (places <= placesMax) return [];
  const message = `All environments together have ${places} targets; the most is ${placesMax}.`;
  return [mistakeAt(['environments'], message, 'Split the repo, or name groups of places in place of each place.')];
}

function findCycle(environments: readonly EnvironmentDraft[]): MistakeAt | undefined {
  const known = new Map(environments.map((environment) => [environment.name, environment]));
  const open = openIn(environments, known);
  const [start] = open;
  if (start === undefined) return undefined;
  const seen: string[] = [];
  let name = start;
  while (!seen.includes(name)) {
    seen.push(name);
    name = known.get(name)?.after.find((parent) => open.includes(parent.name))?.name ?? name;
  }
  const cycle = [...seen.slice(seen.indexOf(name)), name].reverse();
  const way = cycle.map(quote).join(' → ');
  const path = ['environments', cycle.at(-1) ?? name, 'after'];
  return mistakeAt(path, `The promotion order goes round in a circle: ${way}.`, 'Remove one of these `after`.');
}

/** Environments that never get their turn, since each waits for another of them. */
function openIn(environments: readonly EnvironmentDraft[], known: ReadonlyMap<string, unknown>): readonly string[] {
  let open = environments.map(({ name, after }) => ({ name, after: after.filter((parent) => known.has(parent.name)) }));
  for (;;) {
    const names = new Set(open.map(({ name }) => name));
    const waiting = open.filter(({ after }) => after.some((parent) => names.has(parent.name)));
    if (waiting.length === open.length) return waiting.map(({ name }) => name);
    open = waiting;
  }
}
