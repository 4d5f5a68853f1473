import type { EnvironmentState, Snapshot, TargetState } from './snapshot.ts';

/**
 * The Snapshot without targets that were found and that the application is not in: a folder of another application may
 * have made them. One in which a missing file would be made counts. Targets that the configuration lists are meant.
 */
export function withPresentTargets(snapshot: Snapshot): Snapshot {
  return { ...snapshot, environments: snapshot.environments.map(presentIn) };
}

function presentIn(state: EnvironmentState): EnvironmentState {
  const { environment, targets } = state;
  // Of another repo only what was synced is read.
  if (environment.found === undefined || environment.repo !== undefined) return state;
  return { ...state, targets: targets.filter(isPresent) };
}

function isPresent({ spec, files }: TargetState): boolean {
  return spec.files.some(({ path, create }) => create !== undefined || (files[path]?.kind ?? 'missing') !== 'missing');
}
