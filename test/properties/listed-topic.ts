import { PARTITIONS, type Step, type World } from './log-steps.ts';
import { stampOf } from './stamp.ts';

interface Listed {
  readonly values: string[];
  start: number;
}

/** A topic as plain lists: what the bus has to look like from outside. */
export const createListedTopic = (): World => {
  let lists: Listed[] = [];
  const told = new Map<string, unknown>();
  let named = 0;
  const make = (): void => {
    lists = Array.from({ length: PARTITIONS }, () => ({ values: [], start: 0 }));
  };
  make();
  const append = (partition: number): [number, number] => {
    const { values } = lists[partition]!;
    return [partition, values.push(`v${named++}`) - 1];
  };
  const numbersOf = ({ values, start }: Listed) => [start, values.length];
  const shown = (list: Listed, from: number, limit: number) => {
    if (from < list.start || from > list.values.length) return ['offset_out_of_range', ...numbersOf(list)];
    const end = Math.min(from + limit, list.values.length);
    return [list.values.slice(from, end), end, ...numbersOf(list)];
  };
  const produce = (step: Extract<Step, { kind: 'produce' }>): unknown => {
    if (step.onlyAt === 'any') return step.partitions.map(append);
    const list = lists[step.partitions[0]!]!;
    const refused = ['precondition_failed', list.values.length];
    if (step.onlyAt === 'behind') {
      named += step.partitions.length;
      return refused;
    }
    return step.partitions.map(() => append(step.partitions[0]!));
  };
  const trim = (list: Listed, percent: number): unknown => {
    const before = Math.min(Math.floor((percent / 100) * list.values.length), list.values.length);
    list.start = Math.max(list.start, before);
    return list.start;
  };
  const since = (list: Listed, timestamp: number): unknown => {
    const found = list.values.findIndex((value, at) => at >= list.start && stampOf(value) >= timestamp);
    return shown(list, found === -1 ? list.values.length : found, 1);
  };
  const once = ({ key, partitions }: Extract<Step, { kind: 'once' }>): unknown => {
    const name = `${key}/${partitions.join()}`;
    const known = told.get(name);
    if (known !== undefined) {
      named += partitions.length;
      return [known, true];
    }
    const answer = partitions.map(append);
    told.set(name, answer);
    return [answer, false];
  };
  return {
    perform: async (step) => {
      if (step.kind === 'produce') return produce(step);
      if (step.kind === 'burst') return Array.from({ length: step.commits }, () => append(step.partition));
      if (step.kind === 'once') return once(step);
      if (step.kind === 'recreate') return make();
      if (!('partition' in step)) return undefined;
      const list = lists[step.partition]!;
      if (step.kind === 'trim') return trim(list, step.percent);
      if (step.kind === 'since') return since(list, step.timestamp);
      return shown(list, Math.floor((step.percent / 100) * list.values.length), step.limit);
    },
  };
};
