/** `scheme://user@host:port/path`. */
const urlPattern = /^[a-z+]+:\/\/(?:[^/@]*@)?([^/:@]+)(?::\d*)?\/(.+)$/;
/** `user@host:path`, the short form of SSH. */
const shortSshPattern = /^[^/@:]+@([^/:@]+):(.+)$/;
/** `host/owner/name` without a scheme: a host has a dot, an owner has none. */
const barePattern = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?\/(.+)$/;

const gitSchemes = ['https', 'http', 'ssh', 'git', 'git+ssh', 'git+https'];

const hostPattern = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
const ownerPattern = /^[a-z0-9_-]{1,100}$/;
const namePattern = /^[a-z0-9._-]{1,100}$/;

/** Other names under which GitHub answers Git: SSH over the port of HTTPS, and the one people type. */
const hostAliases: ReadonlyMap<string, string> = new Map([
  ['ssh.github.com', 'github.com'],
  ['www.github.com', 'github.com'],
]);

/** Longest text looked at: no address of a repo comes near it, and the patterns stay cheap. */
const addressCharactersMax = 500;

/**
 * The address of a Git repo in one form, whatever form it came in: `host/owner/name`, or `owner/name` for a text without a
 * host, in lower case, without user, port, `.git` and slashes around. Undefined for what cannot be a repo on a GitHub:
 * registries, files on disk, more or fewer than two names.
 */
export function normaliseRepository(address: string): string | undefined {
  if (address.length > addressCharactersMax) return undefined;
  const text = address.trim().toLowerCase();
  const located = locate(text);
  if (located === undefined) return ownerAndName(text);
  const host = hostAliases.get(located.host) ?? located.host;
  const path = ownerAndName(located.path);
  return path === undefined || !hostPattern.test(host) ? undefined : `${host}/${path}`;
}

/** Whether a repo named with its host, or without, is the one called `owner/name`. Upper and lower case are the same. */
export function isRepository(normalised: string, fullName: string): boolean {
  const wanted = fullName.toLowerCase();
  return normalised === wanted || normalised.split('/').slice(1).join('/') === wanted;
}

function locate(text: string): { readonly host: string; readonly path: string } | undefined {
  if (text.includes('://') && !gitSchemes.some((scheme) => text.startsWith(`${scheme}://`))) return undefined;
  const match = urlPattern.exec(text) ?? shortSshPattern.exec(text) ?? barePattern.exec(text);
  const [, host, path] = match ?? [];
  return host === undefined || path === undefined ? undefined : { host, path };
}

function ownerAndName(path: string): string | undefined {
  const [owner, name, ...rest] = path.replace(/^\/+|\/+$/g, '').split('/');
  if (owner === undefined || name === undefined || rest.length > 0) return undefined;
  const bare = name.replace(/\.git$/, '');
  if (!ownerPattern.test(owner) || !namePattern.test(bare) || /^\.+$/.test(bare)) return undefined;
  return `${owner}/${bare}`;
}
