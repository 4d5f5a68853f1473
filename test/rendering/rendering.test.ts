import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, withoutHelm, withoutKubectl } from '../tools/kubernetes.ts';
import { withConfigCase } from './config-case.ts';
import { differences, imagesIn, renderedOf } from './rendered.ts';

/** What the tools that controllers use make of a config repo before and after a promotion. */
interface Rendering {
  readonly name: string;
  /** Renders one place of the repo in this folder. */
  readonly render: (root: string) => string;
  /** Every image that runs afterwards. */
  readonly images: readonly string[];
  /** Everything that differs in the rendered objects. */
  readonly changed: readonly string[];
}

const kustomize = (folder: string, ...args: readonly string[]) => {
  return (root: string) => run('kubectl', ['kustomize', folder, ...args], { cwd: root });
};
const image = (index: number) => `spec.template.spec.containers.${index}.image`;
const [oldDigest, newDigest] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];

const nested = {
  images: ['acme/web:v2'],
  changed: ['ConfigMap versions data.FEATURES: f1 → f2', `Deployment web ${image(0)}: acme/web:v1 → acme/web:v2`],
};

const renderings: readonly Rendering[] = [
  {
    name: 'kustomize-images',
    render: kustomize('apps/web/staging'),
    images: [
      `docker.io/library/nginx@${newDigest}`,
      'ghcr.io/acme/tool:v8',
      'mirror.acme.test/acme/web:1.10',
      'registry.acme.test/new/sidecar:v2',
    ],
    changed: [
      `Deployment web ${image(0)}: mirror.acme.test/acme/web:1.9 → mirror.acme.test/acme/web:1.10`,
      `Deployment web ${image(1)}: docker.io/library/nginx@${oldDigest} → docker.io/library/nginx@${newDigest}`,
      `Deployment web ${image(2)}: registry.acme.test/old/sidecar:v1 → registry.acme.test/new/sidecar:v2`,
    ],
  },
  {
    name: 'kustomize-patches',
    render: kustomize('apps/web/staging'),
    images: ['acme/cache:v2', 'acme/job:v2', 'acme/web:v2', `acme/worker:v2@${newDigest}`],
    changed: [
      `Deployment cache ${image(0)}: acme/cache:v1 → acme/cache:v2`,
      `Deployment job ${image(0)}: acme/job:v1 → acme/job:v2`,
      `Deployment web ${image(0)}: acme/web:v1 → acme/web:v2`,
      `Deployment worker ${image(0)}: acme/worker:v1@${oldDigest} → acme/worker:v2@${newDigest}`,
    ],
  },
  {
    name: 'kustomize-literals',
    render: kustomize('apps/web/staging'),
    images: ['acme/web:stable'],
    changed: [
      'ConfigMap settings data.SCHEMA_VERSION: 41 → 42',
      'ConfigMap settings metadata.name: settings-mdhbd66cfh → settings-8h26mk7k6b',
      'ConfigMap versions data.WEB_TAG: v1 → v2',
      'ConfigMap versions metadata.name: versions-56cfhh46b8 → versions-9kf52994df',
      'Deployment web spec.template.spec.containers.0.envFrom.0.configMapRef.name: versions-56cfhh46b8 → versions-9kf52994df',
      'Deployment web spec.template.spec.containers.0.envFrom.1.configMapRef.name: settings-mdhbd66cfh → settings-8h26mk7k6b',
    ],
  },
  { name: 'nested-overlays', render: kustomize('apps/web/overlays/staging/eu'), ...nested },
  { name: 'nested-overlays', render: kustomize('apps/web/overlays/staging/us'), ...nested },
  {
    name: 'components',
    render: kustomize('apps/web/overlays/staging'),
    images: ['acme/tool:v5', 'acme/web:v2'],
    changed: [`Deployment staging-web ${image(0)}: acme/web:v1 → acme/web:v2`],
  },
  {
    name: 'manifests',
    render: kustomize('staging/web'),
    images: ['acme/migrate:v2', `acme/proxy:v2@${newDigest}`, 'acme/tool:v6', 'acme/wait:v2', 'acme/web:v2'],
    changed: [
      `CronJob migrate spec.jobTemplate.${image(0)}: acme/migrate:v1 → acme/migrate:v2`,
      'CronJob migrate spec.jobTemplate.spec.template.spec.initContainers.0.image: acme/wait:v1 → acme/wait:v2',
      `Deployment web ${image(0)}: acme/web:v1 → acme/web:v2`,
      `Deployment web ${image(1)}: acme/proxy:v1@${oldDigest} → acme/proxy:v2@${newDigest}`,
    ],
  },
  {
    name: 'whole-folder',
    render: kustomize('envs/staging/web'),
    images: ['acme/proxy:v1', 'acme/web:v2'],
    changed: [
      'ConfigMap old removed',
      'ConfigMap rules added',
      `Deployment web ${image(0)}: acme/web:v1 → acme/web:v2`,
      `Deployment web ${image(1)}: absent → acme/proxy:v1`,
      'Deployment web spec.template.spec.containers.1.name: absent → proxy',
    ],
  },
];

