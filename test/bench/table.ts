import type { Results } from './bench.ts';
import { latenciesMs, type Opening } from './promotions.ts';

/** The results as a table with a column for each size of the config repo. */
export function renderTable(results: Results): string {
  return align([...editingRows(results), [], ...planningRows(results), ...githubRows(results)]);
}

function editingRows({ editing }: Results): readonly Row[] {
  const column = (cell: (each: Results['editing'][number]) => string) => editing.map(cell);
  const share = (edited: Results['editing'][number]['pawl'], edits: number) =>
    `${edited.minimal.toLocaleString('en')} of ${edits.toLocaleString('en')}`;
  return [
    [
      'Edits of generated values files, kustomizations and manifests',
      ...column(({ edits }) => edits.toLocaleString('en')),
    ],
    ['  nothing but the scalar changed', ...column(({ pawl, edits }) => share(pawl, edits))],
    ['  the same by setIn and toString of the package yaml', ...column(({ yaml, edits }) => share(yaml, edits))],
    ['  ms for one, every edit proved', ...column(({ pawl, edits }) => (pawl.ms / edits).toFixed(2))],
    ['  time, as a multiple of setIn and toString', ...column(({ pawl, yaml }) => ratio(pawl.ms, yaml.ms))],
  ];
}

function planningRows({ planning }: Results): readonly Row[] {
  return planning.flatMap(({ moving, few, many }) => [
    [
      `Decisions about ${many.applications.toLocaleString('en')} applications × ${many.environments} environments, ${moving}`,
      `${Math.round(many.ms)} ms`,
    ],
    ['  ms of the processor', Math.round(many.cpuMs).toLocaleString('en')],
    ['  pull requests to open', many.proposals.toLocaleString('en')],
    ['  growth of the heap / of the process', `${megabytes(many.heapBytes)} / ${megabytes(many.rssBytes)} MB`],
    [
      `  time for each application, as a multiple of that among ${few.applications}`,
      ratio(many.cpuMs / many.applications, few.cpuMs / few.applications),
    ],
  ]);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}

function githubRows({ sizes, hours }: Results): readonly Row[] {
  if (sizes.length === 0) return [];
  const column = <Key extends string>(cell: (size: Results['sizes'][number]) => Key | number) =>
    sizes.map((size) => String(cell(size)));
  const milliseconds = (opening: Opening) => opening.medianMs.map((ms) => Math.round(ms)).join(' / ');
  const times = latenciesMs.join(' / ');
  return [
    [],
    ['applications in the config repo', ...column(({ applications }) => applications.toLocaleString('en'))],
    [],
    ['From the report (202) to the open pull request'],
    ['  requests one after another', ...column(({ warm }) => warm.sequential)],
    ['  requests in all', ...column(({ warm }) => warm.requests)],
    [`  ms, with ${times} ms for each request`, ...column(({ warm }) => milliseconds(warm))],
    ['The same, the process started in that moment'],
    ['  requests one after another', ...column(({ cold }) => cold.sequential)],
    ['  requests in all, the look at start apart', ...column(({ cold }) => cold.requests)],
    [`  ms, with ${times} ms for each request`, ...column(({ cold }) => milliseconds(cold))],
    ['The same promotion by REST, one call for each file (test/bench/rest-promoter.ts)'],
    ['  requests one after another', ...column(({ rest }) => rest.sequential)],
    [`  ms, with ${times} ms for each request`, ...column(({ rest }) => milliseconds(rest))],
    ['  requests, as a multiple of Pawl', ...column(({ rest, warm }) => ratio(rest.requests, warm.requests))],
    [`  time, as a multiple of Pawl`, ...column(({ rest, warm }) => timeRatios(rest, warm))],
    [],
    ['Requests for'],
    ['  dev → staging → production (2 targets), until all is live', ...column(({ wholeWay }) => wholeWay)],
    ['  the same report again', ...column(({ quiet }) => quiet.sameReport)],
    ['  a later revision with the same files', ...column(({ quiet }) => quiet.laterRevision)],
    [
      `  ${sizes[0]?.quiet.unrelated.events ?? 0} unrelated events while a pull request is open`,
      ...column(({ quiet }) => quiet.unrelated.requests),
    ],
    ['  every Kustomization reporting a commit that changed one application', ...column(({ storm }) => storm.requests)],
    ['  the same, the webhook of the push lost', ...column(({ storm }) => storm.requestsWithoutPush)],
    ['  the first report of every Kustomization', ...column(({ storm }) => storm.firstReports)],
    ...hours.map(({ open, requests }): Row => [`  a quiet hour with ${open} pull requests open`, String(requests)]),
  ];
}

type Row = readonly string[];

function ratio(theirs: number, ours: number): string {
  return `${(theirs / ours).toFixed(1)}×`;
}

function timeRatios(theirs: Opening, ours: Opening): string {
  return latenciesMs.map((_, index) => ratio(theirs.medianMs[index] ?? 0, ours.medianMs[index] ?? 0)).join(' / ');
}

function align(rows: readonly Row[]): string {
  const widthOf = (index: number) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => row[index]?.length ?? 0));
  return rows
    .map(([title = '', ...cells]) =>
      [title.padEnd(widthOf(0)), ...cells.map((cell, index) => cell.padStart(widthOf(index + 1)))].join('  ').trimEnd(),
    )
    .join('\n');
}
