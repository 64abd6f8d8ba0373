import { BlockList, isIP } from 'node:net';

const CIDR = /^([0-9a-fA-F.:]{2,45})(?:\/(\d{1,3}))?$/;

interface Network {
  address: string;
  family: 'ipv4' | 'ipv6';
  bits: number;
}

/** An address or a network in CIDR notation, or null for anything else. */
function networkOf(text: string): Network | null {
  const [, address = '', prefix] = CIDR.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return null;
  const most = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? most : Number(prefix);
  return bits <= most ? { address, family: version === 4 ? 'ipv4' : 'ipv6', bits } : null;
}

export function isNetwork(text: string): boolean {
  return networkOf(text) !== null;
}

/** Whether an address is in one of the networks; nobody is, whose address is not known. */
export function isWithin(networks: readonly string[], ip: string | undefined): boolean {
  const list = new BlockList();
  for (const { address, family, bits } of networks.map(networkOf).filter((each) => each !== null)) {
    list.addSubnet(address, bits, family);
  }
  // A server that listens on IPv6 sees the IPv4 world as ::ffff:192.0.2.1.
  const address = ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
