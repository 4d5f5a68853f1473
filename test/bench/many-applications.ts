export interface Size {
  readonly applications: number;
}

const config = `version: 1
environments:
  dev:
  staging:
    after: dev
  production:
    after: staging
    targets: [eu, us]
applications:
  - path: apps/{application}/{environment}[/{target}]
    promote:
      - images: ["*"]
syncs:
  - source: argocd
    application: "{application}-{environment}[-{target}]"
  - source: flux
    cluster: "{environment}[-{target}]"
    kustomization: "{application}"
limits:
  openPullRequests: 100
  newPullRequestsPerHour: 100
  newPullRequestsFirstHour: 100
`;

/** What every application runs everywhere in the beginning, so that there is nothing to promote. */
const firstVersion = '1.0.0';

const places = ['dev', 'staging', 'production/eu', 'production/us'] as const;
export type Place = (typeof places)[number];

/** A config repo as large as wanted: the promotion order of the worked example, one small Kustomize overlay for each place. */
export function manyApplications({ applications }: Size): Readonly<Record<string, string>> {
  const names = Array.from({ length: applications }, (_, index) => applicationName(index));
  const files = names.flatMap((name) =>
    places.map((place) => [`apps/${name}/${place}/kustomization.yaml`, overlay(name, place)] as const),
  );
  return { '.github/pawl.yaml': config, 'README.md': '# Environments\n', ...Object.fromEntries(files) };
}

/** `app-0001` for 0. */
export function applicationName(index: number): string {
  return `app-${String(index + 1).padStart(4, '0')}`;
}

export function versionFile(application: string, place: Place): string {
  return `apps/${application}/${place}/kustomization.yaml`;
}

function overlay(name: string, place: string): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${name}
resources:
  - ${place.includes('/') ? '../../base' : '../base'}

images:
  - name: ghcr.io/acme/${name}
    newTag: "${firstVersion}" # of ${place}

replicas:
  - name: ${name}
    count: ${place === 'dev' ? 1 : 3}
`;
}
