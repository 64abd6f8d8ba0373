import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { newId, type Principal } from '#kernel';
import { type Authenticated, Permit, Public } from './access.decorators.ts';
import { AccessGuard } from './access.guard.ts';
import { Unauthorized } from './auth.errors.ts';
import type { Authenticator } from './authenticator.ts';

class Routes {
  @Public()
  open(): void {}
  @Permit('dataset:read')
  read(): void {}
  @Permit('dataset:write')
  write(): void {}
  undeclared(): void {}
}

describe('the guard', () => {
  const reader: Principal = { id: newId(), tenantId: newId(), permissions: new Set(['dataset:read']) };
  const denials: unknown[][] = [];
  const who = {
    principal: async (token: string) => {
      if (token !== 'good') throw new Unauthorized();
      return reader;
    },
    deny: async (...denial: unknown[]) => {
      denials.push(denial);
    },
  } as unknown as Authenticator;
  const guard = new AccessGuard(new Reflector(), who);

  function ask(route: keyof Routes, authorization?: string, request: Authenticated = { headers: { authorization } }) {
    const context = {
      getHandler: () => Routes.prototype[route],
      getClass: () => Routes,
      switchToHttp: () => ({ getRequest: () => request }),
    } as unknown as ExecutionContext;
    return guard.canActivate(context);
  }

  it('lets everybody into a public route', async () => {
    expect(await ask('open')).toBe(true);
  });

  it('lets in who has the permission, and says who it is', async () => {
    const request: Authenticated = { headers: { authorization: 'Bearer good' } };
    expect(await ask('read', undefined, request)).toBe(true);
    expect(request.principal).toBe(reader);
  });

  it('refuses who has another', async () => {
    await expect(ask('write', 'Bearer good')).rejects.toMatchObject({ code: 'forbidden' });
    expect(denials).toEqual([[reader, 'dataset:write', '']]);
  });

  it('tells what was refused: by its id, or by the route where what was typed is no id', async () => {
    const request = (id: string): Authenticated => ({
      headers: { authorization: 'Bearer good' },
      method: 'POST',
      params: { id },
      routeOptions: { url: '/api/v1/datasets/:id' },
    });
    await expect(ask('write', undefined, request('ds_01jz0000000000000000000000'))).rejects.toThrow();
    expect(denials.at(-1)?.[2]).toBe('ds_01jz0000000000000000000000');
    await expect(ask('write', undefined, request('jane@example.org'))).rejects.toThrow();
    expect(denials.at(-1)?.[2]).toBe('POST /api/v1/datasets/:id');
  });

  it('invariant 3: refuses everybody on a route that declares nothing', async () => {
    await expect(ask('undeclared', 'Bearer good')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask('undeclared')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    undefined,
    '',
    'good',
    'Bearer',
    'Bearer ',
    'Bearer bad',
    'Basic good',
    'Bearer good good',
    'Bearer good, Bearer bad',
  ])('refuses the header %j', async (header) => {
    await expect(ask('read', header)).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
