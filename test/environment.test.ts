import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Environment, filesOnDisk, readSettings, type SettingsFiles } from '../src/environment.ts';
import { settingRows } from '../src/setting-rows.ts';

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });
const key = rsa(2_048).privateKey;
const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
const pkcs1 = key.export({ type: 'pkcs1', format: 'pem' }).toString();

const secret = '5b1f0c9e7a3d48264f9c1e07b3a86d25';
const otherSecret = 'c07de1b2a94f6a588e3d90417bfa26d3';

const good = { APP_ID: '12345', PRIVATE_KEY: pem, WEBHOOK_SECRET: secret } as const;

/** Files in memory; every folder can be written but `/locked`. */
function files(contents: Readonly<Record<string, string>> = {}): SettingsFiles {
  return {
    read(path) {
      const text = contents[path];
      if (text === undefined)
        throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT' });
      return text;
    },
    tryWriting(folder) {
      if (folder === '/locked') throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    },
  };
}

function problemsOf(env: Environment, on = files()): readonly string[] {
  const read = readSettings(env, on);
  return read.ok ? [] : read.problems;
}

function settingsOf(env: Environment, on = files()) {
  const read = readSettings(env, on);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.settings;
}

test('with the three that must be set, the others have their defaults', () => {
  expect(settingsOf(good)).toEqual({
    appId: 12_345,
    privateKey: pem,
    webhookSecrets: [secret],
    argocdTokens: [],
    fluxSecrets: [],
    host: '127.0.0.1',
    port: 3_000,
    dataDir: 'data',
    githubApiUrl: 'https://api.github.com',
    logLevel: 'info',
  });
});

test('everything can be set', () => {
  const env = {
    ...good,
    WEBHOOK_SECRET_PREVIOUS: otherSecret,
    PAWL_ARGOCD_TOKENS: 'eu-west-1=0123456789abcdef, us-east-1=fedcba9876543210',
    PAWL_FLUX_SECRETS: 'staging=a1b2c3d4e5f6a7b8==\n\nstaging=ffeeddccbbaa9988\n',
    HOST: '::',
    PORT: '8080',
    DATA_DIR: '/var/lib/pawl',
    GITHUB_API_URL: 'https://github.example.com/api/v3/',
    LOG_LEVEL: 'Debug',
    UNRELATED: 'x',
  };
  expect(settingsOf(env)).toEqual({
    appId: 12_345,
    privateKey: pem,
    webhookSecrets: [secret, otherSecret],
    argocdTokens: [
      { name: 'eu-west-1', secret: '0123456789abcdef' },
      { name: 'us-east-1', secret: 'fedcba9876543210' },
    ],
    fluxSecrets: [
      { name: 'staging', secret: 'a1b2c3d4e5f6a7b8==' },
      { name: 'staging', secret: 'ffeeddccbbaa9988' },
    ],
    host: '::',
    port: 8_080,
    dataDir: '/var/lib/pawl',
    githubApiUrl: 'https://github.example.com/api/v3',
    logLevel: 'debug',
  });
});

test('all mistakes are told at once, and no value with them', () => {
  const problems = problemsOf({
    APP_ID: 'my-app-value',
    PRIVATE_KEY: 'not-a-key-value',
    WEBHOOK_SECRET: 'short-value',
    WEBHOOK_SECRET_PREVIOUS: 'development',
    PAWL_ARGOCD_TOKENS: 'eu=short-value',
    PAWL_FLUX_SECRETS_PATH: '/missing-value',
    PAWL_ARGO_TOKENS: 'x-value',
    HOST: 'http://host-value',
    PORT: '70000',
    DATA_DIR: '/locked',
    GITHUB_API_URL: 'http://github-value.example.com',
    LOG_LEVEL: 'loud-value',
  });
  expect(problems.map((line) => line.split('.')[0])).toEqual([
    'APP_ID is not a number',
    'PRIVATE_KEY holds no private key that can be used',
    'WEBHOOK_SECRET is shorter than 32 characters',
    'WEBHOOK_SECRET_PREVIOUS is a well-known word',
    'PAWL_ARGOCD_TOKENS has a mistake in entry 1: its secret is shorter than 16 characters',
    'PAWL_FLUX_SECRETS_PATH names a file that cannot be read (ENOENT)',
    'HOST is neither an address nor a host name',
    'PORT is not a port',
    'DATA_DIR names a folder that cannot be written (EACCES)',
    'GITHUB_API_URL does not begin with https://',
    'LOG_LEVEL is not a level',
    'PAWL_ARGO_TOKENS is not a setting',
  ]);
  expect(problems.join('\n')).not.toMatch(/value|development|70000|missing|locked/);
  for (const line of problems) expect(line).toMatch(/^[^\n]+\. [A-Z][^\n]+[.?]$/);
});

