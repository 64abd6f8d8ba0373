// audit-chain: the form of the audit's chain, and how to tell whether one is whole. Pure: no database, no files, no server.
export { ENTRY_PAGE, entryHash, entryLine, eventText, genesisOf } from './entry.ts';
export type { ChainEntry, StoredEvent } from './entry.ts';
export {
  checkpointHash,
  checkpointLine,
  noCheckpoint,
  parseCheckpoint,
  signedBytesOfCheckpoint,
} from './checkpoint.ts';
export type { Checkpoint } from './checkpoint.ts';
export { bundleEndLine, bundleHeaderLine, signedBytesOfEnd } from './bundle.ts';
export type { BundleEnd, BundleHeader } from './bundle.ts';
export { ChainCheck } from './chain.check.ts';
export type { Flaw, FlawKind } from './chain.check.ts';
export { keyIdOf, PublicKeys } from './public-keys.ts';
export { BundleVerifier, verifyBundle } from './bundle.verifier.ts';
export type { BundleReport } from './bundle.verifier.ts';
