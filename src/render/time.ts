const formatter = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `24 Nov 2026, 10:13 UTC` from epoch milliseconds. Absolute, so that a text need not be edited as time passes. */
export function utc(atMs: number): string {
  return `${formatter.format(atMs)} UTC`;
}
