import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../../src/config/schema.ts';
import { editors } from '../../src/editors/index.ts';
import { syncSources } from '../../src/sources/index.ts';

const root = new URL('../..', import.meta.url);

/** Every generated file of the project, by path: what `npm run generate` writes and the reference test compares. */
export function generated(): Readonly<Record<string, string>> {
  const schema = configJsonSchema({ editors, sources: syncSources });
  return { 'docs/pawl.schema.json': `${JSON.stringify(schema, null, 2)}\n` };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const [path, text] of Object.entries(generated())) writeFileSync(new URL(path, root), text);
}
