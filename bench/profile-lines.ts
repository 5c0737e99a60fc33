/** A node of V8's sampling profile: one function as called along one path. */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}
/** What `--cpu-prof` writes; the time since the sample before is in microseconds. */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}
interface Times {
  own: number;
  /** With everything that it called. */
  all: number;
}

const SHOWN = 60;
/** Waiting is not work. */
const IDLE = /^\((idle|program|root)\) /;

const placeOf = ({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string =>
  `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;

const ownTimes = ({ samples, timeDeltas }: Profile): Map<number, number> => {
  const own = new Map<number, number>();
  samples.forEach((id, index) => {
    own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  return own;
};

/** Milliseconds of every place. A recursive function counts once on each path. */
const timesOf = (profile: Profile): Map<string, Times> => {
  const own = ownTimes(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const times = new Map<string, Times>();
  const visit = (node: ProfileNode, above: ReadonlySet<string>): number => {
    const place = placeOf(node);
    const path = new Set(above).add(place);
    const self = own.get(node.id) ?? 0;
    const below = (node.children ?? []).map((id) => nodes.get(id)).filter((child) => child !== undefined);
    const all = below.reduce((sum, child) => sum + visit(child, path), self);
    const entry = times.get(place) ?? { own: 0, all: 0 };
    times.set(place, { own: entry.own + self, all: entry.all + (above.has(place) ? 0 : all) });
    return all;
  };
  const root = profile.nodes[0];
  if (root !== undefined) visit(root, new Set());
  return times;
};

const percent = (ms: number, total: number): string => `${((ms * 100) / total).toFixed(1).padStart(5)} %`;

/** The functions with the most time of their own; beside it their time with all that they called. Shares of the time not idle. */
export const profileLines = (profile: Profile): string[] => {
  const busy = [...timesOf(profile)].filter(([place]) => !IDLE.test(place));
  const total = busy.reduce((sum, [, times]) => sum + times.own, 0);
  const sorted = busy.sort((a, b) => b[1].own - a[1].own).slice(0, SHOWN);
  return [
    '    own      all',
    ...sorted.map(([place, { own, all }]) => `${percent(own, total)}  ${percent(all, total)}  ${place}`),
  ];
};
