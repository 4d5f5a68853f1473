import { type Mistake, quote } from './mistake.ts';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export interface DurationRange {
  /** As people write it: `1m`. */
  readonly least: string;
  readonly most: string;
}

/** How long an open pull request whose source went bad may stay: shorter flaps, longer leaves a bad proposal standing. */
export const withdrawAfterRange: DurationRange = { least: '1m', most: '7d' };

/** Milliseconds of a text such as `90s`, `15m`, `1h` or `2d`, within a range; otherwise what is wrong with it. */
export function parseDuration(text: string, range: DurationRange): { readonly ms: number } | Mistake {
  const ms = durationMs(text);
  if (ms === undefined) return malformed(text);
  const leastMs = durationMs(range.least) ?? 0;
  const mostMs = durationMs(range.most) ?? Number.MAX_SAFE_INTEGER;
  if (ms >= leastMs && ms <= mostMs) return { ms };
  return {
    message: `${quote(text)} is too ${ms < leastMs ? 'short' : 'long'}.`,
    hint: `Write a duration from \`${range.least}\` to \`${range.most}\`.`,
  };
}

/** Digits of the number in a duration: more cannot be within any range. */
const wholeNumber = /^(\d{1,9})([smhd])$/;

function durationMs(text: string): number | undefined {
  const [, digits, unit] = wholeNumber.exec(text) ?? [];
  if (digits === undefined) return undefined;
  switch (unit) {
    case 's':
    case 'm':
    case 'h':
    case 'd':
      return Number(digits) * unitMs[unit];
    default:
      return undefined;
  }
}

function malformed(text: string): Mistake {
  const hint = 'Write a whole number and one unit, `s`, `m`, `h` or `d`: `90s`, `15m`, `1h`, `2d`.';
  if (text.startsWith('-')) return { message: `${quote(text)} is negative: a duration cannot be.`, hint };
  if (/^\d+(\.\d+)?$/.test(text)) return { message: `${quote(text)} has no unit.`, hint };
  return { message: `${quote(text)} is no duration.`, hint };
}
