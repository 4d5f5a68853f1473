import { expect, test } from 'vitest';
import { configFile, kustomization } from '../harness/config-repo.ts';
import { tellStories } from '../harness/story.ts';

/** A product of three applications that ship together, and one that is none of them. */
const applications = ['cart', 'pay', 'ship', 'blog'] as const;
const environments = ['dev', 'staging', 'production'] as const;
const path = (application: string, environment: string): string =>
  `apps/${application}/${environment}/kustomization.yaml`;

const files = {
  [configFile]: `version: 1
environments:
  dev: {}
  staging: { after: dev }
  production: { after: staging }
groups:
  shop: { applications: [cart, pay, ship], batch: { production: 2 } }
applications:
  - path: apps/{application}/{environment}
    promote:
      - images: ["*"]
syncs:
  - source: argocd
    application: "{application}-{environment}"
limits: { openPullRequests: 100, newPullRequestsPerHour: 100, newPullRequestsFirstHour: 100 }
`,
  ...Object.fromEntries(
    applications.flatMap((application) =>
      environments.map((environment) => [path(application, environment), kustomization(application, '1.0')] as const),
    ),
  ),
};
const story = tellStories({ files });

const shop = (environment: string) => ({ application: 'shop', environment });

async function release(application: string, version: string): Promise<void> {
  const revision = await story().push({ [path(application, 'dev')]: kustomization(application, version) });
  await story().runs({ application, environment: 'dev', revision });
}

test('reports about members open one pull request, which every further one joins', async () => {
  await release('cart', '2.0');
  const { number } = story().open(shop('staging'));
  await release('pay', '3.0');
  await release('blog', '9.0');
  const pull = story().open(shop('staging'));
  expect(pull.number).toBe(number);
  expect(pull.title).toBe('Promote shop to staging');
  expect(pull.body).toContain('| cart | `ghcr.io/acme/cart` | `1.0` | **`2.0`** |');
  expect(pull.body).toContain('| pay | `ghcr.io/acme/pay` | `1.0` | **`3.0`** |');
  expect(pull.body).not.toContain('blog');
  expect(story().open({ application: 'blog', environment: 'staging' }).title).toBe('Promote blog 9.0 to staging');
});

test('a member that turns bad is named and left out, and the others stay in', async () => {
  await story().runs({ application: 'pay', environment: 'dev', state: 'degraded' });
  const pull = story().open(shop('staging'));
  expect(pull.draft).toBe(false);
  expect(pull.body).toContain('`pay` dev does not prove a candidate for staging.');
  expect(story().file(path('pay', 'staging'), 'promote/staging/shop')).toBe(kustomization('pay', '1.0'));
  expect(story().file(path('cart', 'staging'), 'promote/staging/shop')).toBe(kustomization('cart', '2.0'));
});

test('it comes back in when it is well again, and the merge moves all of them at once', async () => {
  await story().runs({ application: 'pay', environment: 'dev' });
  await release('ship', '4.0');
  await story().merge(shop('staging'));
  for (const [application, version] of [
    ['cart', '2.0'],
    ['pay', '3.0'],
    ['ship', '4.0'],
  ] as const) {
    expect(story().file(path(application, 'staging'))).toBe(kustomization(application, version));
  }
  expect(story().file(path('blog', 'staging'))).toBe(kustomization('blog', '1.0'));
});

test('the limit of an environment moves two at a time, and the third with the next pull request', async () => {
  for (const application of ['cart', 'pay', 'ship']) await story().runs({ application, environment: 'staging' });
  expect(story().open(shop('production')).body).toContain(
    '`ship` waits for the next pull request: at most 2 applications move in one.',
  );
  await story().merge(shop('production'));
  expect(story().file(path('cart', 'production'))).toBe(kustomization('cart', '2.0'));
  expect(story().file(path('pay', 'production'))).toBe(kustomization('pay', '3.0'));
  expect(story().file(path('ship', 'production'))).toBe(kustomization('ship', '1.0'));
  await story().merge(shop('production'));
  expect(story().file(path('ship', 'production'))).toBe(kustomization('ship', '4.0'));
  expect(story().openCount(shop('production'))).toBe(0);
});

test('a person who closes it declines what it carried; a newer version of one member is offered', async () => {
  await release('cart', '2.1');
  await story().close(shop('staging'));
  await story().runs({ application: 'cart', environment: 'dev' });
  expect(story().openCount(shop('staging'))).toBe(0);
  await release('pay', '3.1');
  expect(story().open(shop('staging')).body).toContain('| pay | `ghcr.io/acme/pay` | `3.0` | **`3.1`** |');
});
