import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Story } from '../demo/story.ts';
import { World } from '../harness/world.ts';
import type { PullView } from '../local-github/reading.ts';
import { type Look, pageWidth, picturePage } from './picture-page.ts';

/**
 * `node test/generate/pictures.ts`: the pictures of the docs. Needs Chromium (or its path in `CHROMIUM`). The pull request is the one Pawl opens for the second
 * version of `web` on its way into production, on the worked example.
 */
const images = new URL('../../docs/images/', import.meta.url).pathname;

/** Any Chromium or Chrome. */
const browser = process.env['CHROMIUM'] ?? 'chromium';

/** Sharp on usual screens, and still small. */
const scale = 1.4;

const world = await World.start();
try {
  const pull = await secondIntoProduction(new Story(world));
  mkdirSync(images, { recursive: true });
  for (const look of ['light', 'dark'] as const) draw(pull, look);
} finally {
  await world.stop();
}

async function secondIntoProduction(story: Story): Promise<PullView> {
  const about = { application: 'web' } as const;
  let number = 0;
  for (const [from, to] of [
    ['1.8.2', '1.9.0'],
    ['1.9.0', '1.9.1'],
  ] as const) {
    const revision = await story.build('apps/web/dev/kustomization.yaml', from, to);
    const staging = story.opened(await story.report('argocd', { ...about, environment: 'dev', revision }, ''));
    const merged = await story.merge(staging.number);
    const report = { ...about, environment: 'staging', revision: merged };
    ({ number } = story.opened(await story.report('argocd', report, '')));
    if (to !== '1.9.1') await story.merge(number);
  }
  return story.pullRequest(number);
}

function draw(pull: PullView, look: Look): void {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-pictures-'));
  const page = join(folder, 'page.html');
  const picture = join(images, `pull-request-${look}.png`);
  writeFileSync(page, picturePage(pull, look));
  const [, height = ''] = /<title>(\d+)<\/title>/.exec(chromium(['--dump-dom', page])) ?? [];
  chromium([`--screenshot=${picture}`, `--window-size=${pageWidth},${height}`, page]);
  rmSync(folder, { recursive: true });
  console.log(`${picture}: ${statSync(picture).size} bytes`);
}

function chromium(args: readonly string[]): string {
  const always = [
    '--headless',
    '--no-sandbox',
    '--hide-scrollbars',
    '--disable-lcd-text',
    `--force-device-scale-factor=${scale}`,
  ];
  const ran = spawnSync(browser, [...always, ...args], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${browser} failed: ${ran.error?.message ?? ran.stderr}`);
  return ran.stdout;
}
