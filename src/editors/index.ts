import { z } from 'zod';
import { argocdEditor } from './argocd.ts';
import { copyEditor } from './copy.ts';
import type { Companion, Difference, Edit, Editor, Found, Refusal, Written } from './editor.ts';
import { fluxEditor } from './flux.ts';
import { helmChartEditor } from './helm-chart.ts';
import { helmChartsEditor } from './helm-charts.ts';
import { helmValuesEditor } from './helm-values.ts';
import { jsonPatchEditor } from './json-patch.ts';
import { kustomizeEditor } from './kustomize.ts';
import { literalsEditor } from './literals.ts';
import { manifestEditor } from './manifest.ts';
import { patchesEditor } from './patches.ts';
import { remotesEditor } from './remotes.ts';
import { variablesEditor } from './variables.ts';

/** An editor for callers that know `where` only as a value of the configuration: each call reads it by the schema first. */
export interface AnyEditor {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodType;
  readonly defaultFile: string;
  /** Whether it moves whole files: its selectors are paths below the folder. */
  readonly wholeFiles?: boolean;
  find(text: string, where: unknown): Found;
  write(text: string, where: unknown, edits: readonly Edit[]): Written;
  leftAlone(source: string, target: string, where: unknown): readonly Difference[];
  readonly companion?: Companion | undefined;
}

/** All editors, each under the key of the configuration that selects it. */
export const editors = {
  images: anyEditor(kustomizeEditor),
  keys: anyEditor(helmValuesEditor),
  containers: anyEditor(manifestEditor),
  copy: { ...anyEditor(copyEditor), wholeFiles: true },
  helmCharts: anyEditor(helmChartsEditor),
  remotes: anyEditor(remotesEditor),
  patches: anyEditor(patchesEditor),
  jsonPatch: anyEditor(jsonPatchEditor),
  literals: anyEditor(literalsEditor),
  variables: anyEditor(variablesEditor),
  dependencies: anyEditor(helmChartEditor),
  argocd: anyEditor(argocdEditor),
  flux: anyEditor(fluxEditor),
} as const satisfies Readonly<Record<string, AnyEditor>>;

export type EditorKey = keyof typeof editors;

/** The editor of a key of the configuration. For a key that selects none, one that refuses everything and says so. */
export function editorOf(key: string): AnyEditor {
  return isEditorKey(key) ? editors[key] : noEditor(key);
}

function isEditorKey(key: string): key is EditorKey {
  return Object.hasOwn(editors, key);
}

function anyEditor<Where>(editor: Editor<Where>): AnyEditor {
  const { name, summary, options, defaultFile, companion } = editor;
  return {
    name,
    summary,
    options,
    defaultFile,
    companion,
    find(text, where) {
      const parsed = options.safeParse(where);
      return parsed.success
        ? editor.find(text, parsed.data)
        : { artifacts: [], refusals: [misconfigured(parsed.error)] };
    },
    write(text, where, edits) {
      const parsed = options.safeParse(where);
      return parsed.success
        ? editor.write(text, parsed.data, edits)
        : { ok: false, refusals: [misconfigured(parsed.error)] };
    },
    leftAlone(source, target, where) {
      const parsed = options.safeParse(where);
      return parsed.success ? editor.leftAlone(source, target, parsed.data) : [];
    },
  };
}

function misconfigured(error: z.ZodError): Refusal {
  const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { line: undefined, reason: `The configuration of this file is not valid: ${problems.join('; ')}` };
}

function noEditor(key: string): AnyEditor {
  const refusal = {
    line: undefined,
    reason: `No editor is called "${key}". Write one of ${Object.keys(editors).join(', ')}.`,
  };
  return {
    name: key,
    summary: '',
    options: z.never(),
    defaultFile: '',
    find: () => ({ artifacts: [], refusals: [refusal] }),
    write: () => ({ ok: false, refusals: [refusal] }),
    leftAlone: () => [],
  };
}
