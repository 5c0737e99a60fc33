import fs from 'node:fs';
import path from 'node:path';

const withDescriptor = (file: string, flags: string, work: (descriptor: number) => void): void => {
  const descriptor = fs.openSync(file, flags, 0o600);
  try {
    work(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
};

/** Makes created, renamed and removed names of a folder durable. */
export const syncFolder = (folder: string): void => withDescriptor(folder, 'r', fs.fsyncSync);

/** A small file, there as a whole or not at all; durable when it returns. */
export const writeDurably = (folder: string, name: string, text: string): void => {
  const unfinished = path.join(folder, `${name}.new`);
  withDescriptor(unfinished, 'w', (descriptor) => {
    fs.writeSync(descriptor, text);
    fs.fsyncSync(descriptor);
  });
  fs.renameSync(unfinished, path.join(folder, name));
  syncFolder(folder);
};