test('without anything, what must be set is asked for', () => {
  expect(problemsOf({ APP_ID: '  ', PRIVATE_KEY: '' })).toEqual([
    'APP_ID is missing. Set it to the number that the settings page of the App shows as "App ID".',
    'PRIVATE_KEY is missing. Make a key on the settings page of the App and give its whole PEM text. Or set PRIVATE_KEY_PATH to its file.',
    'WEBHOOK_SECRET is missing. Make one with `openssl rand -hex 32` and set it here and on the settings page of the App.',
  ]);
});

describe('the private key', () => {
  test.each([
    ['as PEM', pem],
    ['as PKCS #1', pkcs1],
    ['with \\n for line breaks', pem.replaceAll('\n', '\\n')],
    ['as base64', Buffer.from(pem).toString('base64')],
    ['as base64 in lines', Buffer.from(pkcs1).toString('base64').replaceAll(/.{76}/g, '$&\n')],
  ])('may be given %s, in the variable or in a file', (_what, text) => {
    expect(settingsOf({ ...good, PRIVATE_KEY: text }).privateKey).toBe(pem);
    const { PRIVATE_KEY: _given, ...rest } = good;
    expect(settingsOf({ ...rest, PRIVATE_KEY_PATH: '/key' }, files({ '/key': text })).privateKey).toBe(pem);
  });

  test.each([
    ['a public key', rsa(2_048).publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'holds no private key'],
    ['half of it', pem.slice(0, 400), 'holds no private key'],
    [
      'one with a passphrase',
      key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      'holds no private key',
    ],
    [
      'one of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'holds a key that is not RSA',
    ],
    [
      'a small one',
      rsa(1_024).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'holds a key of less than 2048 bits',
    ],
  ])('is not %s', (_what, text, message) => {
    expect(problemsOf({ ...good, PRIVATE_KEY: text })).toEqual([expect.stringContaining(`PRIVATE_KEY ${message}`)]);
  });

  test('is not given twice, and its file must be there', () => {
    expect(problemsOf({ ...good, PRIVATE_KEY_PATH: '/key' }, files({ '/key': pem }))).toEqual([
      'PRIVATE_KEY and PRIVATE_KEY_PATH are both set. Set one of them.',
    ]);
    const { PRIVATE_KEY: _given, ...rest } = good;
    const problems = problemsOf({ ...rest, PRIVATE_KEY_PATH: pem });
    expect(problems).toEqual([expect.stringContaining('PRIVATE_KEY_PATH names a file that cannot be read (ENOENT)')]);
    expect(problems.join()).not.toContain('BEGIN');
  });
});

describe('the webhook secret', () => {
  test.each([
    ['development', 'is a well-known word'],
    ['secret', 'is a well-known word'],
    ['changeme', 'is a well-known word'],
    ['Test', 'is a well-known word'],
    ['your-webhook-secret', 'is a well-known word'],
    [secret.slice(1), 'is shorter than 32 characters'],
    ['a'.repeat(40), 'repeats a few characters'],
    ['1234567890'.repeat(4), 'repeats a few characters'],
    ['changeme'.repeat(5), 'is a well-known word'],
    ['github-webhook-secret-development1', 'is made of well-known words'],
    [`${secret} `, 'begins or ends with white space'],
    [`${secret}\n`, 'begins or ends with white space'],
  ])('%j %s', (text, message) => {
    expect(problemsOf({ ...good, WEBHOOK_SECRET: text })).toEqual([
      expect.stringMatching(`^WEBHOOK_SECRET ${message}\\. `),
    ]);
  });

  test.each([secret, secret.toUpperCase(), 'correct horse battery staple +4 more', '!?%&/()=;:-)(*^$#@~+|<>[]{}"§€'])(
    '%j is taken',
    (text) => {
      expect(problemsOf({ ...good, WEBHOOK_SECRET: text.padEnd(32, '.,') })).toEqual([]);
    },
  );
});

