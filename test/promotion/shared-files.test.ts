import { describe, expect, test } from 'vitest';
import { decisionOn, textsOf } from '../build/a-snapshot-of.ts';

const syncs = `syncs:
  - { source: argocd, application: "{application}-{environment}[-{target}]" }
`;

describe('a file that several have fields in is written once, with the changes of all', () => {
  test('targets of one environment', () => {
    const config = `version: 1
environments: { dev: {}, production: { after: dev, targets: [eu, us] } }
applications:
  - path: apps/{application}
    promote:
      - { keys: ["{environment}.{target}.tag"], in: values.yaml }
${syncs}`;
    const values = (eu: string, us: string): string =>
      `dev:\n  dev: { tag: v2 }\nproduction:\n  eu: { tag: ${eu} }\n  us: { tag: ${us} }\n`;
    const decision = decisionOn({ config, files: { 'apps/web/values.yaml': values('v1', 'v1') } }, 'production');
    expect(textsOf(decision)).toEqual({ 'apps/web/values.yaml': values('v2', 'v2') });
  });

  test('members of a group', () => {
    const config = `version: 1
environments: { dev: {}, staging: { after: dev } }
groups: { shop: { applications: [cart, pay] } }
applications:
  - { name: cart, path: "env/{environment}", promote: [{ keys: [cart.tag], in: tags.yaml }] }
  - { name: pay, path: "env/{environment}", promote: [{ keys: [pay.tag], in: tags.yaml }] }
${syncs}`;
    const tags = (cart: string, pay: string): string => `cart: { tag: ${cart} }\npay: { tag: ${pay} }\n`;
    const files = { 'env/dev/tags.yaml': tags('v2', 'v7'), 'env/staging/tags.yaml': tags('v1', 'v6') };
    const decision = decisionOn({ config, application: 'shop', files }, 'staging');
    expect(textsOf(decision)).toEqual({ 'env/staging/tags.yaml': tags('v2', 'v7') });
  });
});

test('a file that cannot be read keeps back what every rule selects in it, in all targets', () => {
  const config = `version: 1
environments: { dev: {}, production: { after: dev, targets: [eu, us] } }
applications:
  - path: apps/{application}/{environment}[/{target}]
    promote: [{ keys: [web.tag] }, { keys: [api.tag] }, { images: ["*"] }]
${syncs}`;
  const values = (tag: string): string => `web: { tag: ${tag} }\napi: { tag: ${tag} }\n`;
  const image = (tag: string): string => `images:\n- name: web\n  newTag: ${tag}\n`;
  const decision = decisionOn(
    {
      config,
      files: {
        'apps/web/dev/values.yaml': values('v2'),
        'apps/web/production/eu/values.yaml': values('v1'),
        'apps/web/production/us/values.yaml': 'a: [',
        'apps/web/dev/kustomization.yaml': image('v2'),
        'apps/web/production/eu/kustomization.yaml': image('v1'),
        'apps/web/production/us/kustomization.yaml': image('v1'),
      },
    },
    'production',
  );
  expect(textsOf(decision)).toEqual({
    'apps/web/production/eu/kustomization.yaml': image('v2'),
    'apps/web/production/us/kustomization.yaml': image('v2'),
  });
  expect(new Set(decision.proposal?.changes.map(({ artifact }) => artifact))).toEqual(new Set(['web']));
});
