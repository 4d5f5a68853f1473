import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = new URL('../..', import.meta.url).pathname;

export type RepoFiles = Readonly<Record<string, string>>;

export const configFile = '.github/pawl.yaml';

/** More than a story ever opens: how many are opened is the theme of some stories only. */
export const wideLimits = `limits:
  openPullRequests: 100
  newPullRequestsPerHour: 100
  newPullRequestsFirstHour: 100
`;

/** The files of `environments/`, by path within it; with limits that do not get in a story's way. */
export function exampleFiles(): RepoFiles {
  const folder = join(root, 'environments');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path, 'utf8')];
    }),
  );
  return { ...files, [configFile]: `${files[configFile]}${wideLimits}` };
}

/** Places of the worked example: environments, and the targets of those that have some. */
const targetsOf: Readonly<Record<string, readonly string[]>> = { production: ['eu', 'us'] };

export interface Place {
  readonly application: string;
  readonly environment: string;
}

/** Targets an environment of the worked example names; `undefined` for the one of an environment that names none. */
export function targetsIn(environment: string): readonly (string | undefined)[] {
  return targetsOf[environment] ?? [undefined];
}

/** Files of an application that hold versions, one for each target. */
export function versionFiles({ application, environment }: Place): readonly string[] {
  const name = application === 'search' ? 'values.yaml' : 'kustomization.yaml';
  return targetsIn(environment).map((target) => versionFile({ application, environment }, target, name));
}

function versionFile({ application, environment }: Place, target: string | undefined, name: string): string {
  return ['apps', application, environment, ...(target === undefined ? [] : [target]), name].join('/');
}

/** A small application with one image; its version in every environment named. */
export function smallApplication(name: string, versions: Readonly<Record<string, string>>): RepoFiles {
  const files = Object.entries(versions).flatMap(([environment, version]) =>
    versionFiles({ application: name, environment }).map((path) => [path, kustomization(name, version)] as const),
  );
  return Object.fromEntries(files);
}

export function kustomization(image: string, version: string): string {
  return `resources:\n  - ../base\nimages:\n  - name: ghcr.io/acme/${image}\n    newTag: "${version}"\n`;
}
