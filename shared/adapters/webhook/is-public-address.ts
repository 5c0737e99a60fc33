import ipaddr from 'ipaddr.js';

/** All of today's public unicast addresses (IANA, "IPv6 Global Unicast Address Assignments"). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** Public by their number, and yet answered inside a cloud: Azure's wire server. */
const SERVICES: ReadonlySet<string> = new Set(['168.63.129.16']);

/** RFC 5214, section 6.1: the second half of an ISATAP address is 0:5efe or 200:5efe and an IPv4 address. */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean => parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200);

const isPublicV6 = (address: ipaddr.IPv6): boolean =>
  address.match(GLOBAL_UNICAST) && address.zoneId === undefined && !isIsatap(address);

/**
 * Whether an address belongs to the public internet: in no range of the IANA special-purpose registries (RFC 6890 and its successors),
 * nor one that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo, ISATAP): where such a packet ends is not ours to know.
 */
export const isPublicAddress = (text: string): boolean => {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast' || SERVICES.has(address.toString())) return false;
  return address.kind() === 'ipv4' || isPublicV6(address as ipaddr.IPv6);
};
