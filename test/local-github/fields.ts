/** Reading values out of what came from outside: each function answers the value in the type it names, or throws. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(key: string, wanted: string): Error {
  return new Error(`local GitHub: "${key}" should be ${wanted}`);
}

export function optionalText(fields: Fields, key: string): string | undefined {
  const value = fields[key] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw wrong(key, 'a text');
}

export function text(fields: Fields, key: string): string {
  const value = optionalText(fields, key);
  if (value === undefined) throw wrong(key, 'a text');
  return value;
}

export function truth(fields: Fields, key: string): boolean {
  return fields[key] === true;
}

export function list(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key] ?? [];
  if (Array.isArray(value)) return value;
  throw wrong(key, 'a list');
}

export function texts(fields: Fields, key: string): readonly string[] {
  return list(fields, key).filter((value) => typeof value === 'string');
}

export function fieldsList(fields: Fields, key: string): readonly Fields[] {
  return list(fields, key).filter(isFields);
}

/** A nested object; empty when it is not there. */
export function inner(fields: Fields, key: string): Fields {
  const value = fields[key] ?? {};
  if (isFields(value)) return value;
  throw wrong(key, 'an object');
}

export function optionalTime(fields: Fields, key: string): number | undefined {
  const value = optionalText(fields, key);
  return value === undefined ? undefined : Date.parse(value);
}