describe('tokens and secrets of instances', () => {
  const [one, two, three] = ['0123456789abcdef', 'fedcba9876543210', '0f1e2d3c4b5a6978'];

  test.each([
    ['just-a-token-without-a-name', ['has a mistake in entry 1: it is not of the form name=secret']],
    [`eu=${one},=${two}`, ['has a mistake in entry 2: it is not of the form name=secret']],
    [`eu west=${one}`, ['has a mistake in entry 1: its name is none']],
    ['eu=', ['has a mistake in entry 1: its secret is a well-known word']],
    ['eu=changeme', ['has a mistake in entry 1: its secret is a well-known word']],
    ['eu=0123456789abcde', ['has a mistake in entry 1: its secret is shorter than 16 characters']],
    [`eu=${one} ${two}`, ['has a mistake in entry 1: its secret has a character that cannot stand in a header']],
    [`eu=${one},us=${two},asia=${one}`, ['has the same secret in entries 1 and 3']],
    [`eu=${one},eu=${one}`, ['has the same secret in entries 1 and 2']],
    [`eu=${one},eu=${two},eu=${three}`, ['has the same name in entries 1 and 2 and 3']],
    [
      `eu=short,${one},us=${two}`,
      [
        'has a mistake in entry 1: its secret is shorter than 16 characters',
        'has a mistake in entry 2: it is not of the form name=secret',
      ],
    ],
  ])('%j', (text, messages) => {
    for (const name of ['PAWL_ARGOCD_TOKENS', 'PAWL_FLUX_SECRETS']) {
      const problems = problemsOf({ ...good, [name]: text });
      expect(problems).toEqual(messages.map((message) => expect.stringContaining(`${name} ${message}. `)));
      expect(problems.join()).not.toMatch(/0123|fedc|just-a-token|changeme/);
    }
  });

  test('may stand in a file, one a line', () => {
    const on = files({ '/tokens': `eu=${one}\r\nus=${two}\n` });
    expect(settingsOf({ ...good, PAWL_ARGOCD_TOKENS_PATH: '/tokens' }, on).argocdTokens).toEqual([
      { name: 'eu', secret: one },
      { name: 'us', secret: two },
    ]);
    expect(problemsOf({ ...good, PAWL_ARGOCD_TOKENS_PATH: '/tokens' }, files({ '/tokens': 'nothing' }))).toEqual([
      expect.stringContaining('PAWL_ARGOCD_TOKENS_PATH has a mistake in entry 1'),
    ]);
  });

  test('are not more than can be tried for every report', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `c${index}=0123456789abcdef${index}`).join();
    expect(problemsOf({ ...good, PAWL_FLUX_SECRETS: many(200) })).toEqual([]);
    expect(problemsOf({ ...good, PAWL_FLUX_SECRETS: many(201) })).toEqual([
      expect.stringContaining('PAWL_FLUX_SECRETS has more than 200 entries.'),
    ]);
  });
});

