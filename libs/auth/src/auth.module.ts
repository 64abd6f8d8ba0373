import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { Audit } from '#audit';
import { Database } from '#database';
import { Clock, Log, provided, providedBy } from '#kernel';
import { AccessGuard } from './access.guard.ts';
import { AuthCounters, Authenticator } from './authenticator.ts';
import { AuthController } from './http/auth.controller.ts';
import { Passwords } from './passwords.ts';
import { type TokenOptions, Tokens } from './tokens.ts';
import { UserRepository } from './user.repository.ts';

export interface AuthOptions {
  tokens: TokenOptions;
}

/** Signs people in, and guards every route of the application. */
@Module({})
export class AuthModule {
  static forRoot(options: AuthOptions): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [JwtModule.register({})],
      controllers: [AuthController],
      providers: [
        Passwords,
        provided(UserRepository, [Database]),
        providedBy(Tokens, [JwtService], (jwt) => new Tokens(jwt, options.tokens)),
        providedBy(
          Authenticator,
          [Database, UserRepository, Passwords, Tokens, Audit, AuthCounters, Clock, Log],
          (database, users, passwords, tokens, audit, counters, clock, log) =>
            new Authenticator({ database, users, passwords, tokens, audit, counters, clock, log }),
        ),
        {
          provide: APP_GUARD,
          useFactory: (reflector: Reflector, who: Authenticator) => new AccessGuard(reflector, who),
          inject: [Reflector, Authenticator],
        },
      ],
      exports: [Authenticator, UserRepository, Passwords, Tokens],
    };
  }
}
