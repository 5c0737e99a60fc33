export interface Pace {
  readonly records: number;
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Times requests; those of several workers overlap, the whole runs from its making to `pace`. */
export class Stopwatch {
  readonly #startedAt = performance.now();
  readonly #latenciesMs: number[] = [];
  records = 0;

  async time<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    const startedAt = performance.now();
    const answer = await request();
    this.#latenciesMs.push(performance.now() - startedAt);
    return answer;
  }

  /** Percentiles by nearest rank. */
  pace(): Pace {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b);
    const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return {
      records: this.records,
      requests: sorted.length,
      seconds,
      perSecond: this.records / seconds,
      p50Ms: rank(0.5),
      p99Ms: rank(0.99),
    };
  }
}
