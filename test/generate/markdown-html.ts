import { type Block, type Inline, readMarkdown } from '../demo/markdown.ts';

/** A pull request's body as HTML. */
export function markdownHtml(text: string): string {
  return readMarkdown(text).map(blockHtml).join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'alert': {
      const label = `${block.label.charAt(0)}${block.label.slice(1).toLowerCase()}`;
      const lines = block.lines.map(inlineHtml).join('<br>');
      return `<div class="alert ${block.label.toLowerCase()}"><p class="label">${label}</p><p>${lines}</p></div>`;
    }
    case 'table': {
      const row = (cells: readonly Inline[][], tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell)}</${tag}>`).join('')}</tr>`;
      return `<table>${row(block.head, 'th')}${block.rows.map((cells) => row(cells, 'td')).join('')}</table>`;
    }
    case 'code':
      return `<pre>${block.lines.map((line) => `<span class="${lineClass(line)}">${plain(line)}</span>`).join('\n')}</pre>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inlineHtml(item)}</li>`).join('')}</ul>`;
    case 'paragraph':
      return `<p>${block.lines.map(inlineHtml).join('<br>')}</p>`;
    case 'details': {
      // As it is after a click, where there is a diff to see.
      const open = block.blocks.some(({ kind }) => kind === 'code') ? ' open' : '';
      return `<details${open}><summary>${inlineHtml(block.summary)}</summary>${block.blocks.map(blockHtml).join('')}</details>`;
    }
  }
}

function lineClass(line: string): string {
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}

function inlineHtml(pieces: readonly Inline[]): string {
  return pieces.map(pieceHtml).join('');
}

function pieceHtml(piece: Inline): string {
  switch (piece.kind) {
    case 'text':
      return plain(piece.text);
    case 'code':
      return `<code>${plain(piece.text)}</code>`;
    case 'strong':
      return `<strong>${inlineHtml(piece.inner)}</strong>`;
    case 'emphasis':
      return `<em>${inlineHtml(piece.inner)}</em>`;
    case 'link':
      return `<a href="${plain(piece.address)}">${inlineHtml(piece.inner)}</a>`;
  }
}

/** A text that means nothing to HTML. */
export function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
