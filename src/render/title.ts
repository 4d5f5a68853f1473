import { describeVersion, namingTexts, type Version } from '../domain/version.ts';
import type { Proposal } from '../promotion/proposal.ts';
import { bare } from './escape.ts';

/** Longest title, in characters: GitHub takes 256, people read about 72. */
const titleCharactersMax = 120;

/** `Promote web 1.8.2 to staging`; the version is left out where there are several. Plain words, no Markdown. */
export function promotionTitle({ lane, changes }: Proposal): string {
  const versions = [...new Set(changes.map(({ source }) => shortVersion(source)))];
  const [only] = versions;
  const shown = versions.length === 1 && only !== undefined ? bare(only) : '';
  const version = shown === '' ? '' : ` ${shown}`;
  const title = `Promote ${lane.application}${version} to ${lane.environment}`;
  return title.length <= titleCharactersMax ? title : `Promote ${lane.application} to ${lane.environment}`;
}

/** The tag alone: of `registry/name:tag`, of a tag with a digest; the whole text where there is no tag. */
function shortVersion(version: Version): string {
  const [text] = namingTexts(version);
  if (text === undefined) return 'digest' in version ? describeVersion(version) : '';
  const tag = text.replace(/@.*$/, '');
  const afterSlash = tag.slice(tag.lastIndexOf('/') + 1);
  return afterSlash.includes(':') ? afterSlash.slice(afterSlash.lastIndexOf(':') + 1) : tag;
}
