import { ownersOf } from './argocd-image-updater.ts';
import { repositoryName, withoutSlashes } from './git-url.ts';
import { imageCodec, imageName, imageObstacle, wholeCodec } from './image-text.ts';
import { isMovingTag, movingTagReason } from './moving-tag.ts';
import { chartObstacle, revisionObstacle } from './moving-version.ts';
import type { Candidate } from './named-sites.ts';
import { partnerOf } from './tag-digest-pair.ts';
import { textObstacle } from './value-site.ts';
import type { ValuesRoot } from './value-sites.ts';
import type { YamlList, YamlNode } from './yaml.ts';
import { type DocumentFacts, textAt, valueAt } from './yaml-documents.ts';
import { isNull, itemField, keyText, lookup, type PathStep } from './yaml-locate.ts';
import type { Codec } from './yaml-sites.ts';

/** One place an Application gets its manifests from. */
export interface ApplicationSource {
  readonly document: number;
  readonly node: YamlNode;
  readonly steps: readonly PathStep[];
  /** What stands beside the specification: annotations say which images another bot writes. */
  readonly metadata: YamlNode | undefined;
}

/** The sources of an Application, or those an ApplicationSet gives to each of its own. A list of them beats a single one. */
export function sourcesIn({ index: document, root, kind }: DocumentFacts): readonly ApplicationSource[] {
  const set = kind === 'ApplicationSet';
  const application = set ? valueAt(valueAt(root, 'spec'), 'template') : root;
  const spec = valueAt(application, 'spec');
  const metadata = valueAt(application, 'metadata');
  const base = set ? ['spec', 'template', 'spec'] : ['spec'];
  const at = (node: YamlNode | undefined, ...steps: readonly PathStep[]): readonly ApplicationSource[] =>
    node === undefined || isNull(node) ? [] : [{ document, node, steps: [...base, ...steps], metadata }];
  const list = valueAt(spec, 'sources');
  const dry = valueAt(valueAt(spec, 'sourceHydrator'), 'drySource');
  const items = list?.kind === 'list' ? list.items : [];
  return [
    ...(items.length > 0
      ? items.flatMap((item, index) => at(item, 'sources', index))
      : at(valueAt(spec, 'source'), 'source')),
    ...at(dry, 'sourceHydrator', 'drySource'),
  ];
}

/** Whether it cannot be told what a source is, since its text does not say it itself. */
export function isUnsure({ node }: ApplicationSource): boolean {
  if (node.kind !== 'map') return true;
  return ['chart', 'repoURL'].some((key) => ['merged', 'twice'].includes(lookup(node, key).kind));
}

/** Everything of a source that may move, except the values of its chart. */
export function candidatesOf(source: ApplicationSource): readonly Candidate[] {
  return [...revisionOf(source), ...parametersOf(source), ...imagesOf(source)];
}

const oci = 'oci://';

function revisionOf({ document, node, steps }: ApplicationSource): readonly Candidate[] {
  const [chart, url] = [textAt(node, 'chart'), textAt(node, 'repoURL')];
  const part = (codec: Codec) => ({ document, parts: [{ steps: [...steps, 'targetRevision'], codec }] });
  if (chart !== '') {
    const obstacle: Candidate['obstacle'] = ({ version = '' }) => chartObstacle(version);
    return [{ name: `chart/${chart}`, ...part(wholeCodec('version')), obstacle }];
  }
  if (url.startsWith(oci)) {
    const name = `oci/${withoutSlashes(url.slice(oci.length))}`;
    return [{ name, ...part(wholeCodec('version')), obstacle: ({ version = '' }) => ociObstacle(version) }];
  }
  if (url === '') return [];
  const name = `git/${repositoryName(url)}`;
  const within = withinRepository(node);
  const longName = within === undefined ? undefined : `${name}//${within}`;
  // A constraint such as `v1.*` is one for Git tags too.
  const obstacle: Candidate['obstacle'] = ({ ref = '' }) => revisionObstacle(ref) ?? chartObstacle(ref);
  return [{ name, longName, ...part(wholeCodec('ref')), obstacle }];
}

