import type { TenantId } from '../../../contract/ids.ts';
import type { SegmentContent } from './segment-codec.ts';

/** Of one partition, and in all. A segment is some 8 KB. */
const MOST_OF_ONE = 64;
const MOST = 512;

/** Segments that were read lately, decoded. What is sealed never changes, so nothing here is ever stale. */
export class OpenedSegments {
  readonly #byPartition = new Map<string, SegmentContent[]>();
  #count = 0;

  /** The one that holds `offset`, if it is remembered; else the one that `read` gives, from now on. */
  find(tenant: TenantId, number: number, offset: number, read: () => SegmentContent): SegmentContent {
    const key = `${tenant}/${number}`;
    const known = this.#byPartition
      .get(key)
      ?.find((segment) => segment.baseOffset <= offset && offset < segment.endOffset);
    if (known !== undefined) return known;
    const segment = read();
    this.#remember(key, segment);
    return segment;
  }

  #remember(key: string, segment: SegmentContent): void {
    // Everything at once: keeping account of each use would cost more than reading some of them again.
    if (this.#count >= MOST) this.#forgetAll();
    const segments = this.#byPartition.get(key) ?? [];
    this.#byPartition.set(key, segments);
    segments.push(segment);
    if (segments.length > MOST_OF_ONE) segments.shift();
    else this.#count++;
  }

  #forgetAll(): void {
    this.#byPartition.clear();
    this.#count = 0;
  }
}
