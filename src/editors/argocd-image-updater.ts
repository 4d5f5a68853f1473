import { imageName } from './image-text.ts';
import type { YamlNode } from './yaml.ts';
import { textAt, valueAt } from './yaml-documents.ts';

/** What Argo CD Image Updater writes into the Application itself, as the annotations of the Application say. */
export interface UpdaterOwners {
  ofImage(name: string): string | undefined;
  ofParameter(name: string): string | undefined;
}

const prefix = 'argocd-image-updater.argoproj.io/';
const owner = `Argo CD Image Updater (the annotation ${prefix}image-list)`;

/** Whose the images and parameters of an Application are. Only a bot that writes to Git takes them from people. */
export function ownersOf(metadata: YamlNode | undefined): UpdaterOwners {
  const annotations = valueAt(metadata, 'annotations');
  const writes = textAt(annotations, `${prefix}write-back-method`).startsWith('git');
  const listed = writes ? imagesIn(textAt(annotations, `${prefix}image-list`)) : [];
  const names = new Set(listed.map(({ name }) => name));
  const parameters = new Set(listed.flatMap(({ alias }) => parametersOf(annotations, alias)));
  return {
    ofImage: (name) => (names.has(name) ? owner : undefined),
    ofParameter: (name) => (parameters.has(name) ? owner : undefined),
  };
}

interface Listed {
  readonly alias: string | undefined;
  /** Without the constraint on its version. */
  readonly name: string;
}

/** Reads `web=ghcr.io/acme/web:~1.2, ghcr.io/acme/api`. */
function imagesIn(list: string): readonly Listed[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [, alias, image = ''] = /^(?:([^=/:]+)=)?(.*)$/u.exec(item) ?? [];
      return { alias, name: imageName(image) };
    });
}

/** The parameters an image is written to, and those Image Updater takes when nothing names them. */
const parameterFields = { 'image-name': 'image.name', 'image-tag': 'image.tag', 'image-spec': '' } as const;

function parametersOf(annotations: YamlNode | undefined, alias: string | undefined): readonly string[] {
  const named = Object.keys(parameterFields).flatMap((field) => {
    const name = alias === undefined ? '' : textAt(annotations, `${prefix}${alias}.helm.${field}`);
    return name === '' ? [] : [name];
  });
  return named.length > 0 ? named : Object.values(parameterFields).filter((name) => name !== '');
}
