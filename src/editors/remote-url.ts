import { withoutSlashes } from './git-url.ts';
import type { Codec } from './yaml-sites.ts';

/**
 * What a remote resource is called, however its address is written: `github.com/acme/base//deploy` for
 * `https://github.com/acme/base//deploy?ref=v1`, `git@github.com:acme/base.git//deploy` and the like. No protocol, no account, no
 * port, no `.git`, no query: none of them says what is deployed, and the first three may differ between environments.
 */
export function remoteName(text: string): string {
  const address = text.split('?', 1)[0] ?? '';
  const short = address.replace(/^git::/iu, '').replace(/^gh:/iu, 'github.com/');
  const withProtocol = /^(?:https?|ssh|git):\/\/(?<rest>.*)$/iu.exec(short)?.groups?.['rest'];
  const withoutAccount = (withProtocol ?? short).replace(/^[^/@]*@/u, '');
  const [, host = '', rest = ''] = /^([^/:]*)(.*)$/su.exec(withoutAccount) ?? [];
  // Behind a host, `:` begins a port where there is a protocol, and the path where there is none.
  const path = withProtocol === undefined ? rest.replace(/^:\/*/u, '/') : rest.replace(/^:[0-9]*(?=\/|$)/u, '');
  const repo = path.replace(/\.git(?=\/|$)\/*(?=(.?))/u, (_, next: string) => (next === '' ? '' : '//'));
  // In a pattern, what stands before the first slash need not be a host.
  return `${host.includes('*') ? host : host.toLowerCase()}${withoutSlashes(repo)}`;
}

/** The revision in the query of an address: that of `ref`, or of `version`, which counts where there is no `ref`. */
export const refCodec: Codec = {
  read(text) {
    const place = refPlace(text);
    if (place === undefined) return undefined;
    const ref = decoded(text.slice(place.start, place.end));
    if (ref === undefined || !refPattern.test(ref)) return undefined;
    return ref === '' ? {} : { ref };
  },
  write(text, { ref = '' }) {
    const place = refPlace(text);
    if (place === undefined || !refPattern.test(ref)) return undefined;
    const { start, end } = place;
    const before = text.slice(start, end);
    if (decoded(before) === ref) return text;
    return `${text.slice(0, start)}${encoded(ref, before)}${text.slice(end)}`;
  },
};

// What Git allows in the name of a tag or a branch.
const refPattern = /^[^\s~^:?*[\\\p{Cc}\p{Cs}]*$/u;

/** Whether an address has a place for a revision. */
export function hasRef(text: string): boolean {
  return refPlace(text) !== undefined;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the revision stands. Undefined without one, and where two fields of one name leave open which counts. */
function refPlace(text: string): Span | undefined {
  const [refs, versions] = [fields(text, 'ref'), fields(text, 'version')];
  if (refs.length > 1 || versions.length > 1) return undefined;
  const filled = [...refs, ...versions].find(({ start, end }) => end > start);
  return filled ?? refs[0] ?? versions[0];
}

function fields(text: string, name: string): readonly Span[] {
  const query = text.indexOf('?');
  if (query === -1) return [];
  const spans: Span[] = [];
  for (let at = query + 1; at <= text.length; ) {
    const next = text.indexOf('&', at);
    const end = next === -1 ? text.length : next;
    if (text.startsWith(`${name}=`, at)) spans.push({ start: at + name.length + 1, end });
    at = end + 1;
  }
  return spans;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A percent sign without two digits, or bytes that are no UTF-8.
    return undefined;
  }
}

/** A revision for a query. A slash and an at sign may stand there as they are, and do unless the text before was encoded. */
function encoded(ref: string, before: string): string {
  const text = encodeURIComponent(ref);
  return /%(?:2F|40)/iu.test(before) ? text : text.replaceAll('%2F', '/').replaceAll('%40', '@');
}
