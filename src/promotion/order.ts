import { compare, parse } from 'semver';
import { namingTexts, type Version } from '../domain/version.ts';

/** How `a` stands to `b` by semantic version; undefined when one of them carries none. */
export function compareVersions(a: Version, b: Version): 'higher' | 'lower' | 'equal' | undefined {
  const [left, right] = [semanticVersion(a), semanticVersion(b)];
  if (left === undefined || right === undefined) return undefined;
  const order = compare(left, right);
  return order === 0 ? 'equal' : order > 0 ? 'higher' : 'lower';
}

/** `1.10` and `v2.0` are common tags and mean what semantic versions mean. */
const twoParts = /^v?\d+\.\d+$/;

/** The semantic version among a version's texts: a tag, a chart version, or the tag at the end of a whole image name. */
function semanticVersion(version: Version): string | undefined {
  for (const text of namingTexts(version)) {
    const tag = text.replace(/@.*$/, '').split(':').at(-1);
    const parsed = tag === undefined ? null : parse(twoParts.test(tag) ? `${tag}.0` : tag);
    if (parsed !== null) return parsed.version;
  }
  return undefined;
}
