import type { Audit } from '#audit';
import type { Database } from '#database';
import type { Clock } from '#kernel';
import type { AccessEpochs } from './access-epochs.ts';
import type { AuthenticationLog } from './authentication.log.ts';
import { ExternalIdentityRepository } from './oidc/external-identity.repository.ts';
import { IssuerKeys } from './oidc/issuer-keys.ts';
import { OidcSignIns, type ProviderSettings } from './oidc/oidc-sign-ins.service.ts';
import { OidcProvider, type ProviderOptions } from './oidc/oidc.provider.ts';
import { SealedAttempts } from './oidc/sealed-attempt.ts';
import { TokenExchange } from './oidc/token-exchange.ts';
import { WorkloadRepository } from './oidc/workload.repository.ts';
import { WorkloadsService } from './oidc/workloads.service.ts';
import type { Revocations } from './revocations.ts';
import type { Authority } from './roles/authority.ts';
import type { SignIns } from './sessions/sign-ins.ts';
import type { TokenKeys } from './sessions/token-keys.ts';
import type { Tokens } from './sessions/tokens.ts';
import type { UserRepository } from './users/user.repository.ts';

export type OidcProviderOptions = ProviderOptions & ProviderSettings;

export interface OutsideOptions {
  /** None where nobody signs in by an identity provider. */
  provider?: OidcProviderOptions;
  workloadIssuers: readonly string[];
}

export interface OutsideParts {
  database: Database;
  users: UserRepository;
  revocations: Revocations;
  epochs: AccessEpochs;
  authority: Authority;
  signIns: SignIns;
  tokens: Tokens;
  tokenKeys: TokenKeys;
  authentications: AuthenticationLog;
  audit: Audit;
  clock: Clock;
}

/** Whoever others vouch for: people by an identity provider, and programs by a token of their platform. */
export interface OutsideRoom {
  oidc: OidcSignIns;
  workloads: WorkloadsService;
  exchange: TokenExchange;
}

export function openOutside(parts: OutsideParts, options: OutsideOptions = { workloadIssuers: [] }): OutsideRoom {
  const { database, users, tokenKeys, tokens, authentications, clock } = parts;
  const { provider = null, workloadIssuers } = options;
  const issuers = new IssuerKeys(workloadIssuers);
  const workloads = new WorkloadRepository(database);
  const identities = new ExternalIdentityRepository(database);
  const attempts = new SealedAttempts(tokenKeys);
  return {
    oidc: new OidcSignIns({ ...parts, identities, attempts }, provider && new OidcProvider(provider), provider),
    workloads: new WorkloadsService({ ...parts, workloads, issuers }),
    exchange: new TokenExchange({ database, workloads, users, issuers, tokens, authentications, clock }),
  };
}
