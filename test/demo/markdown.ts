/** The Markdown that pull request bodies are written in, read into blocks. It knows what the templates use and nothing else. */
export type Block =
  | { readonly kind: 'alert'; readonly label: string; readonly lines: readonly Inline[][] }
  | { readonly kind: 'table'; readonly head: readonly Inline[][]; readonly rows: readonly (readonly Inline[][])[] }
  | { readonly kind: 'code'; readonly language: string; readonly lines: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly Inline[][] }
  | { readonly kind: 'paragraph'; readonly lines: readonly Inline[][] }
  | { readonly kind: 'details'; readonly summary: Inline[]; readonly blocks: readonly Block[] };

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly inner: readonly Inline[] }
  | { readonly kind: 'link'; readonly inner: readonly Inline[]; readonly address: string };

const starts = {
  alert: /^> \[!(\w+)\]$/,
  quote: /^> ?(.*)$/,
  table: /^\|/,
  fence: /^(`{3,})(\w*)$/,
  item: /^- (.*)$/,
  details: /^<details><summary>(.*)<\/summary>$/,
  detailsEnd: /^<\/details>$/,
} as const;

/** A body's blocks, top to bottom; hidden comments are left out. */
export function readMarkdown(text: string): readonly Block[] {
  const lines = text.split('\n').filter((line) => !/^<!--.*-->$/.test(line));
  return readBlocks({ lines, at: 0 });
}

interface Reader {
  readonly lines: readonly string[];
  at: number;
}

function readBlocks(reader: Reader): readonly Block[] {
  const blocks: Block[] = [];
  for (;;) {
    const line = reader.lines[reader.at];
    if (line === undefined) return blocks;
    if (starts.detailsEnd.test(line)) {
      reader.at += 1;
      return blocks;
    }
    if (line.trim() === '') reader.at += 1;
    else blocks.push(readBlock(reader, line));
  }
}

function readBlock(reader: Reader, line: string): Block {
  const [, label] = starts.alert.exec(line) ?? [];
  if (label !== undefined) {
    reader.at += 1;
    return { kind: 'alert', label, lines: takeWhile(reader, starts.quote).map(readInline) };
  }
  if (starts.table.test(line)) return readTable(takeWhile(reader, /^(\|.*)$/));
  if (starts.item.test(line)) return { kind: 'list', items: takeWhile(reader, starts.item).map(readInline) };
  const [, fence, language = ''] = starts.fence.exec(line) ?? [];
  if (fence !== undefined) return readCode(reader, fence, language);
  const [, summary] = starts.details.exec(line) ?? [];
  if (summary !== undefined) {
    reader.at += 1;
    return { kind: 'details', summary: readInline(summary), blocks: readBlocks(reader) };
  }
  return { kind: 'paragraph', lines: takeWhile(reader, /^(?![|>]|- |```|<\/?details>)(.*\S.*)$/).map(readInline) };
}

/** The first group of the pattern for each line from here on that fits it; at least one line is taken. */
function takeWhile(reader: Reader, pattern: RegExp): readonly string[] {
  const taken: string[] = [];
  for (;;) {
    const line = reader.lines[reader.at];
    const [, text] = line === undefined ? [] : (pattern.exec(line) ?? []);
    if (line === undefined || (text === undefined && taken.length > 0)) return taken;
    taken.push(text ?? line);
    reader.at += 1;
  }
}

function readCode(reader: Reader, fence: string, language: string): Block {
  const end = reader.lines.indexOf(fence, reader.at + 1);
  const last = end < 0 ? reader.lines.length : end;
  const lines = reader.lines.slice(reader.at + 1, last);
  reader.at = last + 1;
  return { kind: 'code', language, lines };
}

function readTable(lines: readonly string[]): Block {
  const cells = (line: string) =>
    line
      .slice(1)
      .replace(/\|\s*$/, '')
      .split(/(?<!\\)\|/)
      .map((cell) => readInline(cell.trim().replaceAll('\\|', '|')));
  const [head = '', , ...rows] = lines;
  return { kind: 'table', head: cells(head), rows: rows.map(cells) };
}

const inlinePattern = /(`+)(.+?)\1(?!`)|\*\*(.+?)\*\*|\*(.+?)\*|\[((?:`[^`]*`|[^\]])*)\]\(([^)]*)\)|\\([^\w\s])/g;

/** Bold, italics, code and links of one line. */
export function readInline(text: string): Inline[] {
  const pieces: Inline[] = [];
  const plain = (piece: string) => {
    if (piece !== '') pieces.push({ kind: 'text', text: piece });
  };
  let at = 0;
  for (const found of text.matchAll(inlinePattern)) {
    const [all, , code, strong, emphasis, link, address, escaped] = found;
    plain(text.slice(at, found.index));
    at = found.index + all.length;
    if (code !== undefined) pieces.push({ kind: 'code', text: code.trim() });
    else if (strong !== undefined) pieces.push({ kind: 'strong', inner: readInline(strong) });
    else if (emphasis !== undefined) pieces.push({ kind: 'emphasis', inner: readInline(emphasis) });
    else if (link !== undefined) pieces.push({ kind: 'link', inner: readInline(link), address: address ?? '' });
    else plain(escaped ?? '');
  }
  plain(text.slice(at));
  return pieces;
}
