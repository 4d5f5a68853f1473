import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { Refusal } from './editor.ts';
import { type KustomizationItem, kustomizationItems } from './kustomization-file.ts';
import { revisionObstacle } from './moving-version.ts';
import { patternList } from './pattern-list.ts';
import { hasRef, refCodec, remoteName } from './remote-url.ts';
import { siteEditor } from './site-editor.ts';
import type { YamlFile } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { keyText, locate } from './yaml-locate.ts';
import type { Site, Sites } from './yaml-sites.ts';

export interface RemotesWhere {
  readonly remotes: readonly string[];
}

const options = z.strictObject({
  remotes: patternList(
    'Write the address of a remote resource without blanks.',
    'Remote resources whose `?ref=` may move, without `https://`, `.git` and query: `github.com/acme/base//deploy`, `github.com/acme/*`, `*` for every one.',
  ),
});

/** Remote resources of a kustomization: an artifact is called by its address, its version the `ref` in the query. */
export const remotesEditor = siteEditor<RemotesWhere>({
  name: 'remotes',
  summary: 'Remote resources of a kustomization: `?ref=` of what `resources`, `components` and the like name by a URL',
  options,
  defaultFile: 'kustomization.yaml',
  sites: remoteSites,
});

/** Lists whose items may be addresses. */
const lists = ['resources', 'components', 'bases', 'crds', 'generators', 'transformers', 'validators'] as const;

function remoteSites(file: YamlFile, where: RemotesWhere): Sites {
  // A pattern may be written as an address is, with `.git` or an account.
  const patterns = where.remotes.map(remoteName);
  const { items, refusals } = kustomizationItems(file, lists);
  const found = items.flatMap((item) => {
    const text = keyText(item.node) ?? '';
    const artifact = remoteName(text);
    if (!fitsOne(patterns, artifact)) return [];
    if (/[?&](?:ref|version)=/u.test(text)) return [siteOf(file, item, { artifact, text })];
    return patterns.includes(artifact) ? [unpinned(file, item, artifact)] : [];
  });
  return {
    sites: found.flatMap((one) => ('kind' in one ? [one] : [])),
    refusals: [...refusals, ...found.flatMap((one) => ('kind' in one ? [] : [one]))],
  };
}

function siteOf(
  file: YamlFile,
  { steps, node }: KustomizationItem,
  { artifact, text }: { readonly artifact: string; readonly text: string },
): Site | Refusal {
  if (!hasRef(text)) {
    const reason = `${artifact} has its revision twice in one query, and tools differ in which one counts. Keep one.`;
    return { line: lineAt(file.lineStarts, node.start), reason, artifact };
  }
  const located = locate(file, 0, steps);
  if (!located.ok) return { ...located.refusal, artifact };
  const spots = [{ document: 0, at: located.at, codec: refCodec }];
  return { kind: 'scalars', artifact, spots, obstacle: ({ ref = '' }) => revisionObstacle(ref) };
}

/** Said only to who names it exactly: with `*` everything means everything that has a version. */
function unpinned(file: YamlFile, { node }: KustomizationItem, artifact: string): Refusal {
  const reason = `${artifact} names no revision, so it is whatever was pushed last. Add \`?ref=\` with a tag or a commit once by hand.`;
  return { line: lineAt(file.lineStarts, node.start), reason, artifact };
}
