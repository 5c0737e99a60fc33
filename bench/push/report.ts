import type { Latencies } from './latency.ts';
import type { Neighbours } from './neighbour.ts';
import type { Throughput } from './throughput.ts';

export interface Row extends Throughput {
  readonly name: string;
  /** Of what node:http does alone, in the same round. */
  readonly ratio: number;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const at = (times: readonly number[], share: number): number => times[Math.floor(share * times.length)] ?? Number.NaN;
const verdict = (met: boolean): string => (met ? 'met' : 'missed');

const latencyRows = ({ produce, webhook, longPoll }: Latencies): string[] => {
  const bar = 10 * at(produce, 0.5);
  const row = (name: string, times: readonly number[], judged: boolean): string => {
    const p99 = at(times, 0.99);
    const against = judged ? `< ${bar.toFixed(1)} | ${verdict(p99 < bar)}` : ' | ';
    return `| ${name} | ${at(times, 0.5).toFixed(2)} | ${p99.toFixed(2)} | ${against} |`;
  };
  return [
    '| from the produce request to | p50 ms | p99 ms | bar for p99 | |',
    '| --- | ---: | ---: | ---: | --- |',
    row('its durable answer', produce, false),
    row("the webhook's arrival", webhook, true),
    row('the answer of a long poll that waits', longPoll, true),
  ];
};

export const toMarkdown = (
  where: string,
  rows: readonly Row[],
  { alonePerSecond, besidePerSecond, ratio }: Neighbours,
  latencies: Latencies,
): string =>
  [
    where,
    '',
    '| deliveries of 1 KiB | requests/s | records/s | ÷ bare node:http | server CPU µs/request |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${whole(row.requestsPerSecond)} | ${whole(row.recordsPerSecond)} | ${row.ratio.toFixed(2)} | ${whole(row.cpuMicrosPerRequest)} |`,
    ),
    '',
    `Beside two subscriptions to the same topic, one of them answered after 500 ms and one never: ${whole(besidePerSecond)} a second, alone ${whole(alonePerSecond)}; ratio ${ratio.toFixed(2)}, bar ≥ 0.90: ${verdict(ratio >= 0.9)}.`,
    '',
    ...latencyRows(latencies),
  ].join('\n');
