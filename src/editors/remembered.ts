/**
 * The same function, which does not work out again what it was asked last: one decision reads the same file many times over.
 * For pure functions only. The texts that were asked about longest ago go first, once all have more than `charactersMax`.
 */
export function remembered<Value>(work: (text: string) => Value, charactersMax: number): (text: string) => Value {
  const known = new Map<string, { readonly value: Value }>();
  let characters = 0;
  const forget = (text: string): void => {
    known.delete(text);
    characters -= text.length;
  };
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) forget(text);
    const { value } = kept ?? { value: work(text) };
    if (text.length > charactersMax) return value;
    known.set(text, { value });
    characters += text.length;
    for (const oldest of known.keys()) {
      if (characters <= charactersMax) break;
      forget(oldest);
    }
    return value;
  };
}
