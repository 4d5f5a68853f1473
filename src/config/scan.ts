import { CST, Lexer } from 'yaml';
import { type Mistake, quote } from './mistake.ts';
import type { MistakeAtOffset } from './source-text.ts';

/**
 * Tokens of a configuration, spaces and line ends included: a line has seven, with a remark nine. The parser's time grows faster than
 * the text, so what no configuration needs is refused here, where the time is the text's length.
 */
export const tokensMax = 60_000;

/** How deep lists and maps may lie within each other; a configuration has five levels. */
export const depthMax = 16;

/** Columns a line may be indented by before a key or an item: this bounds the depth of what is nested by indentation. */
export const indentColumnsMax = 64;

/** Anchors, aliases and tags reported one by one; the time to parse tags grows with their square. */
export const markersMax = 50;

interface Scan {
  readonly mistakes: MistakeAtOffset[];
  offset: number;
  tokens: number;
  lineStart: number;
  /** Column of the first sign of the line, from 0; undefined until there is one. */
  indent: number | undefined;
  /** Signs of this line that open a level: `- - -` has three. */
  lineDepth: number;
  flowDepth: number;
  document: 'none' | 'open' | 'ended';
  previous: TokenType;
}

type TokenType = ReturnType<typeof CST.tokenType>;

/**
 * Reads the tokens of a text before anything is parsed. `fatal` means that the text must not be parsed: it is too much
 * of something, or what it says would depend on a directive or a second document.
 */
export function scan(text: string): { readonly mistakes: readonly MistakeAtOffset[]; readonly fatal: boolean } {
  const state: Scan = {
    mistakes: [],
    offset: 0,
    tokens: 0,
    lineStart: 0,
    indent: undefined,
    lineDepth: 0,
    flowDepth: 0,
    document: 'none',
    previous: null,
  };
  for (const token of new Lexer().lex(text)) {
    // What follows this mark is the text of a scalar, whatever it begins with.
    const type = state.previous === 'scalar' ? null : CST.tokenType(token);
    const fatal = judge(state, type, token);
    if (fatal !== undefined) return { mistakes: [...state.mistakes, { offset: state.offset, ...fatal }], fatal: true };
    advance(state, type, token);
  }
  return { mistakes: state.mistakes, fatal: false };
}

/** Tokens the lexer adds that are no characters of the text. */
const virtualTokens: readonly TokenType[] = ['doc-mode', 'flow-error-end', 'scalar'];

function advance(state: Scan, type: TokenType, token: string): void {
  state.previous = type;
  if (virtualTokens.includes(type)) return;
  if (type !== 'space') state.indent ??= state.offset - state.lineStart;
  state.offset += token.length;
  if (type !== 'newline') return;
  state.lineStart = state.offset;
  state.indent = undefined;
  state.lineDepth = 0;
}

function judge(state: Scan, type: TokenType, token: string): Mistake | undefined {
  state.tokens += 1;
  if (state.tokens > tokensMax) {
    return {
      message: `The file has more than ${tokensMax} words and signs.`,
      hint: 'Use patterns with `{application}` in place of a rule for each application.',
    };
  }
  return levelMistake(state, type) ?? documentMistake(state, type) ?? markerMistake(state, type, token);
}

function levelMistake(state: Scan, type: TokenType): Mistake | undefined {
  if (type === 'flow-map-start' || type === 'flow-seq-start') state.flowDepth += 1;
  if (type === 'flow-map-end' || type === 'flow-seq-end') state.flowDepth -= 1;
  const opens = type === 'seq-item-ind' || type === 'explicit-key-ind';
  if (opens) state.lineDepth += 1;
  const indent = state.indent ?? state.offset - state.lineStart;
  const indented = (opens || type === 'map-value-ind') && indent > indentColumnsMax;
  if (state.flowDepth <= depthMax && state.lineDepth <= depthMax && !indented) return undefined;
  return {
    message: 'This is nested too deep.',
    hint: `Write at most ${depthMax} levels and ${indentColumnsMax} columns of indentation; a configuration has five levels.`,
  };
}

function documentMistake(state: Scan, type: TokenType): Mistake | undefined {
  if (type === 'directive-line') {
    return {
      message: 'A YAML directive would change what the rest of the file means.',
      hint: 'Remove this line; the file is read as YAML 1.2.',
    };
  }
  const begins = type === 'scalar' || type === 'flow-map-start' || type === 'flow-seq-start';
  if ((type === 'doc-start' && state.document !== 'none') || (begins && state.document === 'ended')) {
    return { message: 'A second document begins here.', hint: 'Keep one document and remove this `---` or `...`.' };
  }
  if (type === 'doc-end') state.document = 'ended';
  else if (type === 'doc-start' || begins) state.document = 'open';
  return undefined;
}

function markerMistake(state: Scan, type: TokenType, token: string): Mistake | undefined {
  const mistake = markerMessage(type, token);
  if (mistake === undefined) return undefined;
  if (state.mistakes.length < markersMax) {
    state.mistakes.push({ offset: state.offset, ...mistake });
    return undefined;
  }
  return {
    message: `There are more than ${markersMax} anchors, aliases and tags.`,
    hint: 'Write plain maps, lists and texts.',
  };
}

function markerMessage(type: TokenType, token: string): Mistake | undefined {
  switch (type) {
    case 'anchor':
      return { message: `Anchors (${quote(token)}) are not used here.`, hint: 'Write the value where it is needed.' };
    case 'alias':
      if (token === '*') return { message: 'A bare `*` begins an alias in YAML.', hint: 'Quote it: `"*"`.' };
      return { message: `Aliases (${quote(token)}) are not used here.`, hint: 'Write the value, or quote the text.' };
    case 'tag':
      return { message: `Tags (${quote(token)}) are not used here.`, hint: 'Remove it, or quote the text.' };
    default:
      return undefined;
  }
}
