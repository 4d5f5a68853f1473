import { isMap, isScalar, type YAMLSeq } from 'yaml';

export function fieldPath(path: string | undefined, key: string): string | undefined {
  if (path === undefined) return undefined;
  if (!/^[^.[\]"\\\s]+$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** An item by the field in which it differs from the others, as people write it; by its position where there is none. */
export function itemPath(path: string | undefined, list: YAMLSeq, index: number): string | undefined {
  if (path === undefined || path === '') return undefined;
  for (const key of ['name', 'key', 'id', ...otherFields(list.items[index])]) {
    const fields = list.items.map((item) => (isMap(item) ? item.get(key, true) : undefined));
    const texts = fields.map((field) => (isScalar(field) ? (field.source ?? '') : undefined));
    const own = texts[index];
    if (own === undefined || !/^[^\]\s"'[=]+$/u.test(own)) continue;
    if (texts.filter((text) => text === own).length === 1) return `${path}[${key}=${own}]`;
  }
  return `${path}[${index}]`;
}

/** Fields that hold a version select nothing: the edit would take the selector away. */
const versionField = /image|tag|version|digest|sha|revision|ref|value/iu;

/** Further fields of an item that may tell it from the others, such as `uses` of a step. */
function otherFields(item: unknown): readonly string[] {
  if (!isMap(item)) return [];
  const keys = item.items.map(({ key }) => (isScalar(key) ? (key.source ?? '') : ''));
  return keys.filter((key) => key !== '' && !versionField.test(key));
}
