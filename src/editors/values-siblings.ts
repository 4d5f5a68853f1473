import type { Refusal } from './editor.ts';
import { type KeyPattern, pathText } from './key-pattern.ts';
import { isSelected } from './values-where.ts';
import type { YamlFile } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { isNull, type Located, lookup, type PathStep } from './yaml-locate.ts';

/** A path that was chosen, and all that were: what stands beside it may be chosen too. */
export interface Chosen {
  readonly steps: readonly PathStep[];
  readonly patterns: readonly KeyPattern[];
}

/** The digest beside a tag, or the tag beside a digest. */
interface Sibling {
  readonly name: string;
  /** Whether the file has it, and not empty. */
  readonly filled: boolean;
  /** Whether it moves too. */
  readonly selected: boolean;
}

export function siblingOf(at: Located, { steps, patterns }: Chosen): Sibling | undefined {
  const map = at.trail.at(-1);
  const key = siblingName(steps.at(-1));
  if (map?.kind !== 'map' || key === undefined) return undefined;
  const path = [...steps.slice(0, -1), key];
  const found = lookup(map, key);
  const value = found.kind === 'own' ? found.entry.value : undefined;
  const empty =
    found.kind === 'own' && (value === undefined || isNull(value) || (value.kind === 'scalar' && value.text === ''));
  return {
    name: pathText(path),
    filled: found.kind !== 'none' && !empty,
    selected: isSelected(patterns, path),
  };
}

/** Tag and digest of one image say the same thing twice: moved alone, one would contradict the other. */
export function siblingRefusal(file: YamlFile, at: Located, sibling: Sibling | undefined): Refusal | undefined {
  if (sibling === undefined || !sibling.filled || sibling.selected) return undefined;
  const { name } = sibling;
  const reason = `${name} stands beside ${at.path} and says which image runs too; moving one alone would contradict the other. Add ${name} to keys.`;
  return { line: lineAt(file.lineStarts, at.value.start), reason };
}

const siblings: Readonly<Record<string, string>> = { tag: 'digest', Tag: 'Digest', digest: 'tag', Digest: 'Tag' };

function siblingName(segment: PathStep | undefined): string | undefined {
  if (typeof segment !== 'string') return undefined;
  const ending = /(?:tag|Tag|digest|Digest)$/u.exec(segment)?.[0];
  return ending === undefined ? undefined : `${segment.slice(0, -ending.length)}${siblings[ending]}`;
}

/**
 * What a value says one thing together with, by the names of the keys alone so that it is the same in every file: the image
 * (`web.image` for `web.image.tag`, `web.image` for `web.imageTag`) when more than one key of it is chosen.
 */
export function unitOf({ steps, patterns }: Chosen): string | undefined {
  const last = steps.at(-1);
  const family = typeof last === 'string' ? familyOf(last) : undefined;
  if (family === undefined) return undefined;
  const parent = steps.slice(0, -1);
  const chosen = family.members.filter((member) => isSelected(patterns, [...parent, member]));
  if (chosen.length < 2 || chosen.every((member) => imageKeys.includes(member))) return undefined;
  const image = family.prefix.replace(/[-_.]$/u, '');
  return pathText(image === '' ? parent : [...parent, image]) || '.';
}

const lowerCase = ['registry', 'repository', 'tag', 'digest'];
const capital = ['Registry', 'Repository', 'Tag', 'Digest'];

/** Keys under which charts write the repository of an image that has its tag beside it. */
const imageKeys: readonly string[] = ['image', 'name'];

/** The keys that describe one image together with this one. */
function familyOf(key: string): { readonly prefix: string; readonly members: readonly string[] } | undefined {
  const endings = [lowerCase, capital].find((words) => words.some((word) => key.endsWith(word)));
  const prefix = key.slice(0, -(endings?.find((word) => key.endsWith(word))?.length ?? 0) || undefined);
  if (endings === undefined || endings.includes(key)) {
    return endings === undefined && !imageKeys.includes(key)
      ? undefined
      : { prefix: '', members: [...lowerCase, ...imageKeys] };
  }
  return { prefix, members: endings.map((word) => prefix + word) };
}
