import { z } from 'zod';
import type { Reason } from '../domain/reason.ts';

/** The last decision about an application, as it is kept: for people who ask why, and for what waits for something. */
export type DecisionRecord = readonly LaneRecord[];

export interface LaneRecord {
  /** `web in staging`, or the application alone where nothing could be decided about its lanes. */
  readonly lane: string;
  readonly why: Reason;
  /** GitHub's words, where the decision could not be carried out. */
  readonly failure?: string | undefined;
}

/** A code is whatever the loop wrote: a later version may know more of them. */
const codeShape = z.custom<Reason['code']>((value) => typeof value === 'string');

const reasonShape: z.ZodType<Reason> = z.lazy(() =>
  z.object({ code: codeShape, text: z.string(), children: z.array(reasonShape) }),
);
const recordShape = z.object({
  lanes: z.array(z.object({ lane: z.string(), why: reasonShape, failure: z.string().optional() })),
});

export function renderDecision(lanes: DecisionRecord): string {
  return JSON.stringify({ lanes });
}

/** Inverse of `renderDecision`. Throws on anything else: only the loop writes these. */
export function parseDecision(text: string): DecisionRecord {
  return recordShape.parse(JSON.parse(text)).lanes;
}
