import { type NodeFacts, pathKey, type SourceDocument } from './document.ts';
import { type Mistake, type MistakeAt, type Path, quote } from './mistake.ts';

/**
 * Texts without quotes that YAML takes for something else: here (numbers, `true`, `null`) or in tools that read YAML 1.1
 * (`no`, `on`, `22:22`, `1_000`, dates).
 */
const words = /^(?:~|null|true|false|y|yes|n|no|on|off)$/i;
const numbers =
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|\.[0-9_]+(?:e[-+]?[0-9]+)?|\.inf|\.nan)$/i;
const times = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/;

function isMisread(source: string): boolean {
  return words.test(source) || numbers.test(source) || times.test(source);
}

/** Names and texts that need quotes. `judged` are the paths that have a mistake already; a second one would confuse. */
export function quotingMistakes(document: SourceDocument, judged: readonly Path[]): readonly MistakeAt[] {
  const done = new Set(judged.map(pathKey));
  return [...document.nodes.values()].flatMap((node) => {
    if (done.has(pathKey(node.path))) return [];
    return keyMistake(node) ?? valueMistake(node) ?? [];
  });
}

/** Only names of environments are keys that people choose. */
function keyMistake({ path, plainKey }: NodeFacts): readonly MistakeAt[] | undefined {
  const name = path[1];
  if (path.length !== 2 || path[0] !== 'environments' || typeof name !== 'string') return undefined;
  if (!plainKey || !isMisread(name)) return undefined;
  return [{ path, at: 'key', ...misread(name) }];
}

/** A value that YAML 1.2 reads as a text; where it reads a number or `true`, the schema says whether that is right. */
function valueMistake(node: NodeFacts): readonly MistakeAt[] | undefined {
  if (node.kind !== 'plain' || node.text === undefined || !isMisread(node.source)) return undefined;
  return [{ path: node.path, at: 'value', ...misread(node.source) }];
}

function misread(source: string): Mistake {
  return {
    message: `${quote(source)} without quotes is not read as a text by every YAML reader.`,
    hint: `Quote it: ${quote(`"${source}"`)}.`,
  };
}
