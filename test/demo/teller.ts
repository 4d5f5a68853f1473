import { createPaint, type Paint, wantsColours } from './paint.ts';

/** Narrower than this, tables break; wider, text is hard to read. */
const widthMin = 80;
const widthMax = 120;

/** What the demo says, line by line, with the time since it began. */
export interface Teller {
  readonly paint: Paint;
  /** Columns that text may take. */
  readonly width: number;
  /** Seconds since the beginning. */
  seconds(): number;
  /** Something happened. */
  step(text: string): void;
  /** More about it. */
  detail(text: string): void;
  /** A text from elsewhere, shown as it is in a frame. */
  frame(title: string, lines: readonly string[]): void;
  heading(text: string): void;
  line(text?: string): void;
}

const indent = ' '.repeat(9);

export function createTeller(): Teller {
  const startedMs = performance.now();
  const paint = createPaint(wantsColours(process.stdout, process.env));
  const width = Math.min(Math.max(process.stdout.columns ?? widthMax, widthMin), widthMax);
  const seconds = () => (performance.now() - startedMs) / 1000;
  const line = (text = '') => console.log(text);
  return {
    paint,
    width: width - indent.length - 2,
    seconds,
    line,
    step: (text) => line(`${paint.dim(`${seconds().toFixed(1).padStart(5)} s`)}  ${paint.bold(text)}`),
    detail: (text) => line(`${indent}${text}`),
    frame(title, lines) {
      line(`${indent}${paint.dim('╭')} ${title}`);
      for (const each of ['', ...lines]) line(`${indent}${paint.dim('│')} ${each}`.trimEnd());
      line(`${indent}${paint.dim('╰')}`);
    },
    heading: (text) => line(`\n${paint.bold(text)}`),
  };
}

/** `staging and eu`, `a, b and c`. */
export function inWords(words: readonly string[]): string {
  const [last, ...before] = words.toReversed();
  return before.length === 0 ? (last ?? '') : `${before.toReversed().join(', ')} and ${last}`;
}