function ociObstacle(version: string): string | undefined {
  return isMovingTag(version) ? movingTagReason : chartObstacle(version);
}

/** What tells several sources of one repository apart: the folder, or the name others call it by. */
function withinRepository(node: YamlNode): string | undefined {
  const path = textAt(node, 'path').replace(/^(?:\.?\/)+/u, '');
  if (path !== '') return path;
  const ref = textAt(node, 'ref');
  return ref === '' ? undefined : `$${ref}`;
}

function listAt(node: YamlNode | undefined, key: string): YamlList['items'] {
  const list = valueAt(node, key);
  return list?.kind === 'list' ? list.items : [];
}

function parametersOf({ document, node, steps, metadata }: ApplicationSource): readonly Candidate[] {
  const owners = ownersOf(metadata);
  const from = textAt(node, 'chart') || withinRepository(node);
  const items = listAt(valueAt(node, 'helm'), 'parameters');
  const filled = new Set(items.flatMap((item) => (textAt(item, 'value') === '' ? [] : [textAt(item, 'name')])));
  return items.flatMap((item, index) => {
    const field = itemField(item, 'name');
    if (field.kind !== 'text') return [];
    const { text } = field;
    const parts = [{ steps: [...steps, 'helm', 'parameters', index, 'value'], codec: wholeCodec('value') }];
    const longName = from === undefined ? undefined : `parameter/${from}/${text}`;
    const owner = owners.ofParameter(text);
    const partner = partnerOf(text, (other) => filled.has(other));
    const pair = partner === undefined ? undefined : { key: text, partner };
    const about = { anyText: true, obstacle: textObstacle(text), pair, owner };
    return [{ name: `parameter/${text}`, longName, document, parts, ...about }];
  });
}

/** What the parameters of a source set, those from files too: they override its values. */
export function parameterNames({ node }: ApplicationSource): readonly string[] {
  const helm = valueAt(node, 'helm');
  const items = [...listAt(helm, 'parameters'), ...listAt(helm, 'fileParameters')];
  return items.flatMap((item) => {
    const name = itemField(item, 'name');
    return name.kind === 'text' ? [name.text] : [];
  });
}

function imagesOf({ document, node, steps, metadata }: ApplicationSource): readonly Candidate[] {
  const owners = ownersOf(metadata);
  return listAt(valueAt(node, 'kustomize'), 'images').flatMap((item, index) => {
    const text = keyText(item);
    if (text === undefined || text === '') return [];
    const [name, image] = overrideNames(text);
    const parts = [{ steps: [...steps, 'kustomize', 'images', index], codec: overrideCodec }];
    const owner = owners.ofImage(name) ?? owners.ofImage(image);
    return [{ name: `image/${name}`, document, parts, obstacle: imageObstacle, owner }];
  });
}

/** What an override such as `web=ghcr.io/acme/web:v1` replaces, and by what, both without a version. */
function overrideNames(text: string): readonly [name: string, image: string] {
  const equals = text.indexOf('=');
  const image = imageName(text.slice(equals + 1));
  return [equals < 0 ? image : text.slice(0, equals), image];
}

/** An override of Kustomize in one text: the image behind the equals sign has the version. */
const overrideCodec: Codec = {
  read: (text) => imageCodec.read(text.slice(text.indexOf('=') + 1)),
  write(text, version) {
    const equals = text.indexOf('=') + 1;
    const image = imageCodec.write(text.slice(equals), version);
    return image === undefined ? undefined : `${text.slice(0, equals)}${image}`;
  },
};

/** Where a source has the values of its chart. `valuesObject` beats the text `values`. */
export function valuesRootsOf({ document, node, steps }: ApplicationSource): readonly ValuesRoot[] {
  const helm = valueAt(node, 'helm');
  const object = valueAt(helm, 'valuesObject');
  if (object !== undefined && !isNull(object))
    return [{ document, steps: [...steps, 'helm', 'valuesObject'], form: 'map' }];
  const text = valueAt(helm, 'values');
  const empty = text === undefined || isNull(text) || (text.kind === 'scalar' && text.text.trim() === '');
  return empty ? [] : [{ document, steps: [...steps, 'helm', 'values'], form: 'text' }];
}
