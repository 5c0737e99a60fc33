import { lookup as dnsLookup } from 'node:dns/promises';
import { isPublicAddress } from './is-public-address.ts';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

/** An address that a name must not have. */
export class AddressRefusedError extends Error {
  readonly code = 'ERR_ADDRESS_REFUSED';

  constructor() {
    super('The endpoint has an address that is not public.');
    this.name = 'AddressRefusedError';
  }
}

/** As the system resolves; which is what an operator has configured. */
export const systemResolve: Resolve = (host) => dnsLookup(host, { all: true, verbatim: true });

/** One bad address among good ones is a name that is being turned against us: all are refused. @throws {AddressRefusedError} */
export const resolveChecked = async (
  resolve: Resolve,
  host: string,
  allowPrivate: boolean,
): Promise<readonly Address[]> => {
  const addresses = await resolve(host);
  if (addresses.length === 0) throw new Error('The name has no address.');
  if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) throw new AddressRefusedError();
  return addresses;
};
