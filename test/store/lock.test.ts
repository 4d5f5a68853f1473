import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFile } from '../../src/store/lock.ts';
import { scratchFolder } from './scratch-folder.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = scratchFolder();
  file = join(folder, 'pawl.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('only one holds it at a time, the other learns who, and it is free again afterwards', () => {
  const unlock = lockFile(file);
  const sentence = `The database ${file} is in use by process ${process.pid} on ${hostname()}. One data folder serves one process: stop the other one first, or give this one a folder of its own.`;
  expect(() => lockFile(file)).toThrow(sentence);
  unlock();
  lockFile(file)();
});

test('another file is another lock', () => {
  const unlock = lockFile(file);
  lockFile(`${file}-other`)();
  unlock();
});

test('one that is only just being taken is refused too', () => {
  const taker = new DatabaseSync(`${file}.lock`);
  taker.exec('BEGIN EXCLUSIVE');
  expect(() => lockFile(file)).toThrow('in use by process that is starting now');
  taker.close();
});

test('a folder that is missing is an error of its own, not another process', () => {
  expect(() => lockFile(join(folder, 'missing', 'pawl.sqlite'))).toThrow('unable to open database file');
});
