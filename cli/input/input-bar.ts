import { type Progress, progressBar } from '../output/progress-bar.ts';
import type { Source } from './sources.ts';
import type { Tally } from './tally.ts';

const totalBytes = (sources: readonly Source[]): number | undefined =>
  sources.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );

/** How much of the files is stored. None is drawn for input whose size is not known. */
export const inputBar = (sources: readonly Source[], tally: Tally): Progress & { readonly show: () => void } => {
  const total = totalBytes(sources);
  const bar = progressBar(total ?? 0);
  const startedAt = performance.now();
  const show = () => {
    if (total === undefined) return;
    const perSecond = Math.round((tally.records * 1000) / (performance.now() - startedAt));
    bar.update(tally.inputBytes, `${tally.records.toLocaleString('en')} records  ${perSecond.toLocaleString('en')}/s`);
  };
  return { ...bar, show };
};
