import type { JwtService } from '@nestjs/jwt';
import type { Audit } from '#audit';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import type { Clock, Log } from '#kernel';
import type { DatasetDirectory } from './access/dataset.directory.ts';
import { AccessEpochs } from './access-epochs.ts';
import { ApiKeyRepository } from './api-keys/api-key.repository.ts';
import { ApiKeysService } from './api-keys/api-keys.service.ts';
import { KeyHolders } from './api-keys/key.holders.ts';
import { type AuthCounters, AuthenticationLog } from './authentication.log.ts';
import { Authenticator } from './authenticator.ts';
import { openOutside, type OutsideOptions, type OutsideRoom } from './open-outside.ts';
import { openRights, type RightsRoom } from './open-rights.ts';
import { Revocations } from './revocations.ts';
import { TenantsService } from './tenants/tenants.service.ts';
import { SecondFactorRepository } from './second-factor/second-factor.repository.ts';
import { SecondFactorsService } from './second-factor/second-factors.service.ts';
import { type Lifetimes, SessionRepository } from './sessions/session.repository.ts';
import { SessionsService } from './sessions/sessions.service.ts';
import { SignIns } from './sessions/sign-ins.ts';
import type { TokenKeys } from './sessions/token-keys.ts';
import { type TokenOptions, Tokens } from './sessions/tokens.ts';
import { OwnPasswordService } from './users/own-password.service.ts';
import { Passwords } from './users/passwords.ts';
import { SignInFailureRepository } from './users/sign-in-failure.repository.ts';
import { SignInLimiter } from './users/sign-in.limiter.ts';
import { UserRepository } from './users/user.repository.ts';
import { UsersService } from './users/users.service.ts';

export interface IdentityParts {
  database: Database;
  audit: Audit;
  clock: Clock;
  log: Log;
}

/** Users and revocations: all that commands need, with nothing but the database. */
export interface Accounts {
  users: UserRepository;
  passwords: Passwords;
  limiter: SignInLimiter;
  sessions: SessionRepository;
  apiKeys: ApiKeyRepository;
  epochs: AccessEpochs;
  revocations: Revocations;
  people: UsersService;
}

/** A session lives no longer than this, whatever is set. */
const ABSOLUTE_DAYS = 30;
const LIFETIMES: Lifetimes = { idleHours: 24, refreshDays: 7, absoluteDays: ABSOLUTE_DAYS };

export function openAccounts({ database, audit, clock }: IdentityParts, lifetimes = LIFETIMES): Accounts {
  const users = new UserRepository(database);
  const passwords = new Passwords();
  const limiter = new SignInLimiter(database, new SignInFailureRepository(database));
  const sessions = new SessionRepository(database, lifetimes);
  const apiKeys = new ApiKeyRepository(database);
  const epochs = new AccessEpochs(database, clock);
  const revocations = new Revocations({ database, sessions, apiKeys, epochs, audit });
  const people = new UsersService({ database, users, passwords, limiter, revocations, epochs, audit });
  return { users, passwords, limiter, sessions, apiKeys, epochs, revocations, people };
}

export interface IdentityOptions {
  tokenKeys: TokenKeys;
  tokens: TokenOptions;
  lifetimes: Omit<Lifetimes, 'absoluteDays'>;
  outside?: OutsideOptions;
}

/** Everything of this room that a server needs. */
export interface Identity extends Accounts, RightsRoom, OutsideRoom {
  tokens: Tokens;
  authenticator: Authenticator;
  tenants: TenantsService;
  signIns: SignIns;
  ownSessions: SessionsService;
  ownPasswords: OwnPasswordService;
  ownKeys: ApiKeysService;
  keyHolders: KeyHolders;
  secondFactors: SecondFactorsService;
}

export interface ServerParts extends IdentityParts {
  jwt: JwtService;
  keys: KeyService;
  datasets: DatasetDirectory;
  counters: AuthCounters;
}

export function openIdentity(parts: ServerParts, options: IdentityOptions): Identity {
  const accounts = openAccounts(parts, { ...options.lifetimes, absoluteDays: ABSOLUTE_DAYS });
  const room = openRights({ ...parts, ...accounts });
  const { database, audit, counters, log } = parts;
  const tokens = new Tokens(parts.jwt, options.tokenKeys, options.tokens);
  const authentications = new AuthenticationLog(database, audit, counters, log);
  const together = { ...parts, ...accounts, ...room, tokens, tokenKeys: options.tokenKeys, authentications };
  const people = openPeople(together, options.tokens.issuer);
  const keyHolders = new KeyHolders(together);
  return {
    ...accounts,
    ...room,
    ...people,
    ...openOutside({ ...together, signIns: people.signIns }, options.outside),
    tokens,
    keyHolders,
    authenticator: new Authenticator({ ...together, keyHolders }),
    ownKeys: new ApiKeysService(together),
    tenants: new TenantsService(database, accounts.users, accounts.people, audit),
  };
}

type Together = ServerParts & Accounts & { tokens: Tokens; tokenKeys: TokenKeys; authentications: AuthenticationLog };

/** How people show who they are, and what they do with their own account. */
function openPeople(
  parts: Together,
  issuer: string,
): Pick<Identity, 'ownSessions' | 'secondFactors' | 'signIns' | 'ownPasswords'> {
  const { database } = parts;
  const ownSessions = new SessionsService({ ...parts, keys: parts.tokenKeys });
  const factors = new SecondFactorRepository(database);
  const secondFactors = new SecondFactorsService({ ...parts, factors, issuer });
  return {
    ownSessions,
    secondFactors,
    signIns: new SignIns({ ...parts, sessions: ownSessions, secondFactors }),
    ownPasswords: new OwnPasswordService(parts),
  };
}
