import { type ApplicationSource, parameterNames } from './argocd-sources.ts';
import { keyPathOf } from './artifact-selector.ts';
import type { Refusal } from './editor.ts';
import type { Segment } from './yaml-locate.ts';
import type { Site, Sites } from './yaml-sites.ts';

/** Sites of values without those that a parameter of the same source overrides: Helm takes the parameter, whatever they say. */
export function refuseOverridden({ sites, refusals }: Sites, sources: readonly ApplicationSource[]): Sites {
  const overridden = new Map<Site, Refusal>();
  for (const site of sites) {
    const names = sources.flatMap((source) => (holds(source, placeOf(site)) ? parameterNames(source) : []));
    const name = names.find((each) => overrides(each, site));
    if (name !== undefined) overridden.set(site, overriddenBy(site, name));
  }
  return { sites: sites.filter((site) => !overridden.has(site)), refusals: [...refusals, ...overridden.values()] };
}

function placeOf(site: Site): readonly Segment[] {
  const spot = site.kind === 'embedded' ? site.within : site.spots[0];
  return spot === undefined ? [] : [spot.document, ...spot.at.segments];
}

function holds({ document, steps }: ApplicationSource, place: readonly Segment[]): boolean {
  return [document, ...steps].every((step, index) => step === place[index]);
}

/** Whether a parameter says what a value says, or says a part of the image that it is. */
function overrides(parameter: string, { artifact }: Site): boolean {
  const path = keyPathOf(artifact) ?? '';
  return parameter === path || ['tag', 'digest', 'sha'].some((part) => parameter === `${path}.${part}`);
}

function overriddenBy({ artifact, unit }: Site, parameter: string): Refusal {
  const reason = `${artifact} is not what runs: the parameter ${parameter} of the same source overrides it. Select \`parameter/${parameter}\`, or remove one of the two.`;
  return { line: undefined, artifact, unit, reason };
}
