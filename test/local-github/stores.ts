import { join } from 'node:path';
import type { ObjectStore } from './object-store.ts';
import { GitStore } from './objects-git.ts';

/** Where repos can be kept. */
export const storeKinds = ['git'] as const;
export type StoreKind = (typeof storeKinds)[number];

export interface StorePlace {
  /** Folder of all repos. */
  readonly folder: string;
  readonly fullName: string;
  readonly defaultBranch: string;
}

export const stores: Readonly<Record<StoreKind, (place: StorePlace) => ObjectStore>> = {
  git: ({ folder, fullName, defaultBranch }) => new GitStore(join(folder, `${fullName}.git`), defaultBranch),
};
