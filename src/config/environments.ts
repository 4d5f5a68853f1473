import type { ApplicationDraft, Draft, EnvironmentDraft, NamedAt, OrderDraft } from './draft.ts';
import { type MistakeAt, mistakeAt, type Path, quote } from './mistake.ts';
import { placesMax } from './pattern.ts';
import { environmentsMax } from './schema.ts';
import { suggest } from './suggestion.ts';

/** The rules for the promotion order. */
export function environmentMistakes(environments: readonly EnvironmentDraft[]): readonly MistakeAt[] {
  if (environments.length > environmentsMax) return [tooMany(environments.length)];
  const cycle = findCycle(environments, (name) => ['environments', name, 'after']);
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

/** The rules for the orders that applications have of their own: of environments that exist, none of them twice. */
export function orderMistakes(
  applications: readonly ApplicationDraft[],
  environments: readonly EnvironmentDraft[],
): readonly MistakeAt[] {
  const known = environments.map(({ name }) => name);
  return applications.flatMap(({ path, name: application, order }, index) => {
    if (order === undefined) return [];
    const at = [...path, 'order'];
    if (application === undefined)
      return [mistakeAt(at, 'An order of its own needs one application.', 'Give the rule a `name`.')];
    const earlier = applications
      .slice(0, index)
      .some((other) => other.name === application && other.order !== undefined);
    if (earlier) return [mistakeAt(at, `${quote(application)} has an order already.`, 'Keep one of them.')];
    const strangers = order.filter((step) => !known.includes(step.name));
    const foreign = order.filter(
      (step) => step.after.length > 0 && environments.some((one) => one.name === step.name && one.repo !== undefined),
    );
    const cycle = findCycle(order, (name) => [...at, name]);
    return [
      ...strangers.map(({ name, path: where }) => ({
        ...mistakeAt(where, `There is no environment ${quote(name)}.`, suggest(name, known)),
        at: 'key' as const,
      })),
      ...order.flatMap((step) => afterMistakes(step, order)),
      ...foreign.map((step) =>
        mistakeAt(
          step.path,
          `${quote(step.name)} is in another repo.`,
          "Its order is for that repo's own configuration.",
        ),
      ),
      ...(cycle === undefined ? [] : [cycle]),
    ];
  });
}

/** The rules for groups: called like no application, with limits for environments that exist. */
export function groupMistakes({
  groups,
  applications,
  environments,
}: Pick<Draft, 'groups' | 'applications' | 'environments'>): readonly MistakeAt[] {
  const known = environments.map(({ name }) => name);
  return groups.flatMap(({ path, name, batch }) => {
    const strangers = Object.keys(batch).filter((environment) => !known.includes(environment));
    const taken = applications.some((application) => application.name === name);
    const at = (where: Path, message: string, hint: string): MistakeAt => ({ path: where, at: 'key', message, hint });
    return [
      ...(taken ? [at(path, `${quote(name)} is an application too.`, 'Give the group another name.')] : []),
      ...strangers.map((one) =>
        at([...path, 'batch', one], `There is no environment ${quote(one)}.`, suggest(one, known)),
      ),
    ];
  });
}

/** The environments so that each comes after those it follows; otherwise as they are written. */
export function inPromotionOrder<Step extends OrderDraft>(environments: readonly Step[]): readonly Step[] {
  const ordered: Step[] = [];
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

function afterMistakes({ name: own, after }: OrderDraft, environments: readonly OrderDraft[]): readonly MistakeAt[] {
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
  // Those that are found are counted when they are found.
  const places = environments.reduce((sum, { targets }) => sum + (targets?.length ?? 1), 0);
  if (places <= placesMax) return [];
  const message = `All environments together have ${places} targets; the most is ${placesMax}.`;
  return [mistakeAt(['environments'], message, 'Split the repo, or name groups of places in place of each place.')];
}

function findCycle(environments: readonly OrderDraft[], pathOf: (name: string) => Path): MistakeAt | undefined {
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
  return mistakeAt(
    pathOf(cycle.at(-1) ?? name),
    `The promotion order goes round in a circle: ${way}.`,
    'Remove one of these `after`.',
  );
}

/** Environments that never get their turn, since each waits for another of them. */
function openIn(environments: readonly OrderDraft[], known: ReadonlyMap<string, unknown>): readonly string[] {
  let open = environments.map(({ name, after }) => ({ name, after: after.filter((parent) => known.has(parent.name)) }));
  for (;;) {
    const names = new Set(open.map(({ name }) => name));
    const waiting = open.filter(({ after }) => after.some((parent) => names.has(parent.name)));
    if (waiting.length === open.length) return waiting.map(({ name }) => name);
    open = waiting;
  }
}
