import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { Refusal } from './editor.ts';
import { wholeCodec } from './image-text.ts';
import { type KustomizationItem, kustomizationItems } from './kustomization-file.ts';
import { chartObstacle } from './moving-version.ts';
import { patternList } from './pattern-list.ts';
import { siteEditor } from './site-editor.ts';
import type { YamlFile } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { itemField, locate } from './yaml-locate.ts';
import type { Site, Sites } from './yaml-sites.ts';

export interface HelmChartsWhere {
  readonly helmCharts: readonly string[];
}

const options = z.strictObject({
  helmCharts: patternList(
    'Write the name of a chart, or `redis/cache` for its release `cache`.',
    'Charts whose version may move: `redis`, `redis/cache` for the release `cache` of it, `*` for every one.',
  ),
});

/**
 * Charts that a kustomization renders. An artifact is called by the chart's name; by `redis/cache`, after chart and release,
 * where a pattern with a slash selects it or where the kustomization renders that chart more than once.
 */
export const helmChartsEditor = siteEditor<HelmChartsWhere>({
  name: 'helm-charts',
  summary: 'Charts of a kustomization: `version` of the entries of `helmCharts`',
  options,
  defaultFile: 'kustomization.yaml',
  sites: helmChartSites,
});

/** An entry of `helmCharts` with what names it. */
interface Chart {
  readonly item: KustomizationItem;
  readonly name: string;
  readonly release: string;
}

function helmChartSites(file: YamlFile, { helmCharts: patterns }: HelmChartsWhere): Sites {
  const { items, refusals } = kustomizationItems(file, ['helmCharts']);
  const charts = items.flatMap((item) => chartOf(item) ?? []);
  const unsure = items.filter(({ node }) => itemField(node, 'name').kind === 'unsure');
  const found = charts.flatMap((chart) => {
    const artifact = artifactOf(chart, charts, patterns);
    return artifact === undefined || isOwnChart(chart, artifact, patterns) ? [] : [siteOf(file, chart, artifact)];
  });
  return {
    sites: found.flatMap((one) => ('kind' in one ? [one] : [])),
    refusals: [
      ...refusals,
      ...unsure.map((item) => nameless(file, item)),
      ...found.flatMap((one) => ('kind' in one ? [] : [one])),
    ],
  };
}

/** Undefined for an entry without a name of its own. */
function chartOf(item: KustomizationItem): Chart | undefined {
  const name = itemField(item.node, 'name');
  const release = itemField(item.node, 'releaseName');
  return name.kind === 'text'
    ? { item, name: name.text, release: release.kind === 'text' ? release.text : '' }
    : undefined;
}

/** Undefined for a chart that does not move. */
function artifactOf(chart: Chart, charts: readonly Chart[], patterns: readonly string[]): string | undefined {
  const full = `${chart.name}/${chart.release}`;
  const byRelease = patterns.filter((pattern) => pattern.includes('/'));
  if (fitsOne(byRelease, full)) return full;
  if (!fitsOne(patterns, chart.name)) return undefined;
  return charts.filter(({ name }) => name === chart.name).length > 1 ? full : chart.name;
}

/** A chart of the same repo has no version to move; only who names it exactly is told so. */
function isOwnChart({ item }: Chart, artifact: string, patterns: readonly string[]): boolean {
  const has = (key: string): boolean => itemField(item.node, key).kind !== 'none';
  return !has('version') && !has('repo') && !patterns.includes(artifact);
}

function siteOf(file: YamlFile, { item }: Chart, artifact: string): Site | Refusal {
  const located = locate(file, 0, [...item.steps, 'version']);
  if (!located.ok) return { ...located.refusal, artifact };
  return {
    kind: 'scalars',
    artifact,
    spots: [{ document: 0, at: located.at, codec: wholeCodec('version') }],
    obstacle: ({ version = '' }) => chartObstacle(version),
  };
}

function nameless(file: YamlFile, { steps, node }: KustomizationItem): Refusal {
  const reason = `${steps.join('[')}] has its name twice or only through the merge key <<. Write it out once.`;
  return { line: lineAt(file.lineStarts, node.start), reason };
}
