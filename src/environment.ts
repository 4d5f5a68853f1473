import { mkdirSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import type { NamedSecret } from './http/endpoint.ts';
import { keyBitsMin, parseKey, parseNamedSecrets, weakness, webhookSecretCharactersMin } from './secrets.ts';
import { type LogLevel, logLevels, settingRows } from './setting-rows.ts';

/** Everything the process is told from outside, checked. */
export interface Settings {
  readonly appId: number;
  /** RSA private key as PEM (PKCS #8). */
  readonly privateKey: string;
  /** The webhook secret, and the one before it while it is exchanged. */
  readonly webhookSecrets: readonly string[];
  readonly argocdTokens: readonly NamedSecret[];
  readonly fluxSecrets: readonly NamedSecret[];
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** Without a slash at the end. */
  readonly githubApiUrl: string;
  readonly logLevel: LogLevel;
}

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The disk, as far as settings speak of it. Both throw an error with a `code` when it cannot be done. */
export interface SettingsFiles {
  read(path: string): string;
  /** Makes the folder if it is missing, and something in it that it removes again. */
  tryWriting(folder: string): void;
}

export const filesOnDisk: SettingsFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  tryWriting(folder) {
    mkdirSync(folder, { recursive: true });
    rmdirSync(mkdtempSync(join(folder, '.writable-')));
  },
};

export type SettingsRead =
  | { readonly ok: true; readonly settings: Settings }
  /** One line for every mistake: where, what, the mend. Never a value, since many of them are secret. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the settings of the process and finds every mistake in them at once. */
export function readSettings(env: Environment, files: SettingsFiles): SettingsRead {
  const problems: string[] = [];
  const reading: Reading = {
    text: (name) => (env[name]?.trim() ? env[name] : undefined),
    files,
    problem(name, what, mend) {
      problems.push(`${name} ${what}. ${mend}`);
      return undefined;
    },
  };
  const required = {
    appId: readAppId(reading),
    privateKey: readPrivateKey(reading),
    webhookSecrets: readWebhookSecrets(reading),
    argocdTokens: readNamedSecrets('PAWL_ARGOCD_TOKENS', reading),
    fluxSecrets: readNamedSecrets('PAWL_FLUX_SECRETS', reading),
    host: readHost(reading),
    port: readPort(reading),
    dataDir: readDataDir(reading),
    githubApiUrl: readApiUrl(reading),
    logLevel: readLogLevel(reading),
  };
  findUnknown(env, reading);
  return problems.length === 0 && isComplete(required) ? { ok: true, settings: required } : { ok: false, problems };
}

type Incomplete = { readonly [Name in keyof Settings]: Settings[Name] | undefined };

function isComplete(settings: Incomplete): settings is Settings {
  return Object.values(settings).every((value) => value !== undefined);
}

interface Reading {
  /** Value of a setting as it is; undefined when it is missing or blank. */
  text(name: string): string | undefined;
  readonly files: SettingsFiles;
  problem(name: string, what: string, mend: string): undefined;
}

function fallbackOf(name: string): string {
  return settingRows.find((row) => row.name === name)?.fallback ?? '';
}

function readAppId({ text, problem }: Reading): number | undefined {
  const id = text('APP_ID')?.trim();
  const mend = 'Set it to the number that the settings page of the App shows as "App ID".';
  if (id === undefined) return problem('APP_ID', 'is missing', mend);
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : problem('APP_ID', 'is not a number', mend);
}

function readPrivateKey(reading: Reading): string | undefined {
  const given = readTextOrFile('PRIVATE_KEY', 'PRIVATE_KEY_PATH', reading);
  if (given === 'unreadable') return undefined;
  const mend = 'Make a key on the settings page of the App and give its whole PEM text.';
  if (given === undefined)
    return reading.problem('PRIVATE_KEY', 'is missing', `${mend} Or set PRIVATE_KEY_PATH to its file.`);
  const key = parseKey(given.text);
  if (key === undefined) return reading.problem(given.name, 'holds no private key that can be used', mend);
  if (key.asymmetricKeyType !== 'rsa') return reading.problem(given.name, 'holds a key that is not RSA', mend);
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < keyBitsMin) {
    return reading.problem(given.name, `holds a key of less than ${keyBitsMin} bits`, mend);
  }
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

interface Given {
  /** The setting it came from. */
  readonly name: string;
  readonly text: string;
}

