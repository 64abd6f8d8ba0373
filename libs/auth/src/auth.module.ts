import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { Audit } from '#audit';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { Clock, Log, type Provided } from '#kernel';
import { DatasetDirectory } from './access/dataset.directory.ts';
import { Gatekeeper } from './access/gatekeeper.ts';
import { UserRights } from './access/user-rights.ts';
import { AccessEpochs } from './access-epochs.ts';
import { AccessGuard } from './access.guard.ts';
import { ApiKeysService } from './api-keys/api-keys.service.ts';
import { KeyHolders } from './api-keys/key.holders.ts';
import { AuthCounters } from './authentication.log.ts';
import { Authenticator } from './authenticator.ts';
import { ApiKeysController } from './http/api-keys.controller.ts';
import { AuthController } from './http/auth.controller.ts';
import { ExplanationsController } from './http/explanations.controller.ts';
import { GrantsController } from './http/grants.controller.ts';
import { OidcController } from './http/oidc.controller.ts';
import { RoleLoansController } from './http/role-loans.controller.ts';
import { RolesController } from './http/roles.controller.ts';
import { TenantsController } from './http/tenants.controller.ts';
import { ExplanationsService } from './explain/explanations.service.ts';
import { GrantsService } from './grants/grants.service.ts';
import { OidcSignIns } from './oidc/oidc-sign-ins.service.ts';
import { TokenExchange } from './oidc/token-exchange.ts';
import { WorkloadsService } from './oidc/workloads.service.ts';
import { Authority } from './roles/authority.ts';
import { RoleLoansService } from './roles/role-loans.service.ts';
import { RolesService } from './roles/roles.service.ts';
import { TenantsService } from './tenants/tenants.service.ts';
import { SecondFactorController } from './http/second-factor.controller.ts';
import { SessionsController } from './http/sessions.controller.ts';
import { WorkloadsController } from './http/workloads.controller.ts';
import { UsersController } from './http/users.controller.ts';
import { type Identity, type IdentityOptions, openIdentity } from './open-identity.ts';
import { Revocations } from './revocations.ts';
import { SecondFactorsService } from './second-factor/second-factors.service.ts';
import { SessionsService } from './sessions/sessions.service.ts';
import { SignIns } from './sessions/sign-ins.ts';
import { Tokens } from './sessions/tokens.ts';
import { OwnPasswordService } from './users/own-password.service.ts';
import { UserRepository } from './users/user.repository.ts';
import { UsersService } from './users/users.service.ts';

export type AuthOptions = IdentityOptions;

const IDENTITY = Symbol('identity');

/** One part of the identity under its own type, for whoever asks for that alone. */
function part(token: Provided['provide'], pick: (identity: Identity) => unknown): FactoryProvider {
  return { provide: token, useFactory: pick, inject: [IDENTITY] };
}

/** Signs people in, and guards every route of the application. */
@Module({})
export class AuthModule {
  static forRoot(options: AuthOptions): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [JwtModule.register({})],
      controllers: [
        AuthController,
        SessionsController,
        SecondFactorController,
        UsersController,
        ApiKeysController,
        RolesController,
        RoleLoansController,
        GrantsController,
        TenantsController,
        ExplanationsController,
        OidcController,
        WorkloadsController,
      ],
      providers: [
        {
          provide: IDENTITY,
          useFactory: (
            jwt: JwtService,
            database: Database,
            audit: Audit,
            keys: KeyService,
            datasets: DatasetDirectory,
            counters: AuthCounters,
            clock: Clock,
            log: Log,
          ) => openIdentity({ jwt, database, audit, keys, datasets, counters, clock, log }, options),
          inject: [JwtService, Database, Audit, KeyService, DatasetDirectory, AuthCounters, Clock, Log],
        },
        part(AccessEpochs, ({ epochs }) => epochs),
        part(UserRepository, ({ users }) => users),
        part(Tokens, ({ tokens }) => tokens),
        part(KeyHolders, ({ keyHolders }) => keyHolders),
        part(Authenticator, ({ authenticator }) => authenticator),
        part(Gatekeeper, ({ gatekeeper }) => gatekeeper),
        part(UserRights, ({ userRights }) => userRights),
        part(Authority, ({ authority }) => authority),
        part(RolesService, ({ roles }) => roles),
        part(RoleLoansService, ({ roleLoans }) => roleLoans),
        part(GrantsService, ({ grants }) => grants),
        part(TenantsService, ({ tenants }) => tenants),
        part(OidcSignIns, ({ oidc }) => oidc),
        part(TokenExchange, ({ exchange }) => exchange),
        part(WorkloadsService, ({ workloads }) => workloads),
        part(ExplanationsService, ({ explanations }) => explanations),
        part(SignIns, ({ signIns }) => signIns),
        part(SessionsService, ({ ownSessions }) => ownSessions),
        part(OwnPasswordService, ({ ownPasswords }) => ownPasswords),
        part(ApiKeysService, ({ ownKeys }) => ownKeys),
        part(SecondFactorsService, ({ secondFactors }) => secondFactors),
        part(UsersService, ({ people }) => people),
        part(Revocations, ({ revocations }) => revocations),
        {
          provide: APP_GUARD,
          useFactory: (reflector: Reflector, who: Authenticator, gatekeeper: Gatekeeper) =>
            new AccessGuard(reflector, who, gatekeeper),
          inject: [Reflector, Authenticator, Gatekeeper],
        },
      ],
      exports: [AccessEpochs, Authenticator, Gatekeeper, GrantsService, UserRepository, UserRights, Tokens, KeyHolders],
    };
  }
}
