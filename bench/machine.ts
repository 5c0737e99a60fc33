import { cpus, loadavg } from 'node:os';

/** Where this was measured. `shares`: who has the processors together. */
export const machine = (shares: string): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const others = (loadavg()[0] ?? 0).toFixed(1);
  return `${cpus().length} cores (${model}), ${shares} together, Node ${process.versions.node}; load average before: ${others}`;
};
