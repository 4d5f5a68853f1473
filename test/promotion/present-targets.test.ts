import { expect, test } from 'vitest';
import { decisionOn, textsOf } from '../build/a-snapshot-of.ts';

const told = (environments: string, promote: string) => `version: 1
environments: ${environments}
applications:
  - path: clusters/{target}/{application}
    promote: [${promote}]
syncs:
  - { source: argocd, application: "{application}-{environment}[-{target}]" }
`;
const images = '{ images: ["*"] }';
const foundIn = '{ dev: {}, staging: { after: dev, targets: { found: "clusters/s-*" } } }';
const file = (tag: string): string => `images:\n- name: web\n  newTag: ${tag}\n`;
const at = (cluster: string, application = 'web') => `clusters/${cluster}/${application}/kustomization.yaml`;
const files = { [at('dev')]: file('v2'), [at('s-1')]: file('v1'), [at('s-2', 'api')]: file('v1') };

test('a found target without a file of the application is none of its own', () => {
  const decision = decisionOn({ config: told(foundIn, images), files }, 'staging');
  expect(textsOf(decision)).toEqual({ [at('s-1')]: file('v2') });
});

test('one in which the file would be made counts', () => {
  const decision = decisionOn({ config: told(foundIn, '{ images: ["*"], create: true }'), files }, 'staging');
  expect(Object.keys(textsOf(decision))).toEqual([at('s-1'), at('s-2')]);
});

test('one that the configuration lists is meant', () => {
  const listed = '{ dev: {}, staging: { after: dev, targets: [s-1, s-2] } }';
  const { lane, why } = decisionOn({ config: told(listed, images), files }, 'staging');
  expect(lane.why.code).toBe('absent');
  expect(why).toContain(`${at('s-2')} does not exist. Create it first`);
});

test('an application that is in none of them says so', () => {
  const { [at('s-1')]: _, ...others } = files;
  const { lane, why } = decisionOn({ config: told(foundIn, images), files: others }, 'staging');
  expect(lane.why.code).toBe('absent');
  expect(why).toBe('web has no file in any target of staging. Create its files where it is to run.');
});
