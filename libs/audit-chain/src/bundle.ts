/** First line of a bundle: whose entries follow, from which on, and what stands before them. */
export interface BundleHeader {
  tenant: string;
  first: number;
  prev: string;
}

/** Last line, signed: what the bundle holds. A bundle that lacks it was cut. */
export interface BundleEnd extends BundleHeader {
  /** `first - 1` when there are no entries. */
  last: number;
  head: string;
  /** Number of checkpoints among the entries. */
  checkpoints: number;
  at: string;
  key: string;
}

const FORMAT = 'ldv-audit/1';
const END = 'ldv-audit-bundle/1';

export function bundleHeaderLine({ tenant, first, prev }: BundleHeader): string {
  return JSON.stringify({ bundle: FORMAT, tenant, first, prev });
}

export function parseHeaderLine(line: string): BundleHeader | null {
  try {
    const header = JSON.parse(line) as BundleHeader;
    return Number.isSafeInteger(header.first) && bundleHeaderLine(header) === line ? header : null;
  } catch {
    return null;
  }
}

function endText({ tenant, first, last, prev, head, checkpoints, at, key }: BundleEnd): string {
  return JSON.stringify({ tenant, first, last, prev, head, checkpoints, at, key });
}

export function signedBytesOfEnd(end: BundleEnd): Uint8Array {
  return Buffer.from(`${END}\n${endText(end)}\n`);
}

export function bundleEndLine(end: BundleEnd, signature: string): string {
  return `{"end":${endText(end)},"signature":"${signature}"}`;
}

export function parseEndLine(line: string): { end: BundleEnd; signature: string } | null {
  try {
    const { end, signature } = JSON.parse(line) as { end: BundleEnd; signature: string };
    return bundleEndLine(end, signature) === line ? { end, signature } : null;
  } catch {
    return null;
  }
}
