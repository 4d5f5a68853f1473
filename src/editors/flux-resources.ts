import type { Version } from '../domain/version.ts';
import { repositoryName, withoutSlashes } from './git-url.ts';
import { imageObstacle, wholeCodec } from './image-text.ts';
import { isMovingTag, movingTagReason } from './moving-tag.ts';
import { chartObstacle, revisionObstacle } from './moving-version.ts';
import type { Candidate, Part } from './named-sites.ts';
import { shown } from './shown.ts';
import { partnerOf } from './tag-digest-pair.ts';
import { textObstacle } from './value-site.ts';
import type { YamlNode } from './yaml.ts';
import { type DocumentFacts, textAt, valueAt } from './yaml-documents.ts';
import { isNull, itemField, keyText, lookup, type PathStep } from './yaml-locate.ts';

/** Everything of a Flux resource that may move, except the values of a chart; nothing for other resources. */
export function candidatesOf(document: DocumentFacts): readonly Candidate[] {
  const { index, root } = document;
  const spec = valueAt(root, 'spec');
  switch (fluxKind(document)) {
    case 'helm/HelmRelease':
      return [...releaseChart(document, spec), ...renderedImages(index, spec)];
    case 'source/HelmChart':
      return chartCandidate({ document, node: spec, steps: ['spec'] });
    case 'source/OCIRepository':
      return ociRepository(index, spec);
    case 'source/GitRepository':
      return gitRepository(index, spec);
    case 'kustomize/Kustomization':
      return [...imagesIn(index, valueAt(spec, 'images'), ['spec', 'images']), ...substitutes(index, spec)];
    default:
      return [];
  }
}

/** Group and kind of a Flux resource, in whatever version of the API; undefined for any other. */
export function fluxKind({ apiVersion, kind }: DocumentFacts): string | undefined {
  const group = /^(helm|source|kustomize)\.toolkit\.fluxcd\.io\//u.exec(apiVersion)?.[1];
  return group === undefined ? undefined : `${group}/${kind}`;
}

function releaseChart(document: DocumentFacts, spec: YamlNode | undefined): readonly Candidate[] {
  const chart = valueAt(spec, 'chart');
  return chart === undefined
    ? []
    : chartCandidate({ document, node: valueAt(chart, 'spec'), steps: ['spec', 'chart', 'spec'] });
}

interface ChartAt {
  readonly document: DocumentFacts;
  readonly node: YamlNode | undefined;
  readonly steps: readonly PathStep[];
}

/** The version of a chart from a Helm repository. One from a Git repository or a bucket has the version of that. */
function chartCandidate({ document: { index, name }, node, steps }: ChartAt): readonly Candidate[] {
  const from = textAt(valueAt(node, 'sourceRef'), 'kind');
  if (node === undefined || from === 'GitRepository' || from === 'Bucket') return [];
  const chart = textAt(node, 'chart');
  // A patch that sets the version alone is about the chart of the release it patches.
  if (chart === '' && node.kind === 'map' && lookup(node, 'version').kind === 'none') return [];
  const parts = [{ steps: [...steps, 'version'], codec: wholeCodec('version') }];
  const obstacle: Candidate['obstacle'] = ({ version = '' }) => chartObstacle(version);
  return [{ name: `chart/${chart === '' ? name : chart}`, document: index, parts, obstacle }];
}

const oci = 'oci://';

function ociRepository(document: number, spec: YamlNode | undefined): readonly Candidate[] {
  const url = withoutSlashes(textAt(spec, 'url'));
  if (url === '') return [];
  const name = `oci/${url.startsWith(oci) ? url.slice(oci.length) : url}`;
  const parts = partsIn(spec, ['tag', 'digest']);
  return [{ name, document, parts, obstacle: imageObstacle, problem: rangeProblem(spec) }];
}

/** Flux takes the first of these that is there, and a branch only where none is. */
const revisionFields = ['commit', 'name', 'tag'] as const;

function gitRepository(document: number, spec: YamlNode | undefined): readonly Candidate[] {
  const url = textAt(spec, 'url');
  if (url === '') return [];
  const name = `git/${repositoryName(url)}`;
  const problem = rangeProblem(spec) ?? branchProblem(spec);
  return [{ name, document, parts: partsIn(spec, revisionFields), obstacle: refObstacle, problem }];
}

