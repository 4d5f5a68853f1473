import type { PullView } from '../local-github/reading.ts';
import { markdownHtml, plain } from './markdown-html.ts';

export type Look = 'light' | 'dark';

/** Width of the picture, CSS pixels: about that of the conversation on GitHub. */
export const pageWidth = 880;

const colours: Readonly<Record<Look, string>> = {
  light: `--back: #fff; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --head: #f6f8fa; --code: #818b981f; --link: #0969da;
    --added: #dafbe1; --removed: #ffebe9; --open: #1f883d; --note: #0969da; --important: #8250df; --tip: #1a7f37;`,
  dark: `--back: #0d1117; --text: #f0f6fc; --muted: #9198a1; --line: #3d444d; --head: #151b23; --code: #656c7633; --link: #4493f8;
    --added: #12261e; --removed: #301b1e; --open: #238636; --note: #4493f8; --important: #ab7df8; --tip: #3fb950;`,
};

const style = `
  body { margin: 0; padding: 20px 24px; background: var(--back); color: var(--text); width: ${pageWidth - 48}px;
    font: 14px/1.5 Inter, "Noto Sans", "Liberation Sans", sans-serif; }
  h1 { font-size: 25px; font-weight: 500; margin: 0 0 8px; } h1 span { color: var(--muted); font-weight: 400; }
  .under { color: var(--muted); margin-bottom: 18px; } .under b { color: var(--text); font-weight: 600; }
  .badge { background: var(--open); color: #fff; border-radius: 2em; padding: 5px 12px; font-weight: 500; margin-right: 8px; }
  .branch { background: var(--code); color: var(--link); border-radius: 6px; padding: 2px 6px; font: 12px "Liberation Mono", monospace; }
  .comment { border: 1px solid var(--line); border-radius: 6px; }
  .comment > header { background: var(--head); border-bottom: 1px solid var(--line); padding: 8px 16px; color: var(--muted);
    border-radius: 6px 6px 0 0; } .comment > header b { color: var(--text); }
  .bot { border: 1px solid var(--line); border-radius: 2em; padding: 0 7px; font-size: 12px; }
  .body { padding: 16px; } .body > :first-child { margin-top: 0; } .body > :last-child { margin-bottom: 0; }
  p { margin: 0 0 16px; } strong { font-weight: 600; } a { color: var(--link); text-decoration: none; }
  code { background: var(--code); border-radius: 6px; padding: 2px 5px; font-family: "Liberation Mono", monospace; font-size: 12px; }
  .alert { border-left: 4px solid; padding: 8px 16px; margin-bottom: 16px; } .alert p { margin: 0; color: var(--text); }
  .alert .label { font-weight: 500; color: inherit; margin-bottom: 6px; }
  .note { border-color: var(--note); color: var(--note); } .important { border-color: var(--important); color: var(--important); }
  .tip { border-color: var(--tip); color: var(--tip); }
  table { border-collapse: collapse; margin-bottom: 16px; } th { font-weight: 600; }
  th, td { border: 1px solid var(--line); padding: 6px 13px; text-align: left; }
  pre { background: var(--head); border-radius: 6px; padding: 12px 0; margin: 0 0 16px; font: 12px/1.5 "Liberation Mono", monospace; }
  pre span { display: inline-block; width: 100%; box-sizing: border-box; padding: 0 16px; }
  .added { background: var(--added); } .removed { background: var(--removed); }
  details { margin-bottom: 16px; } summary { margin-bottom: 12px; } details:not([open]) summary { margin-bottom: 0; }
  ul { margin: 0; padding-left: 24px; }
`;

/** A page that shows the pull request about as GitHub does: what Pawl wrote is as it is, the frame around it is drawn. */
export function picturePage(pull: PullView, look: Look): string {
  const { title, number, author, head, base, body } = pull;
  const branch = (name: string) => `<span class="branch">${plain(name)}</span>`;
  const bot = `<b>${plain(author.replace('[bot]', ''))}</b> <span class="bot">bot</span>`;
  return `<!doctype html><meta charset="utf-8"><style>:root { color-scheme: ${look}; ${colours[look]} }${style}</style>
<h1>${plain(title)} <span>#${number}</span></h1>
<div class="under"><span class="badge">Open</span> ${bot} wants to merge 1 commit into ${branch(base.branch)} from ${branch(head.branch)}</div>
<div class="comment"><header>${bot} commented</header><div class="body">${markdownHtml(body)}</div></div>
<script>document.title = String(Math.ceil(document.documentElement.getBoundingClientRect().height));</script>`;
}
