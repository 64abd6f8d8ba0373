import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Audit, AuditEntry } from '#audit';
import type { Database } from '#database';
import { newId, type Principal, showId, SilentLog } from '#kernel';
import { SaidDatasets } from '../../../test/support/gatekeeper.ts';
import { Counts, SetClock } from '../../../test/support/identity.ts';
import { Gatekeeper } from './access/gatekeeper.ts';
import { type Authenticated, credentialOf, Permit, PermitThroughViews, Public } from './access.decorators.ts';
import { AccessGuard } from './access.guard.ts';
import { Unauthorized } from './auth.errors.ts';
import type { Authenticator } from './authenticator.ts';

const here = <T>(_: string, work: () => Promise<T>): Promise<T> => work();

class Routes {
  @Public()
  open(): void {}
  @Permit('dataset:read')
  read(): void {}
  @Permit('dataset:write')
  write(): void {}
  @Permit('account:read')
  account(): void {}
  @Permit('job:read')
  job(): void {}
  @Permit('dataset:read', 'each')
  list(): void {}
  @PermitThroughViews('record:read')
  records(): void {}
  @Permit('record:read')
  findings(): void {}
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
  } as unknown as Authenticator;
  const audit = {
    append: async (caller: unknown, { action, resource, reason }: AuditEntry) => {
      denials.push([caller, action, resource, reason]);
    },
  } as unknown as Audit;
  const gatekeeper = new Gatekeeper({
    database: { inTenant: here, apart: here } as unknown as Database,
    datasets: new SaidDatasets(),
    audit,
    counters: new Counts(),
    clock: new SetClock(),
    log: new SilentLog(),
  });
  const guard = new AccessGuard(new Reflector(), who, gatekeeper);

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
    expect(denials).toEqual([[reader, 'dataset:write', '', 'the permission is missing']]);
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

  it.each<[string, Record<string, string>, string]>([
    ['as a bearer', { authorization: 'Bearer ldv_key' }, 'ldv_key'],
    ['in its own header', { 'x-api-key': 'ldv_key' }, 'ldv_key'],
  ])('takes an API key %s', (_, headers, credential) => {
    expect(credentialOf(headers)).toBe(credential);
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['two credentials', { authorization: 'Bearer good', 'x-api-key': 'ldv_key' }],
    ['an access token in the header of API keys', { 'x-api-key': 'good' }],
    ['two API keys', { 'x-api-key': ['ldv_one', 'ldv_two'] }],
    ['a key with a line end', { 'x-api-key': 'ldv_key\n' }],
    ['an endless key', { 'x-api-key': `ldv_${'x'.repeat(200)}` }],
  ])('takes no %s', (_, headers) => {
    expect(credentialOf(headers)).toBeNull();
  });

  describe('where a credential is bound to datasets', () => {
    const mine = newId();
    const bound: Principal = {
      ...reader,
      permissions: new Set(['dataset:read', 'account:read', 'job:read']),
      datasetIds: new Set([mine]),
    };
    const guarded = new AccessGuard(
      new Reflector(),
      Object.assign(Object.create(who) as Authenticator, { principal: async () => bound }),
      gatekeeper,
    );
    const reach = (route: keyof Routes, id?: string): Promise<boolean> => {
      const request: Authenticated = {
        headers: { authorization: 'Bearer good' },
        method: 'GET',
        params: id ? { id } : {},
      };
      return guarded.canActivate({
        getHandler: () => Routes.prototype[route],
        getClass: () => Routes,
        switchToHttp: () => ({ getRequest: () => request }),
      } as unknown as ExecutionContext);
    };

    it('lets it reach them, and what has to do with none', async () => {
      expect(await reach('read', showId('ds', mine))).toBe(true);
      expect(await reach('account')).toBe(true);
    });

    it('lets it ask for a list that says which of them it has', async () => {
      expect(await reach('list')).toBe(true);
    });

    it.each([
      ['another dataset', 'read' as const, showId('ds', newId())],
      ['all of them', 'read' as const, undefined],
      ['something by an id of another kind', 'job' as const, showId('job', mine)],
      ['something by no id', 'job' as const, 'ds_nonsense'],
    ])('keeps it from %s, and tells', async (_, route, id) => {
      await expect(reach(route, id)).rejects.toMatchObject({ code: 'forbidden' });
      expect(denials.at(-1)).toEqual([
        bound,
        expect.any(String),
        expect.any(String),
        'the API key is for other datasets',
      ]);
    });
  });

  describe('where records are read through views', () => {
    const dataset = showId('ds', newId());
    const holding = (...held: string[]) => ({ ...reader, permissions: new Set(held) });
    const ask = (route: keyof Routes, caller: Principal, query: Record<string, unknown>): Promise<boolean> => {
      const known = Object.assign(Object.create(who) as Authenticator, { principal: async () => caller });
      const request: Authenticated = { headers: { authorization: 'Bearer good' }, params: { id: dataset }, query };
      return new AccessGuard(new Reflector(), known, gatekeeper).canActivate({
        getHandler: () => Routes.prototype[route],
        getClass: () => Routes,
        switchToHttp: () => ({ getRequest: () => request }),
      } as unknown as ExecutionContext);
    };

    it('lets in who may read them as they are, with a view and without', async () => {
      expect(await ask('records', holding('record:read'), { view: 'ml-safe' })).toBe(true);
      expect(await ask('records', holding('record:read'), {})).toBe(true);
    });

    it('lets in who may read through views, where the request names one', async () => {
      expect(await ask('records', holding('record:read-masked'), { view: 'ml-safe' })).toBe(true);
    });

    it.each([[{}], [{ view: ['ml-safe', 'ml-safe'] }], [{ view: { name: 'ml-safe' } }], [{ View: 'ml-safe' }]])(
      'keeps them out with %j, and says what is missing',
      async (query) => {
        await expect(ask('records', holding('record:read-masked'), query)).rejects.toMatchObject({ code: 'forbidden' });
        expect(denials.at(-1)?.slice(1)).toEqual([
          'record:read',
          dataset,
          'the caller reads through views alone, and the request names none with ?view=',
        ]);
      },
    );

    it('keeps them out of every other route, whatever view they name', async () => {
      const caller = holding('record:read-masked', 'dataset:export-masked');
      await expect(ask('findings', caller, { view: 'ml-safe' })).rejects.toMatchObject({ code: 'forbidden' });
    });

    it('keeps out who may do neither, in words that promise nothing', async () => {
      await expect(ask('records', holding('dataset:read'), {})).rejects.toMatchObject({ code: 'forbidden' });
      expect(denials.at(-1)?.[3]).toBe('the permission is missing');
      await expect(ask('records', holding('dataset:read'), { view: 'ml-safe' })).rejects.toMatchObject({
        code: 'forbidden',
      });
      expect(denials.at(-1)?.[1]).toBe('record:read-masked');
    });
  });
});
