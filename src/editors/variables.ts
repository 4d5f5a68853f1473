import { z } from 'zod';
import type { Difference, Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { type EnvLine, readEnv, valueProblem } from './env-lines.ts';
import { valueObstacle } from './image-text.ts';
import { fitsOne } from './name-pattern.ts';
import { patternList } from './pattern-list.ts';
import { pairOf } from './tag-digest-pair.ts';
import { differencesOf, type Leaf } from './yaml-leaves.ts';
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
  for (const variable of firstOfEach(read.lines)) {
    const { name, value, line, owner } = variable;
    if (!fitsOne(variables, name)) continue;
    const refusal = refusalOf(variable, read.lines) ?? emptyRefusal(variable);
    const unit = pairOf(name, (partner) => fitsOne(variables, partner));
    const named = { artifact: name, ...(unit === undefined ? {} : { unit }) };
    const present = { ...named, version: { value }, line, ...(owner === undefined ? {} : { owner }) };
    const obstacle = valueObstacle(present.version);
    if (refusal !== undefined) refusals.push({ ...refusal, ...named });
    else if (obstacle !== undefined) refusals.push({ line, reason: obstacle, ...named, present });
    else artifacts.push(present);
  }
  return { artifacts, refusals };
}

function firstOfEach(lines: readonly EnvLine[]): readonly EnvLine[] {
  const seen = new Set<string>();
  return lines.filter(({ name }) => seen.size < seen.add(name).size);
}

function refusalOf({ name, line, problem }: EnvLine, lines: readonly EnvLine[]): Refusal | undefined {
  const same = lines.filter((other) => other.name === name);
  if (same.length > 1) {
    const where = same.map((other) => other.line).join(' and ');
    const reason = `${name} is written more than once, in lines ${where}, which Kustomize refuses. Keep one.`;
    return { line, reason, artifact: name };
  }
  return problem === undefined ? undefined : { line, reason: `${name} ${problem}`, artifact: name };
}

function emptyRefusal({ name, line, value }: EnvLine): Refusal | undefined {
  if (!/^(?:""|''|``)?$/u.test(value)) return undefined;
  return { line, reason: `${name} is empty, so there is no version to move. Write one.`, artifact: name };
}

function write(text: string, where: VariablesWhere, edits: readonly Edit[]): Written {
  const read = readEnv(text);
  if (!read.ok) return { ok: false, refusals: [read.refusal] };
  const planned = edits.map((edit) => plan(edit, { where, edits, lines: read.lines }));
  const refusals = planned.flatMap((each) => ('reason' in each ? [each] : []));
  if (refusals.length > 0) return { ok: false, refusals };
  const splices = planned.flatMap((each) => ('reason' in each ? [] : [each]));
  const changed = applySplices(text, splices);
  return changed !== undefined && isProved(read, changed, edits) ? { ok: true, text: changed } : unproved();
}

interface Asked {
  readonly where: VariablesWhere;
  readonly edits: readonly Edit[];
  readonly lines: readonly EnvLine[];
}

function plan({ artifact, version }: Edit, { where, edits, lines }: Asked): Splice | Refusal {
  const refuse = (reason: string): Refusal => ({ line: undefined, reason, artifact });
  if (!fitsOne(where.variables, artifact)) {
    return refuse(`${artifact} is not among the variables that may move. Add it to variables.`);
  }
  if (edits.filter((edit) => edit.artifact === artifact).length > 1) {
    return refuse(`${artifact} is asked to get two versions at once.`);
  }
  const { value = '', ...rest } = version;
  if (value === '' || Object.keys(rest).length > 0) {
    return refuse(`The version for ${artifact} must be one text, under \`value\`, that is not empty.`);
  }
  const problem = valueProblem(value);
  if (problem !== undefined) return refuse(`The version for ${artifact} ${problem}`);
  const variable = lines.find(({ name }) => name === artifact);
  if (variable === undefined) return refuse(`${artifact} is missing. Pawl never adds a variable; add it once by hand.`);
  const { start, end } = variable;
  return refusalOf(variable, lines) ?? { start, end, insert: value };
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
