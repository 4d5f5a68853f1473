import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { Difference, Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { type EnvLine, readEnv, valueProblem } from './env-lines.ts';
import { valueObstacle } from './image-text.ts';
import { patternList } from './pattern-list.ts';
import { contradiction, pairUnit, partnerOf } from './tag-digest-pair.ts';
import { differencesOf, type Leaf } from './yaml-leaves.ts';
import { linesText } from './yaml-lines.ts';
import { applySplices, type Splice } from './yaml-splice.ts';

export interface VariablesWhere {
  readonly variables: readonly string[];
}

const options = z.strictObject({
  variables: patternList(
    'Write the name of a variable, as it stands before `=`.',
    'Variables that may move: `IMAGE_TAG`, `*_TAG`, `*` for every one.',
  ),
});

/** Files of variables, such as `.env`: each an artifact, its version everything behind `=`. The one dialect here that is not YAML. */
export const variablesEditor: Editor<VariablesWhere> = {
  name: 'variables',
  summary: 'Variables of an `.env` file, as `envs` of `configMapGenerator` names one',
  options,
  defaultFile: '.env',
  find,
  write,
  leftAlone,
};

function find(text: string, { variables }: VariablesWhere): Found {
  const read = readEnv(text);
  if (!read.ok) return { artifacts: [], refusals: [read.refusal] };
  const artifacts: Found['artifacts'][number][] = [];
  const refusals: Refusal[] = [];
  const byName = Map.groupBy(read.lines, ({ name }) => name);
  for (const [name, same] of byName) {
    const [variable] = same;
    if (variable === undefined || !fitsOne(variables, name)) continue;
    const { value, line, owner } = variable;
    const partner = partnerOf(name, (other) => isFilled(byName.get(other)));
    const refusal = refusalOf(variable, same) ?? emptyRefusal(variable) ?? aloneRefusal(variable, partner, variables);
    const unit = partner === undefined ? {} : { unit: pairUnit(name, partner) };
    const present = { artifact: name, version: { value }, line, ...unit, ...(owner === undefined ? {} : { owner }) };
    const obstacle = partner === undefined ? valueObstacle(present.version) : undefined;
    if (refusal !== undefined) refusals.push({ ...refusal, ...unit });
    else if (obstacle !== undefined) refusals.push({ line, reason: obstacle, artifact: name, ...unit, present });
    else artifacts.push(present);
  }
  return { artifacts, refusals };
}

/** Why a variable cannot be told, by all the lines that have its name. */
function refusalOf({ name, line, problem }: EnvLine, same: readonly EnvLine[]): Refusal | undefined {
  if (same.length > 1) {
    const where = linesText(same.map((other) => other.line));
    const reason = `${name} is written more than once, in ${where}, which Kustomize refuses. Keep one.`;
    return { line, reason, artifact: name };
  }
  return problem === undefined ? undefined : { line, reason: `${name} ${problem}`, artifact: name };
}

/** Moved alone, a tag would contradict the digest beside it. */
function aloneRefusal(
  { name, line }: EnvLine,
  partner: string | undefined,
  variables: readonly string[],
): Refusal | undefined {
  if (partner === undefined || fitsOne(variables, partner)) return undefined;
  return { line, reason: contradiction(partner, name, `Add ${partner} to variables.`), artifact: name };
}

const nothing = /^(?:""|''|``)?$/u;

function isFilled(same: readonly EnvLine[] = []): boolean {
  return same.some(({ value }) => !nothing.test(value));
}

function emptyRefusal({ name, line, value }: EnvLine): Refusal | undefined {
  if (!nothing.test(value)) return undefined;
  return { line, reason: `${name} is empty, so there is no version to move. Write one.`, artifact: name };
}

function write(text: string, where: VariablesWhere, edits: readonly Edit[]): Written {
  const read = readEnv(text);
  if (!read.ok) return { ok: false, refusals: [read.refusal] };
  const lines = Map.groupBy(read.lines, ({ name }) => name);
  const asked = Map.groupBy(edits, ({ artifact }) => artifact);
  const planned = edits.map((edit) => plan(edit, { where, asked, lines }));
  const refusals = planned.flatMap((each) => ('reason' in each ? [each] : []));
  if (refusals.length > 0) return { ok: false, refusals };
  const splices = planned.flatMap((each) => ('reason' in each ? [] : [each]));
  const changed = applySplices(text, splices);
  return changed !== undefined && isProved(read, changed, edits) ? { ok: true, text: changed } : unproved();
}

interface Asked {
  readonly where: VariablesWhere;
  /** The edits and the lines of each name. */
  readonly asked: ReadonlyMap<string, readonly Edit[]>;
  readonly lines: ReadonlyMap<string, readonly EnvLine[]>;
}

function plan({ artifact, version }: Edit, { where, asked, lines }: Asked): Splice | Refusal {
  const refuse = (reason: string): Refusal => ({ line: undefined, reason, artifact });
  if (!fitsOne(where.variables, artifact)) {
    return refuse(`${artifact} is not among the variables that may move. Add it to variables.`);
  }
  if ((asked.get(artifact)?.length ?? 0) > 1) {
    return refuse(`${artifact} is asked to get two versions at once.`);
  }
  const { value = '', ...rest } = version;
  if (value === '' || Object.keys(rest).length > 0) {
    return refuse(`The version for ${artifact} must be one text, under \`value\`, that is not empty.`);
  }
  const problem = valueProblem(value);
  if (problem !== undefined) return refuse(`The version for ${artifact} ${problem}`);
  const same = lines.get(artifact) ?? [];
  const [variable] = same;
  if (variable === undefined) return refuse(`${artifact} is missing. Pawl never adds a variable; add it once by hand.`);
  const { start, end } = variable;
  const partner = partnerOf(artifact, (other) => isFilled(lines.get(other)));
  return refusalOf(variable, same) ?? aloneRefusal(variable, partner, where.variables) ?? { start, end, insert: value };
}

/** The result has the same lines with the same names, every value that was asked for, and every other value as before. */
function isProved(
  before: { readonly lines: readonly EnvLine[]; readonly lineCount: number },
  changed: string,
  edits: readonly Edit[],
): boolean {
  const after = readEnv(changed);
  if (!after.ok || after.lineCount !== before.lineCount || after.lines.length !== before.lines.length) return false;
  const wanted = new Map(edits.map(({ artifact, version }) => [artifact, version['value']]));
  return before.lines.every((was, index) => {
    const is = after.lines[index];
    return is?.name === was.name && is.line === was.line && is.value === (wanted.get(was.name) ?? was.value);
  });
}

function unproved(): Written {
  const reason = 'Pawl cannot prove that its edit changes nothing else. Make this change by hand.';
  return { ok: false, refusals: [{ line: undefined, reason }] };
}

function leftAlone(source: string, target: string, { variables }: VariablesWhere): readonly Difference[] {
  const [before, after] = [readEnv(source), readEnv(target)];
  if (!before.ok || !after.ok) return [];
  const others = (lines: readonly EnvLine[]): readonly Leaf[] =>
    lines.flatMap(({ name, value }) =>
      fitsOne(variables, name) ? [] : [{ path: name, segments: [name], text: value }],
    );
  return differencesOf(others(before.lines), others(after.lines));
}
