import { type Block, type Inline, readMarkdown } from './markdown.ts';
import { createPaint, type Paint, visibleLength } from './paint.ts';

/** Items of a folded list that are shown: the rest is counted. */
const foldedItemsMax = 4;

/** A pull request's body as lines of a terminal of this width. What GitHub folds is shown in short. */
export function terminalMarkdown(text: string, paint: Paint, width: number): readonly string[] {
  return withGaps(readMarkdown(text).map((block) => linesOf(block, { paint, width })));
}

interface Page {
  readonly paint: Paint;
  readonly width: number;
}

function withGaps(groups: readonly (readonly string[])[]): readonly string[] {
  return groups.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

const alertColours = { IMPORTANT: 'magenta', WARNING: 'yellow', CAUTION: 'red', NOTE: 'blue', TIP: 'green' } as const;

function linesOf(block: Block, page: Page): readonly string[] {
  const { paint, width } = page;
  switch (block.kind) {
    case 'alert': {
      const colour = Object.entries(alertColours).find(([label]) => label === block.label)?.[1] ?? 'blue';
      const text = block.lines.flatMap((line) => wrap(inline(line, paint), width - 2));
      return [paint.bold(paint[colour](block.label)), ...text].map((line) => `${paint[colour]('▌')} ${line}`);
    }
    case 'table':
      return tableLines(block, paint);
    case 'code':
      return block.lines.map((line) => diffLine(line, paint));
    case 'list':
      return block.items.flatMap((item) => hanging('• ', wrap(inline(item, paint), width - 2)));
    case 'paragraph':
      return block.lines.flatMap((line) => wrap(inline(line, paint), width));
    case 'details':
      return [`▸ ${inline(block.summary, paint)}`, ...block.blocks.flatMap((inner) => foldedLines(inner, page))];
  }
}

/** The first items of a list; diffs are shown by whoever shows the body. */
function foldedLines(block: Block, { paint, width }: Page): readonly string[] {
  if (block.kind !== 'list') return [];
  const items = block.items.slice(0, foldedItemsMax);
  const lines = linesOf({ kind: 'list', items }, { paint, width: width - 2 });
  const left = block.items.length - items.length;
  return [...lines, ...(left === 0 ? [] : [`… and ${left} more`])].map((line) => `  ${line}`);
}

/** How a pull request stands: the words of the alert that its body begins with. Undefined when it begins otherwise. */
export function statusOf(body: string): string | undefined {
  const [first] = readMarkdown(body);
  return first?.kind === 'alert' ? first.lines.map((line) => inline(line, createPaint(false))).join(' ') : undefined;
}

function hanging(mark: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `${mark}${line}` : `${' '.repeat(mark.length)}${line}`));
}

/** Lines of `git diff` and of diffs in bodies, coloured. */
export function diffLine(line: string, paint: Paint): string {
  if (/^(?:\+\+\+|---|diff |index )/.test(line)) return paint.dim(line);
  if (line.startsWith('+')) return paint.green(line);
  if (line.startsWith('-')) return paint.red(line);
  return line.startsWith('@@') ? paint.cyan(line) : line;
}

function inline(pieces: readonly Inline[], paint: Paint): string {
  return pieces.map((piece) => inlineText(piece, paint)).join('');
}

function inlineText(piece: Inline, paint: Paint): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'code':
      return paint.cyan(piece.text);
    case 'strong':
      return paint.bold(inline(piece.inner, paint));
    case 'emphasis':
    case 'link':
      return inline(piece.inner, paint);
  }
}

function tableLines({ head, rows }: Extract<Block, { kind: 'table' }>, paint: Paint): readonly string[] {
  const cells = [
    head.map((cell) => paint.dim(inline(cell, paint))),
    ...rows.map((row) => row.map((cell) => inline(cell, paint))),
  ];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => visibleLength(row[column] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleLength(text)));
}

/** Breaks a line at blanks. A word longer than the width stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && visibleLength(line) + 1 + visibleLength(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
