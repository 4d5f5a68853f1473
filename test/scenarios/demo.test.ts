import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run demo`, without npm. */
async function runDemo(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  const child = spawn(process.execPath, ['test/demo/demo.ts', ...args], { cwd: root, env });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

describe('the demo', () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await runDemo([]);
  });

  test('ends well by itself', () => {
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
  });

  test('shows both pull requests as a reviewer reads them', () => {
    expect(ran.stdout).toContain('Promote web 1.9.0 to staging #1   pawl[bot]: promote/staging/web → main');
    expect(ran.stdout).toContain('Promote web 1.9.0 to production #2   pawl[bot]: promote/production/web → main');
    expect(ran.stdout).toMatch(/web +ghcr\.io\/acme\/web +us +1\.8\.1 +1\.9\.0/);
    expect(ran.stdout).toContain("+    newTag: '1.9.0'");
    expect(ran.stdout).toMatch(/Argo CD central:argocd\/web-dev/);
  });

  test('says that both are live, the second when Flux has reported both clusters', () => {
    expect(ran.stdout).toMatch(/#1 says now: Live in staging since/);
    expect(ran.stdout).toMatch(
      /eu healthy; #2 does not say live yet[\s\S]*us healthy\n +#2 says now: Live in production since/,
    );
  });

  test('sums up what changed and what it took', () => {
    const summary = ran.stdout.slice(ran.stdout.indexOf('\nPull requests\n'));
    expect(summary).toMatch(/Promote web 1\.9\.0 to staging: merged by alex\. Live in staging/);
    expect(summary).toMatch(/apps\/web\/staging\/kustomization\.yaml +2 of \d+ bytes differ +#1/);
    expect(summary).toMatch(/apps\/web\/production\/us\/kustomization\.yaml +2 of \d+ bytes differ +#2/);
    expect(summary).toMatch(/Requests to GitHub: \d+ in all/);
    expect(summary).toMatch(/\n {3}2 {3}Argo CD reports dev: the first one is opened/);
    expect(summary).toMatch(/Done in \d+\.\d s\.\n$/);
  });

  test('leaves a clone to look into, and no colours where nobody sees them', () => {
    const [, clone = ''] = /git -C (\S+) log/.exec(ran.stdout) ?? [];
    expect(existsSync(`${clone}/apps/web/staging/kustomization.yaml`)).toBe(true);
    rmSync(dirname(clone), { recursive: true });
    expect(ran.stdout).not.toContain('\u001B');
  });
});

test.each([
  [
    'without Git it says what is missing',
    [],
    { PATH: '/nonexistent' },
    1,
    /The demo failed .* the command `git` cannot be run/,
  ],
  ['an argument it does not know is refused', ['--kep'], {}, 2, /Usage: npm run demo \[-- --keep\]/],
])('%s', async (_title, args, env, code, message) => {
  const failed = await runDemo(args, { ...process.env, ...env });
  expect(failed.stderr).toMatch(message);
  expect(failed.code).toBe(code);
});
