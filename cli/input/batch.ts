import { LIMITS } from '../../shared/contract/limits.ts';
import type { Place } from './place.ts';

const LINE_FEED = Buffer.from('\n');

/** Records on their way into one request, up to what a request may hold. */
export class Batch {
  readonly places: Place[] = [];
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  /** How much of the input it stands for. */
  inputBytes = 0;

  /** False where there is no room: the record was not taken. */
  add(record: Buffer, place: Place): boolean {
    const bytes = this.#bytes + record.length + LINE_FEED.length;
    if (this.places.length === LIMITS.recordsPerRequest || bytes > LIMITS.requestBytes) return false;
    this.#parts.push(record, LINE_FEED);
    this.places.push(place);
    this.#bytes = bytes;
    return true;
  }

  /** The body of the request: NDJSON. */
  body(): Buffer {
    return Buffer.concat(this.#parts, this.#bytes);
  }
}