/** A setting that may be given as a text or as the path of a file. The path is not shown either: it may be the secret itself. */
function readTextOrFile(name: string, pathName: string, reading: Reading): Given | 'unreadable' | undefined {
  const text = reading.text(name);
  const path = reading.text(pathName);
  if (text !== undefined && path !== undefined) {
    reading.problem(name, `and ${pathName} are both set`, 'Set one of them.');
    return 'unreadable';
  }
  if (path === undefined) return text === undefined ? undefined : { name, text };
  try {
    return { name: pathName, text: reading.files.read(path) };
  } catch (error) {
    reading.problem(
      pathName,
      `names a file that cannot be read (${codeOf(error)})`,
      'Give the path of a file that this process may read.',
    );
    return 'unreadable';
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function readWebhookSecrets({ text, problem }: Reading): readonly string[] | undefined {
  const mend = 'Make one with `openssl rand -hex 32` and set it here and on the settings page of the App.';
  const secret = text('WEBHOOK_SECRET');
  if (secret === undefined) return problem('WEBHOOK_SECRET', 'is missing', mend);
  const secrets = [secret];
  const previous = text('WEBHOOK_SECRET_PREVIOUS');
  if (previous !== undefined) secrets.push(previous);
  const [weak, weakPrevious] = secrets.map((one) => weakness(one, webhookSecretCharactersMin));
  if (weak !== undefined) problem('WEBHOOK_SECRET', weak, mend);
  if (weakPrevious !== undefined)
    problem('WEBHOOK_SECRET_PREVIOUS', weakPrevious, 'Remove it: whoever guesses it can forge webhooks.');
  return secrets;
}

/** Secrets of controllers. None is a good answer: then their address takes nothing in. */
function readNamedSecrets(name: string, reading: Reading): readonly NamedSecret[] | undefined {
  const given = readTextOrFile(name, `${name}_PATH`, reading);
  if (given === 'unreadable') return undefined;
  if (given === undefined) return [];
  const { secrets, problems } = parseNamedSecrets(given.text);
  for (const { what, mend } of problems) reading.problem(given.name, what, mend);
  return secrets;
}

function readHost({ text, problem }: Reading): string | undefined {
  const host = (text('HOST') ?? fallbackOf('HOST')).trim();
  if (isIP(host) !== 0 || /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})$/.test(host)) return host;
  return problem(
    'HOST',
    'is neither an address nor a host name',
    'Use 127.0.0.1 for this machine only, 0.0.0.0 for all.',
  );
}

const portMax = 65_535;

function readPort({ text, problem }: Reading): number | undefined {
  const port = (text('PORT') ?? fallbackOf('PORT')).trim();
  if (/^\d{1,5}$/.test(port) && Number(port) <= portMax) return Number(port);
  return problem('PORT', 'is not a port', `Set it to a number from 1 to ${portMax}.`);
}

function readDataDir({ text, files, problem }: Reading): string | undefined {
  const folder = (text('DATA_DIR') ?? fallbackOf('DATA_DIR')).trim();
  try {
    files.tryWriting(folder);
    return folder;
  } catch (error) {
    const mend = 'Give a folder on a local disk that this process may write to.';
    return problem('DATA_DIR', `names a folder that cannot be written (${codeOf(error)})`, mend);
  }
}

function readApiUrl({ text, problem }: Reading): string | undefined {
  const mend = 'Set it to https://api.github.com, or to https://HOST/api/v3 for GitHub Enterprise Server.';
  const given = (text('GITHUB_API_URL') ?? fallbackOf('GITHUB_API_URL')).trim();
  if (!URL.canParse(given)) return problem('GITHUB_API_URL', 'is not an address', mend);
  const url = new URL(given);
  const isPlain = url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !isPlain) {
    return problem('GITHUB_API_URL', 'does not begin with https://', `${mend} Plain http is for this machine only.`);
  }
  if (`${url.username}${url.password}${url.search}${url.hash}` !== '') {
    return problem('GITHUB_API_URL', 'holds more than a host and a path', mend);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function readLogLevel({ text, problem }: Reading): LogLevel | undefined {
  const given = (text('LOG_LEVEL') ?? fallbackOf('LOG_LEVEL')).trim().toLowerCase();
  const level = logLevels.find((one) => one === given);
  return level ?? problem('LOG_LEVEL', 'is not a level', `Use one of ${logLevels.join(', ')}.`);
}

/** Kubernetes sets variables of this form for every service of the namespace, one named `pawl` among them. */
const kubernetesPattern = /_(?:SERVICE_HOST|SERVICE_PORT\w*|PORT|PORT_\d+_\w+)$/;

/** A name of ours that is misspelt would otherwise leave a door shut, or open, without a word. */
function findUnknown(env: Environment, { problem }: Reading): void {
  const names = settingRows.map((row) => row.name);
  const unknown = Object.keys(env).filter((name) => name.startsWith('PAWL_') && !names.includes(name));
  for (const name of unknown.filter((one) => !kubernetesPattern.test(one))) {
    problem(name, 'is not a setting', `Did you mean ${closest(name, names)}?`);
  }
}
