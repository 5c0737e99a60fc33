import { addAbortSignal, type Readable } from 'node:stream';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { BatchSender } from './batch-sender.ts';
import { atPlace } from './place.ts';
import type { Source } from './sources.ts';
import { splitLines } from './split-lines.ts';

type MakeRecord = (line: Buffer) => Buffer | string | undefined;

const sendSource = async (source: Source, makeRecord: MakeRecord, sender: BatchSender): Promise<void> => {
  const stream = addAbortSignal(sender.failed, source.open() as Readable);
  let line = 0;
  for await (const lines of splitLines(stream, LIMITS.requestBytes)) {
    for (const bytes of lines) {
      line += 1;
      const place = { source: source.name, line };
      try {
        const record = makeRecord(bytes);
        if (record !== undefined) await sender.add(Buffer.from(record), place, bytes.length + 1);
      } catch (error) {
        throw atPlace(error, place);
      }
    }
    sender.flush();
  }
};

/** Every line of every source, in order. Ends when all is stored; what was under way when something failed has ended too. */
export const sendLines = async (
  sources: readonly Source[],
  makeRecord: MakeRecord,
  sender: BatchSender,
): Promise<void> => {
  try {
    for (const source of sources) await sendSource(source, makeRecord, sender);
  } catch (error) {
    await sender.drain();
    throw error;
  }
  await sender.drain();
};
