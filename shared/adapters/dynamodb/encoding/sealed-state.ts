import { Decoder, Encoder } from './byte-codec.ts';

/**
 * What the head knows of everything sealed. It changes with the tail's base offset and never else, so that whoever knows the base
 * knows this too.
 */
export interface SealedState {
  /** Segments that were ever sealed. */
  readonly segments: number;
  /** Bytes of all their entries, trimmed ones too. */
  readonly bytes: number;
  /**
   * The latest timestamp in the unfinished part of each level of the time index (see time-index.ts), the lowest level first. As many
   * as `segments` has digits in base `FAN_OUT`; 0 where nothing is unfinished.
   */
  readonly peaks: readonly number[];
}

export const NOTHING_SEALED: SealedState = { segments: 0, bytes: 0, peaks: [] };

/** Peaks as differences, since those of neighbouring levels are near each other: about 20 bytes in all. */
export const encodeSealedState = ({ segments, bytes, peaks }: SealedState): Uint8Array => {
  const to = new Encoder().integer(segments).integer(bytes);
  let before = 0;
  for (const peak of peaks) {
    to.integer(peak - before);
    before = peak;
  }
  return to.bytes();
};

export const decodeSealedState = (stored: Uint8Array): SealedState => {
  const from = new Decoder(stored);
  const segments = from.integer();
  const bytes = from.integer();
  const peaks: number[] = [];
  while (!from.atEnd) peaks.push(from.integer() + (peaks.at(-1) ?? 0));
  return { segments, bytes, peaks };
};
