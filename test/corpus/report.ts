import type { Measured, Tried } from './measure.ts';

/** What was measured, as lines for people. The time of an edit apart, since it differs from run to run. */
export function renderReport({ files, unparsed, scalars, tried }: Measured): string {
  const right = tried.filter(({ outcome }) => outcome.kind === 'right');
  const refused = tried.flatMap(({ outcome }) => (outcome.kind === 'refused' ? [outcome.why] : []));
  const wrong = tried.flatMap((one) =>
    one.outcome.kind === 'wrong' ? [{ ...one, problems: one.outcome.problems }] : [],
  );
  const rows: readonly (readonly [string, number, string?])[] = [
    ['files', files, unparsed === 0 ? '' : `${unparsed} of them no YAML as they stand`],
    ['versions found', scalars],
    ['edits tried', tried.length],
    ['minimal and right', right.length, percent(right.length, tried.length)],
    ...counts(right.map(({ key = '' }) => `  by ${key}`)),
    ['refused', refused.length, percent(refused.length, tried.length)],
    ...counts(refused.map(({ title, isAccepted }) => `  ${isAccepted ? '' : 'NOT ACCEPTED: '}${title}`)),
    ['wrong', wrong.length],
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  return [
    ...rows.map(([title, count, note = '']) =>
      `${title.padEnd(width)}  ${String(count).padStart(6)}  ${note}`.trimEnd(),
    ),
    ...wrong.map(({ path, line, at, key, problems }) => `${path}:${line} ${at} (${key}): ${problems.join('; ')}`),
    ...unaccepted(tried),
  ].join('\n');
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** How often each text occurs, the most frequent first. */
function counts(texts: readonly string[]): readonly (readonly [string, number])[] {
  const found = new Map<string, number>();
  for (const text of texts) found.set(text, (found.get(text) ?? 0) + 1);
  return [...found].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** Places shown for refusals that are not accepted: enough to see what is wrong. */
const unacceptedMax = 20;

function unaccepted(tried: readonly Tried[]): readonly string[] {
  const places = tried.flatMap(({ path, line, at, outcome }) =>
    outcome.kind === 'refused' && !outcome.why.isAccepted ? [`${path}:${line} ${at}: ${outcome.why.title}`] : [],
  );
  const distinct = [...new Set(places)];
  const more = distinct.length - unacceptedMax;
  return more > 0 ? [...distinct.slice(0, unacceptedMax), `… and ${more} more places`] : distinct;
}

/** Whether everything is right, or refused for a reason that is right. */
export function isFlawless({ tried }: Measured): boolean {
  return tried.every(
    ({ outcome }) => outcome.kind === 'right' || (outcome.kind === 'refused' && outcome.why.isAccepted),
  );
}

/** The time of one edit: the middle, the slowest of a hundred, the mean. */
export function renderTimes({ tried }: Measured): string {
  const times = tried.flatMap(({ ms }) => (ms === undefined ? [] : [ms])).toSorted((a, b) => a - b);
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0).toFixed(2);
  const mean = times.reduce((sum, ms) => sum + ms, 0) / Math.max(1, times.length);
  return `ms for one edit: p50 ${at(0.5)}, p99 ${at(0.99)}, mean ${mean.toFixed(2)}`;
}