function refObstacle({ commit, name, tag = '' }: Version): string | undefined {
  if (commit !== undefined) return undefined;
  if (name !== undefined) return revisionObstacle(name);
  return isMovingTag(tag) ? movingTagReason : revisionObstacle(tag);
}

/** The fields of `spec.ref` that are there. Where none is, the first of them, which locating it then says is missing. */
function partsIn(spec: YamlNode | undefined, fields: readonly string[]): readonly Part[] {
  const ref = valueAt(spec, 'ref');
  const present = fields.filter((field) => ref?.kind === 'map' && lookup(ref, field).kind !== 'none');
  const used = present.length > 0 ? present : fields.filter((field) => field === 'tag');
  return used.map((field) => ({ steps: ['spec', 'ref', field], codec: wholeCodec(field) }));
}

type Problem = Candidate['problem'];

function rangeProblem(spec: YamlNode | undefined): Problem {
  const ref = valueAt(spec, 'ref');
  const found = ref?.kind === 'map' ? lookup(ref, 'semver').kind : 'none';
  if (ref !== undefined && (found === 'merged' || found === 'twice')) {
    const reason = 'spec.ref has its semver twice or only through the merge key <<. Pin a tag in its place.';
    return { offset: ref.start, reason };
  }
  const range = valueAt(ref, 'semver');
  if (range === undefined || isNull(range) || keyText(range) === '') return undefined;
  const text = keyText(range) ?? '';
  const reason = `spec.ref.semver is \`${shown(text)}\`, a range that stands for another version tomorrow: pin a tag in its place.`;
  return { offset: range.start, reason };
}

function branchProblem(spec: YamlNode | undefined): Problem {
  const ref = valueAt(spec, 'ref');
  const branch = valueAt(ref, 'branch');
  if (ref?.kind !== 'map' || branch === undefined) return undefined;
  if (revisionFields.some((field) => lookup(ref, field).kind !== 'none')) return undefined;
  const reason = `spec.ref.branch is \`${shown(keyText(branch) ?? '')}\`, which names whatever was pushed last, not a version: pin a tag in its place, or a commit beside it.`;
  return { offset: branch.start, reason };
}

/** Images that are replaced after a chart was rendered. */
function renderedImages(document: number, spec: YamlNode | undefined): readonly Candidate[] {
  const renderers = valueAt(spec, 'postRenderers');
  const items = renderers?.kind === 'list' ? renderers.items : [];
  return items.flatMap((item, index) =>
    imagesIn(document, valueAt(valueAt(item, 'kustomize'), 'images'), [
      'spec',
      'postRenderers',
      index,
      'kustomize',
      'images',
    ]),
  );
}

function imagesIn(document: number, list: YamlNode | undefined, steps: readonly PathStep[]): readonly Candidate[] {
  const items = list?.kind === 'list' ? list.items : [];
  return items.flatMap((item, index) => {
    const name = itemField(item, 'name');
    if (name.kind !== 'text') return [];
    const has = (field: string): boolean => item.kind !== 'map' || lookup(item, field).kind !== 'none';
    const fields = ['newTag', 'digest'].filter(has);
    if (fields.length === 0) return [];
    const parts = fields.map((field) => ({ steps: [...steps, index, field], codec: wholeCodec(field) }));
    return [{ name: `image/${name.text}`, document, parts, obstacle: newTagObstacle }];
  });
}

function newTagObstacle({ newTag = '', digest }: Version): string | undefined {
  return digest === undefined && isMovingTag(newTag) ? movingTagReason : undefined;
}

function substitutes(document: number, spec: YamlNode | undefined): readonly Candidate[] {
  const variables = valueAt(valueAt(spec, 'postBuild'), 'substitute');
  const entries = variables?.kind === 'map' ? variables.entries : [];
  const names = new Set(entries.flatMap(({ key }) => keyText(key) ?? []));
  return [...names].map((name) => {
    const parts = [{ steps: ['spec', 'postBuild', 'substitute', name], codec: wholeCodec('value') }];
    const partner = partnerOf(name, (other) => textAt(variables, other) !== '');
    const pair = partner === undefined ? undefined : { key: name, partner };
    return { name: `substitute/${name}`, document, parts, anyText: true, obstacle: textObstacle(name), pair };
  });
}
