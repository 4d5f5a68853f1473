/**
 * What the hidden marker of a pull request says. It helps to find out whether a text would say anything new; nothing is ever
 * decided by it, since anybody who can edit the text can write it.
 */
export interface Marker {
  /** `environment/application`. */
  readonly lane: string;
  /** First characters of the candidate's hash. */
  readonly candidate: string;
  /** Hash of everything the text says, times left out. */
  readonly says: string;
  /** Hash of the title as it was set, so that a title a person changed is left alone. */
  readonly title: string;
}

const markerPattern = /<!-- pawl:v1 lane=(\S+) candidate=(\S+) says=(\S+) title=(\S+) -->/;

export function renderMarker({ lane, candidate, says, title }: Marker): string {
  return `<!-- pawl:v1 lane=${lane} candidate=${candidate} says=${says} title=${title} -->`;
}

/** Inverse of `renderMarker`; undefined when the text holds none. */
export function parseMarker(text: string): Marker | undefined {
  const [, lane, candidate, says, title] = markerPattern.exec(text) ?? [];
  if (lane === undefined || candidate === undefined || says === undefined || title === undefined) return undefined;
  return { lane, candidate, says, title };
}

/** A browser sends the whole body with carriage returns when a person edits it. */
const statusPattern = /<!-- pawl:status (\S+) -->\r?\n([\s\S]*?)\r?\n<!-- pawl:status end -->/;

/** The part at the top that says how things stand, with a key that tells one state from another. */
export function renderStatus(key: string, text: string): string {
  return `<!-- pawl:status ${key} -->\n${text}\n<!-- pawl:status end -->`;
}

/** The key of the status a body shows; undefined when it shows none. Inverse of `renderStatus`. */
export function parseStatus(body: string): string | undefined {
  return statusPattern.exec(body)?.[1];
}

/** A body with another status at its top; everything else stays, whoever wrote it. */
export function withStatus(body: string, key: string, text: string): string {
  const status = renderStatus(key, text);
  return statusPattern.test(body) ? body.replace(statusPattern, () => status) : `${status}\n\n${body}`;
}

const regionPattern = /<!-- pawl:begin -->[\s\S]*<!-- pawl:end -->/;

/** Our part of a body, to be put where the old one was; what people wrote around it stays. */
export function withRegion(body: string | undefined, region: string): string {
  const ours = `<!-- pawl:begin -->\n${region}\n<!-- pawl:end -->`;
  if (body === undefined || body.trim() === '') return ours;
  return regionPattern.test(body) ? body.replace(regionPattern, () => ours) : `${ours}\n\n${body}`;
}
