import type { Refusal } from './editor.ts';
import { type KeyPattern, pathText } from './key-pattern.ts';
import { contradiction } from './tag-digest-pair.ts';
import { filledPartner } from './value-site.ts';
import { isSelected } from './values-where.ts';
import type { YamlFile } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import type { Located, PathStep } from './yaml-locate.ts';

/** A path that was chosen, and all that were: what stands beside it may be chosen too. */
export interface Chosen {
  readonly steps: readonly PathStep[];
  readonly patterns: readonly KeyPattern[];
}

/** The filled digest beside a tag, or the tag beside a digest. */
interface Sibling {
  readonly name: string;
  /** Whether it moves too. */
  readonly selected: boolean;
}

export function siblingOf(at: Located, { steps, patterns }: Chosen): Sibling | undefined {
  const last = steps.at(-1);
  const key = typeof last === 'string' ? filledPartner(at, last) : undefined;
  if (key === undefined) return undefined;
  const path = [...steps.slice(0, -1), key];
  return { name: pathText(path), selected: isSelected(patterns, path) };
}

/** Tag and digest of one image say the same thing twice: moved alone, one would contradict the other. */
export function siblingRefusal(file: YamlFile, at: Located, sibling: Sibling | undefined): Refusal | undefined {
  if (sibling === undefined || sibling.selected) return undefined;
  const reason = contradiction(sibling.name, at.path, `Add ${sibling.name} to keys.`);
  return { line: lineAt(file.lineStarts, at.value.start), reason };
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

const lowerCase = ['registry', 'repository', 'tag', 'digest', 'sha'];
const capital = ['Registry', 'Repository', 'Tag', 'Digest', 'Sha'];
const upperCase = lowerCase.map((word) => word.toUpperCase());

/** Keys under which charts write the repository of an image that has its tag beside it. */
const imageKeys: readonly string[] = ['image', 'name'];

/** The keys that describe one image together with this one. */
function familyOf(key: string): { readonly prefix: string; readonly members: readonly string[] } | undefined {
  const endings = [lowerCase, capital, upperCase].find((words) => words.some((word) => key.endsWith(word)));
  const prefix = key.slice(0, -(endings?.find((word) => key.endsWith(word))?.length ?? 0) || undefined);
  if (endings === undefined || endings.includes(key)) {
    return endings === undefined && !imageKeys.includes(key)
      ? undefined
      : { prefix: '', members: [...lowerCase, ...imageKeys] };
  }
  return { prefix, members: endings.map((word) => prefix + word) };
}
