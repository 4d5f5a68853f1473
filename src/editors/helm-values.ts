import type { Edit, Editor, Refusal } from './editor.ts';
import { parseKeyPath } from './key-path.ts';
import { siteEditor } from './site-editor.ts';
import { valuesSites } from './values-sites.ts';
import { isSelected, isTagKey, patternsOf, type ValuesWhere, valuesOptions } from './values-where.ts';
import { foreignMeaning } from './yaml-scalar.ts';

export type HelmValuesWhere = ValuesWhere;

const sites = siteEditor<HelmValuesWhere>({
  name: 'helm-values',
  summary: 'Chosen values of a Helm values file, or of any other YAML or JSON file',
  options: valuesOptions,
  defaultFile: 'values.yaml',
  sites: valuesSites,
});

/**
 * Values files of Helm charts, and any other YAML or JSON file: chosen keys, each an artifact. One value is a version with
 * the part `value`; an image with its parts under keys of their own is a version with `tag`, `digest` and what else moves.
 */
export const helmValuesEditor: Editor<HelmValuesWhere> = {
  ...sites,
  write(text, where, edits) {
    const refusals = edits.flatMap((edit) => refusalOf(edit, where) ?? []);
    return refusals.length > 0 ? { ok: false, refusals } : sites.write(text, where, edits);
  },
};

/** What is wrong with an edit whatever the file holds; undefined for nothing. */
function refusalOf({ artifact, version }: Edit, where: HelmValuesWhere): Refusal | undefined {
  const refuse = (reason: string): Refusal => ({ line: undefined, artifact, reason });
  const path = parseKeyPath(artifact);
  const patterns = patternsOf(where);
  if (path.ok && !where.keys.includes(artifact) && !isSelected(patterns, path.steps)) {
    return refuse(`${artifact} is not among the keys that may move. Add it to keys.`);
  }
  const parts = Object.entries(version);
  const foreign = parts.map(([, text]) => foreignMeaning(text)).find((each) => each !== undefined);
  if (foreign !== undefined) return refuse(`The version for ${artifact} ${foreign}`);
  const isTag = path.ok && isTagKey(path.steps.at(-1));
  const mayBeEmpty = (part: string): boolean =>
    where.emptyTag !== undefined && (part === 'tag' || (part === 'value' && isTag));
  const whole = version['value'] !== undefined || parts.length === 0;
  const [empty] = parts.find(([part, text]) => text === '' && !mayBeEmpty(part)) ?? [];
  if (whole && (parts.length !== 1 || empty !== undefined)) {
    return refuse(`The version for ${artifact} must be one text, under \`value\`, that is not empty.`);
  }
  return empty === undefined ? undefined : refuse(`The version for ${artifact} must not have an empty ${empty}.`);
}
