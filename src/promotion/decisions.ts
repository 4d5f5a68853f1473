import { type Declined, declinedMax, type LaneDecisions } from '../domain/decision.ts';
import type { FileState } from '../domain/file-state.ts';
import { isName, type Lane } from '../domain/lane.ts';
import type { DecisionsRead } from './snapshot.ts';

/** The lane's file on the side branch. */
export function decisionsPath(lane: Lane): string {
  return `lanes/${lane.environment}/${lane.application}.json`;
}

/** The lane a file of the side branch belongs to; undefined for any other file. Inverse of `decisionsPath`. */
export function laneOfDecisions(path: string): Lane | undefined {
  const [, environment, application] = /^lanes\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
  if (environment === undefined || application === undefined) return undefined;
  return isName(environment) && isName(application) ? { application, environment } : undefined;
}

/** The file's text: JSON that a person can read and compare, newest decline last. */
export function renderDecisions(decisions: LaneDecisions): string {
  const declined = decisions.declined.slice(-declinedMax);
  return `${JSON.stringify({ version: 1, declined }, null, 2)}\n`;
}

/** Who changed a file of the side branch last. */
export interface ChangedBy {
  readonly app: boolean;
  readonly login: string;
}

/**
 * Inverse of `renderDecisions`. A file that anybody but the App changed, or that is damaged, is not trusted: the lane stops
 * and the reason says how to mend it.
 */
export function readDecisions(lane: Lane, file: FileState, changedBy: ChangedBy | undefined): DecisionsRead {
  const path = decisionsPath(lane);
  const mend = `Revert that commit on the branch pawl/state to go on.`;
  if (changedBy !== undefined && !changedBy.app) {
    return {
      ok: false,
      reason: `${path} on the branch pawl/state was changed by ${changedBy.login} and not by Pawl. ${mend}`,
    };
  }
  if (file.kind === 'missing') return { ok: true, decisions: { declined: [] } };
  if (file.kind === 'unreadable')
    return { ok: false, reason: `${path} on the branch pawl/state ${file.reason}. ${mend}` };
  const decisions = parseDecisions(file.text);
  if (decisions !== undefined) return { ok: true, decisions };
  return { ok: false, reason: `${path} on the branch pawl/state is damaged. ${mend}` };
}

/** Undefined for anything that is not exactly what `renderDecisions` writes. */
export function parseDecisions(text: string): LaneDecisions | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || value['version'] !== 1 || !Array.isArray(value['declined'])) return undefined;
  const declined = value['declined'].map(parseDeclined);
  return declined.every((one) => one !== undefined) ? { declined } : undefined;
}

function parseDeclined(value: unknown): Declined | undefined {
  if (!isRecord(value)) return undefined;
  const { candidate, pullRequest, by, atMs } = value;
  const valid =
    typeof candidate === 'string' &&
    typeof pullRequest === 'number' &&
    typeof by === 'string' &&
    typeof atMs === 'number';
  return valid ? { candidate, pullRequest, by, atMs } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
