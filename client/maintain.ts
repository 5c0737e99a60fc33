import { jsonOf, type Transport } from './transport.ts';

export interface RepairReport {
  readonly checked: number;
  readonly copied: number;
  readonly short: number;
  readonly unreadable: number;
  readonly nextCursor: string | null;
}

export const maintainOf = (transport: Transport) => ({
  /** Some seconds' worth of it; go on with the answer's `nextCursor` until that is null. Operator only. */
  repair: async (cursor?: string): Promise<RepairReport> => {
    const json = cursor === undefined ? {} : { cursor };
    return jsonOf(await transport({ method: 'POST', path: '/v1/repair', json }));
  },
});
