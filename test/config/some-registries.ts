import { z } from 'zod';
import type { Registries } from '../../src/config/registries.ts';

const texts = z.array(z.string().min(1)).min(1).max(50);

/** Registries as the program has them, small enough to read. */
export const someRegistries: Registries = {
  editors: {
    images: {
      summary: 'Images of a Kustomization.',
      options: z.strictObject({ images: texts }),
      defaultFile: 'kustomization.yaml',
    },
    keys: {
      summary: 'Chosen keys of a YAML file.',
      options: z.strictObject({ keys: texts }),
      defaultFile: 'values.yaml',
    },
  },
  sources: {
    argocd: source(['instance', 'application', 'namespace', 'project', 'path'], undefined),
    flux: source(['cluster', 'environment', 'namespace', 'kustomization', 'path'], undefined),
    'github-status': source(['context'], 'status'),
    'github-deployment': source(['environment'], 'deployment_status'),
    'github-dispatch': source(['instance', 'application', 'namespace', 'project', 'path'], 'repository_dispatch'),
    'check-run': source(['name', 'app'], 'check_run'),
  },
};

function source(fields: readonly string[], event: string | undefined) {
  return {
    summary: 'A sync source.',
    fields: Object.fromEntries(fields.map((field) => [field, `The ${field}.`])),
    event,
    successOnly: false,
  };
}
