import { pathKey, type SourceDocument } from './document.ts';
import type { ApplicationDraft } from './draft.ts';
import { describeIssues, type Judged } from './issues.ts';
import { type MistakeAt, mistakeAt, type Path, quote } from './mistake.ts';
import type { Registries } from './registries.ts';
import { allowedKeys, configSchema, formatVersion, promoteKeys, syncKeys } from './schema.ts';

/** What the schema, and the schemas of the editors, have against the file. */
export function shapeMistakes(
  document: SourceDocument,
  applications: readonly ApplicationDraft[],
  registries: Registries,
): readonly MistakeAt[] {
  const judged: Judged = {
    document,
    allowedKeys: (path) => keysAt(path, document, registries),
    allowedValues: () => Object.keys(registries.sources),
  };
  const result = configSchema(registries).safeParse(document.value);
  const own = result.success ? [] : describeIssues(result.error.issues, [], judged);
  const urls = urlMistakes(document);
  const said = new Set(urls.map(({ path }) => pathKey(path)));
  const entries = applications.flatMap(({ promote }) => promote);
  const others = [
    ...own,
    ...entries.flatMap(({ mistakes }) => mistakes),
    ...entries.flatMap(({ path, issues }) => describeIssues(issues, path, judged)),
  ];
  return [...urls, ...others.filter(({ path }) => !said.has(pathKey(path)))];
}

/** The one thing to say about a file in a later format: everything else may mean something else there. */
export function versionMistake(value: unknown): MistakeAt | undefined {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version !== 'number' || !(version > formatVersion)) return undefined;
  const message = `Version ${version} of the format needs a newer Pawl; this one reads version ${formatVersion}.`;
  return mistakeAt(['version'], message, `Update Pawl, or write \`version: ${formatVersion}\`.`);
}

function keysAt(path: Path, document: SourceDocument, registries: Registries): readonly string[] {
  const [section, index, inner] = path;
  if (section === undefined) return allowedKeys.root;
  if (section === 'limits') return allowedKeys.limits;
  if (section === 'groups') return allowedKeys.group;
  if (section === 'environments') return inner === 'targets' ? allowedKeys.found : allowedKeys.environment;
  if (section === 'applications') {
    if (inner === 'order') return [];
    return inner === undefined ? allowedKeys.application : [...Object.keys(registries.editors), ...promoteKeys];
  }
  const source = document.nodes.get(pathKey(['syncs', index ?? 0, 'source']))?.text;
  const known = Object.entries(registries.sources).find(([name]) => name === source)?.[1];
  const senders = known?.event === undefined ? syncKeys.filter((key) => key !== 'senders') : syncKeys;
  return [...Object.keys(known?.fields ?? {}), ...senders];
}

/** Nothing in this file is fetched, so an address can only be a misunderstanding. */
function urlMistakes(document: SourceDocument): readonly MistakeAt[] {
  return [...document.nodes.values()].flatMap(({ path, text }) => {
    if (text === undefined || !/^[a-z][a-z0-9+.-]*:\/\/|:\/\/|^git@|^www\./i.test(text)) return [];
    return [
      mistakeAt(path, `${quote(text)} is a URL; no key here takes one.`, 'Remove it, or write a path or a name.'),
    ];
  });
}