describe('kubectl kustomize renders what was promoted and nothing else anew', () => {
  test.skipIf(withoutKubectl).each(renderings)('$name', expectRendering);

  test.skipIf(withoutKubectl || withoutHelm)('a chart that it inflates with Helm', () => {
    expectRendering({
      name: 'kustomize-helm',
      render: (root) => {
        const args = ['--enable-helm', '--helm-command', helmForKustomize(root)];
        // The charts are beside the application, as they are for several of one repo.
        return kustomize('apps/web/staging', ...args, '--load-restrictor', 'LoadRestrictionsNone')(root);
      },
      images: ['docker.io/library/redis:7.4'],
      changed: [`Deployment cache-redis ${image(0)}: docker.io/library/redis:7.2 → docker.io/library/redis:7.4`],
    });
  });
});

describe('helm template renders what was promoted and nothing else anew', () => {
  test.skipIf(withoutHelm)('values: an image map, an image in one text, a registry of all, an empty tag', () => {
    expectRendering({
      name: 'helm-values',
      render: (root) => helm(root, ['template', 'web', 'charts/web', '--values', 'charts/web/values-staging.yaml']),
      images: ['ghcr.io/acme/worker:v2', 'new.acme.test/acme/cache:v3', 'new.acme.test/acme/web:1.10'],
      changed: [
        `Deployment cache ${image(0)}: old.acme.test/acme/cache:v2 → new.acme.test/acme/cache:v3`,
        `Deployment web ${image(0)}: old.acme.test/acme/web:1.9 → new.acme.test/acme/web:1.10`,
        `Deployment worker ${image(0)}: ghcr.io/acme/worker:v1 → ghcr.io/acme/worker:v2`,
      ],
    });
  });

  test.skipIf(withoutHelm)('dependencies, whose Chart.lock Helm takes for its own', () => {
    expectRendering({
      name: 'helm-dependencies',
      render: (root) => {
        // The repository of charts holds what the environment asks for.
        const version = root.endsWith('before') ? '1.9.0' : '1.10.0';
        cpSync(join(root, 'published', version), join(root, 'charts/redis'), { recursive: true });
        helm(root, ['dependency', 'build', 'umbrellas/web/staging']);
        return helm(root, ['template', 'web', 'umbrellas/web/staging']);
      },
      images: ['docker.io/library/redis:7.4'],
      changed: ['queue', 'redis'].map(
        (name) => `Deployment web-${name} ${image(0)}: docker.io/library/redis:7.2 → docker.io/library/redis:7.4`,
      ),
    });
  });
});

function expectRendering({ name, render, images, changed }: Rendering): void {
  withConfigCase(name, ({ before, after, decision }) => {
    expect(decision.proposal?.leftOut).toEqual([]);
    const [from, to] = [renderedOf(render(before)), renderedOf(render(after))];
    expect(differences(from, to)).toEqual(changed);
    expect([...imagesIn(to)].sort()).toEqual(images);
  });
}

/** Kustomize asks for the version with a switch that Helm 4 does not have, and takes Helm 3 only; what it calls is the same. */
function helmForKustomize(root: string): string {
  const path = join(dirname(root), 'helm-for-kustomize');
  writeFileSync(path, '#!/bin/sh\n[ "$1" = version ] && { echo v3.18.0; exit; }\nexec helm "$@"\n');
  chmodSync(path, 0o755);
  return path;
}

/** Helm with folders of its own, so that nothing on the machine has a say. */
function helm(root: string, args: readonly string[]): string {
  const home = join(dirname(root), 'helm');
  const env = { HELM_CACHE_HOME: `${home}/cache`, HELM_CONFIG_HOME: `${home}/config`, HELM_DATA_HOME: `${home}/data` };
  return run('helm', args, { cwd: root, env });
}
