import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { Version } from '../domain/version.ts';
import { writeChartLock } from './chart-lock.ts';
import { rangeObstacle } from './chart-requirement.ts';
import type { Companion, Editor, Refusal } from './editor.ts';
import { wholeCodec } from './image-text.ts';
import { siteEditor } from './site-editor.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { isNull, itemField, kindOf, locate, lookup } from './yaml-locate.ts';
import type { Codec, Site, Sites } from './yaml-sites.ts';

export interface HelmChartWhere {
  readonly dependencies: readonly string[];
}

/** Patterns of one rule: who needs more means all of them, and `*` says so. */
const patternsMax = 100;

const options = z.strictObject({
  dependencies: z
    .array(z.string().min(1))
    .min(1)
    .max(patternsMax)
    .readonly()
    .describe(
      'Dependencies of the chart whose `version` may move, by `alias` or else `name`. `*` stands for any characters.',
    ),
});

/** What `helm dependency build` compares with Chart.yaml: it fails where the two do not fit. */
const lock: Companion = { file: 'Chart.lock', write: writeChartLock };

/** The versions of a chart's dependencies, each an artifact called by its alias, or by its name where it has none. */
export const helmChartEditor: Editor<HelmChartWhere> = {
  ...siteEditor<HelmChartWhere>({
    name: 'helm-chart',
    summary: "Versions of a Helm chart's dependencies, in Chart.yaml and Chart.lock",
    options,
    defaultFile: 'Chart.yaml',
    sites,
  }),
  companion: lock,
};

function sites(file: YamlFile, { dependencies }: HelmChartWhere): Sites {
  const list = listOf(file);
  if (!list.ok) return { sites: [], refusals: [list.refusal] };
  const names = list.items.map(nameOf);
  const sites: Site[] = [];
  const refusals: Refusal[] = [];
  for (const [index, artifact] of names.entries()) {
    if (artifact === undefined) refusals.push(nameless(file, list.items[index]));
    if (artifact === undefined || !fitsOne(dependencies, artifact)) continue;
    const located = locate(file, 0, ['dependencies', index, 'version']);
    if (names.indexOf(artifact) !== index) continue;
    if (names.lastIndexOf(artifact) !== index) refusals.push(twice(file, artifact, list.items[index]));
    else if (!located.ok) refusals.push({ ...located.refusal, artifact });
    else {
      const spots = [{ document: 0, at: located.at, codec: versionCodec }];
      sites.push({ kind: 'scalars', artifact, spots, empty: rangeObstacle(''), obstacle });
    }
  }
  return { sites, refusals };
}

type ListRead =
  | { readonly ok: true; readonly items: readonly YamlNode[] }
  | { readonly ok: false; readonly refusal: Refusal };

function listOf(file: YamlFile): ListRead {
  const [first, second] = file.documents;
  if (second !== undefined) {
    const reason = 'The file holds several YAML documents, and a chart has one. Keep one in it.';
    return { ok: false, refusal: { line: lineAt(file.lineStarts, first?.end ?? 0), reason } };
  }
  // A chart without dependencies has none to move.
  if (first?.root.kind === 'map' && lookup(first.root, 'dependencies').kind === 'none') return { ok: true, items: [] };
  const located = locate(file, 0, ['dependencies']);
  if (!located.ok) return located;
  const { value } = located.at;
  if (value.kind === 'list' || isNull(value)) return { ok: true, items: value.kind === 'list' ? value.items : [] };
  const reason = `dependencies is ${kindOf(file, value)}, not a list. Write the list out.`;
  return { ok: false, refusal: { line: lineAt(file.lineStarts, value.start), reason } };
}

/** What a dependency is called among those of its chart; undefined where that cannot be told. */
function nameOf(item: YamlNode): string | undefined {
  const [alias, name] = [itemField(item, 'alias'), itemField(item, 'name')];
  if (alias.kind === 'unsure' || name.kind !== 'text') return undefined;
  return alias.kind === 'text' ? alias.text : name.text;
}

function nameless(file: YamlFile, item: YamlNode | undefined): Refusal {
  const reason = 'This dependency has no name, or has it twice or through the merge key <<. Write it out once.';
  return { line: lineAt(file.lineStarts, item?.start ?? 0), reason };
}

function twice(file: YamlFile, artifact: string, item: YamlNode | undefined): Refusal {
  const reason = `${artifact} names more than one dependency. Give each an \`alias\` of its own.`;
  return { line: lineAt(file.lineStarts, item?.start ?? 0), artifact, reason };
}

function obstacle({ version = '' }: Version): string | undefined {
  return rangeObstacle(version);
}

const versionCodec: Codec = {
  ...wholeCodec('version'),
  write: (_, { version = '' }) => (rangeObstacle(version) === undefined ? version : undefined),
};
