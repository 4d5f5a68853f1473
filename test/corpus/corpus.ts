import { statSync } from 'node:fs';
import { corpusFiles } from './corpus-files.ts';
import { measure } from './measure.ts';
import { isFlawless, renderReport, renderTimes } from './report.ts';

/** Edits every version of every file below a folder with Pawl's editors, and says how many edits were minimal and right. */
const usage = `Usage: npm run corpus -- <folder>

  Exit code 1 if an edit is wrong, or refused for a reason that is not accepted.`;

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0 || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
  console.error(usage);
  process.exit(2);
}
const measured = measure(corpusFiles(folder));
console.log(renderReport(measured));
console.log(renderTimes(measured));
process.exit(isFlawless(measured) ? 0 : 1);