describe('addresses', () => {
  test.each(['https://api.acme.ghe.com', 'http://localhost:4000', 'http://127.0.0.1:80/api', 'http://[::1]:4000'])(
    'GITHUB_API_URL may be %s',
    (url) => {
      expect(settingsOf({ ...good, GITHUB_API_URL: url }).githubApiUrl).toBe(new URL(url).href.replace(/\/$/, ''));
    },
  );

  test.each([
    ['http://api.github.com', 'does not begin with https://'],
    ['http://127.0.0.1.example.com', 'does not begin with https://'],
    ['ftp://api.github.com', 'does not begin with https://'],
    ['api.github.com', 'is not an address'],
    ['https://user:pass@api.github.com', 'holds more than a host and a path'],
    ['https://api.github.com/?a=b', 'holds more than a host and a path'],
  ])('GITHUB_API_URL may not be %s', (url, message) => {
    expect(problemsOf({ ...good, GITHUB_API_URL: url })).toEqual([
      expect.stringContaining(`GITHUB_API_URL ${message}`),
    ]);
  });

  test.each(['0', '1', '65535'])('PORT may be %s', (port) => {
    expect(settingsOf({ ...good, PORT: port }).port).toBe(Number(port));
  });

  test.each(['-1', '65536', '3000x', '0x10', '3e3', 'http'])('PORT may not be %s', (port) => {
    expect(problemsOf({ ...good, PORT: port })).toEqual([expect.stringContaining('PORT is not a port.')]);
  });

  test.each(['0.0.0.0', '::1', 'localhost', 'pawl.internal'])('HOST may be %s', (host) => {
    expect(settingsOf({ ...good, HOST: host }).host).toBe(host);
  });
});

test('a misspelt name is told with the right one; what Kubernetes sets for a service named pawl is left alone', () => {
  expect(problemsOf({ ...good, PAWL_FLUX_SECRET: 'x' })).toEqual([
    'PAWL_FLUX_SECRET is not a setting. Did you mean PAWL_FLUX_SECRETS?',
  ]);
  const kubernetes = {
    PAWL_SERVICE_HOST: '10.0.0.1',
    PAWL_SERVICE_PORT: '80',
    PAWL_SERVICE_PORT_HTTP: '80',
    PAWL_PORT: 'tcp://10.0.0.1:80',
    PAWL_PORT_80_TCP: 'tcp://10.0.0.1:80',
    PAWL_PORT_80_TCP_ADDR: '10.0.0.1',
    PAWL_FRONT_SERVICE_HOST: '10.0.0.2',
  };
  expect(problemsOf({ ...good, ...kubernetes })).toEqual([]);
});

describe('on the disk', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pawl-settings-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('the data folder is made when it is missing, and nothing is left in it', () => {
    const data = join(folder, 'a', 'b');
    settingsOf({ ...good, DATA_DIR: data }, filesOnDisk);
    expect(existsSync(data)).toBe(true);
    expect(readdirSync(data)).toEqual([]);
  });

  test('a data folder that is a file is a mistake', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(problemsOf({ ...good, DATA_DIR: file }, filesOnDisk)).toEqual([
      expect.stringContaining('DATA_DIR names a folder that cannot be written (E'),
    ]);
  });

  test('a data folder that may not be written is a mistake', () => {
    chmodSync(folder, 0o500);
    // Root may write everywhere, but not below what is no folder.
    const closed = process.getuid?.() === 0 ? '/dev/null/pawl' : folder;
    expect(problemsOf({ ...good, DATA_DIR: closed }, filesOnDisk)).toEqual([
      expect.stringMatching(/DATA_DIR names a folder that cannot be written \(E(?:ACCES|NOTDIR)\)/),
    ]);
    chmodSync(folder, 0o700);
  });

  test('the private key is read from its file', () => {
    const path = join(folder, 'key.pem');
    writeFileSync(path, pkcs1);
    const { PRIVATE_KEY: _given, ...rest } = good;
    expect(settingsOf({ ...rest, DATA_DIR: folder, PRIVATE_KEY_PATH: path }, filesOnDisk).privateKey).toBe(pem);
  });
});

test('the documentation has exactly the settings there are', () => {
  const text = readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8');
  const rows = settingRows.map(({ name, fallback, summary }) => {
    const shown = fallback === undefined ? 'must be set' : fallback === 'none' ? 'none' : `\`${fallback}\``;
    return `| \`${name}\` | ${shown} | ${summary} |`;
  });
  expect(text).toContain(`| Setting | Default | Meaning |\n|---|---|---|\n${rows.join('\n')}\n\n`);
});
