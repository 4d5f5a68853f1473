import type { ApplicationSpec, Config, EnvironmentSpec, Group, TargetSpec } from './config.ts';
import { fitsGlob } from './glob.ts';

/** The group an application is promoted with, if it is in one; the first that fits. What a group is called is no application. */
export function groupOf(config: Config, application: string): Group | undefined {
  if (groupNamed(config, application) !== undefined) return undefined;
  return config.groups.find(({ applications }) => applications.some((pattern) => fitsGlob(pattern, application)));
}

export function groupNamed({ groups }: Config, name: string): Group | undefined {
  return groups.find((group) => group.name === name);
}

/** The members among some applications that no earlier group has. */
export function membersOf(config: Config, group: Group, applications: readonly string[]): readonly string[] {
  return applications.filter((application) => groupOf(config, application) === group).sort();
}

/**
 * A group as one application: every environment has the targets of all members, and comes after what it comes after for any of
 * them. Slots are told apart by the member, so that files of different members never correspond.
 */
export function groupSpec(name: string, members: readonly ApplicationSpec[]): ApplicationSpec {
  const environments = new Map<string, EnvironmentSpec>();
  for (const member of members) {
    for (const { environment, targets } of member.environments) {
      const before = environments.get(environment.name);
      const after = [...new Set([...(before?.environment.after ?? []), ...environment.after])];
      const all = [...(before?.targets ?? []), ...targets.map((target) => ofMember(member.name, target))];
      environments.set(environment.name, { environment: { ...environment, after }, targets: all });
    }
  }
  return { name, environments: [...environments.values()] };
}

function ofMember(member: string, target: TargetSpec): TargetSpec {
  return { ...target, files: target.files.map((file) => ({ ...file, slot: `${member}: ${file.slot}` })) };
}
