/** A file as people write them, and the one scalar of it that gets another version. */
export interface EditedFile {
  readonly text: string;
  /** Key of the editor in the configuration, and what it may move. */
  readonly key: 'keys' | 'images' | 'containers';
  readonly where: unknown;
  readonly artifact: string;
  /** The part of the artifact's version that the scalar is. */
  readonly part: 'value' | 'newTag' | 'tag';
  /** Number of the document, and the path in it. */
  readonly document: number;
  readonly path: readonly (string | number)[];
  /** Characters of the scalar. */
  readonly span: readonly [start: number, end: number];
  /** The scalar's text with another version. */
  readonly textOf: (version: string) => string;
}

/** As many files as asked for, no two alike: values files, kustomizations and manifests, in the styles that people have. */
export function editedFiles(count: number): readonly EditedFile[] {
  const kinds = [valuesFile, kustomization, manifest] as const;
  return Array.from({ length: count }, (_, index) => (kinds[index % kinds.length] ?? valuesFile)(index));
}

/** Marks the scalar in a template. */
const mark = '@@';

type Known = Omit<EditedFile, 'text' | 'span'>;

function fileOf(template: string, token: string, known: Known): EditedFile {
  const start = template.indexOf(mark);
  const text = template.replace(mark, token);
  return { ...known, text, span: [start, start + token.length] };
}

function pick<Item>(items: readonly [Item, ...Item[]], index: number): Item {
  return items[index % items.length] ?? items[0];
}

const quotes = ['', '"', "'", ''] as const;
const comments = ['', ' # {"$imagepolicy": "flux-system:web:tag"}', ' # pinned', ''] as const;

/** Habits of writing. Where a file has none of them but the first of each, a printer of YAML writes it the same way. */
function habitsOf(index: number) {
  return {
    quote: pick(quotes, index),
    comment: pick(comments, index >> 1),
    indent: index % 7 === 3 ? '    ' : '  ',
    dash: index % 4 === 1 ? '- ' : '  - ',
    braces: index % 5 === 2 ? (['{', '}'] as const) : (['{ ', ' }'] as const),
    long:
      index % 3 === 1 ? 'a/rather/long/path that goes on and on until the line is longer than eighty characters' : 'a',
    aligned: index % 6 === 4 ? '     ' : ' ',
  };
}

function valuesFile(index: number): EditedFile {
  const { quote, comment, indent, dash, braces, long, aligned } = habitsOf(Math.floor(index / 3));
  const services = Array.from({ length: 1 + (index % 12) }, (_, service) =>
    [
      `service${service}:`,
      `${indent}replicaCount: ${service + 1}${aligned}# as many as zones`,
      '',
      `${indent}resources: ${braces[0]}cpu: 100m, memory: "128Mi"${braces[1]}`,
      `${indent}env:`,
      `${indent}${dash}name: URL`,
      `${indent}${dash.replace('-', ' ')}value: https://example.com/${long}`,
    ].join('\n'),
  );
  const template = `# Values of application ${index}

image:
${indent}repository: ghcr.io/acme/app-${index}
${indent}tag: ${mark}${comment}
${indent}pullPolicy: IfNotPresent

${services.join('\n\n')}
`;
  return fileOf(template, `${quote}v1.${index}.0${quote}`, {
    key: 'keys',
    where: { keys: ['image.tag'] },
    artifact: 'image.tag',
    part: 'value',
    document: 0,
    path: ['image', 'tag'],
    textOf: (version) => version,
  });
}

function kustomization(index: number): EditedFile {
  const { quote, comment, dash, braces, aligned } = habitsOf(Math.floor(index / 3));
  const name = `ghcr.io/acme/app-${index}`;
  const others = Array.from(
    { length: index % 5 },
    (_, other) => `${dash}${braces[0]}name: sidecar-${other}, newTag: "1.${other}"${braces[1]}\n`,
  );
  const template = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: app-${index}${aligned}# its own
resources:
${dash}../base

# Moved by pull request
images:
${others.join('')}${dash}name: ${name}
${dash.replace('-', ' ')}newTag: ${mark}${comment}

patches:
${dash}patch: |-
${dash.replace('-', ' ')}  - op: add
${dash.replace('-', ' ')}    path: /metadata/annotations/a
${dash.replace('-', ' ')}    value: b
`;
  return fileOf(template, `${quote}v1.${index}.0${quote}`, {
    key: 'images',
    where: { images: [name] },
    artifact: name,
    part: 'newTag',
    document: 0,
    path: ['images', others.length, 'newTag'],
    textOf: (version) => version,
  });
}

function manifest(index: number): EditedFile {
  const { quote, comment, dash, braces, long, aligned } = habitsOf(Math.floor(index / 3));
  const image = `ghcr.io/acme/app-${index}`;
  const template = `apiVersion: v1
kind: Service
metadata:
  name: app-${index}${aligned}# first
spec:
  ports: [ ${braces[0]}port: 80, targetPort: http${braces[1]} ]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
spec:
  template:
    spec:
      containers:
      ${dash}name: app
      ${dash.replace('-', ' ')}image: ${mark}${comment}
      ${dash.replace('-', ' ')}command: [ sh, -c, exec app ${long} ]
`;
  return fileOf(template, `${quote}${image}:v1.${index}.0${quote}`, {
    key: 'containers',
    where: { containers: [`app-${index}/app`] },
    artifact: `app-${index}/app`,
    part: 'tag',
    document: 1,
    path: ['spec', 'template', 'spec', 'containers', 0, 'image'],
    textOf: (version) => `${image}:${version}`,
  });
}
