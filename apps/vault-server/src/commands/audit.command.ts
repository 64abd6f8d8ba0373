import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { eventView, keyView, publishedKeys, type TailedEvent, verificationView } from '#audit-trail';
import { UserRepository } from '#auth';
import type { Platform } from '../platform.ts';
import { withPlatform } from './with-platform.ts';

const FAILED = 1;
const LOOK_MS = 1000;

interface Tenant {
  id: string;
  slug: string;
}
/** Nobody in particular: whoever may run commands on the server's machine. */
const actorOf = ({ id }: Tenant): { id: null; tenantId: string } => ({ id: null, tenantId: id });

/** Goes over the whole audit of one tenant or all, and says whether it is intact. */
export function auditVerify({ tenant, json }: { tenant?: string; json: boolean }): Promise<number> {
  return withPlatform(async (platform) => {
    const tenants = await tenantsOf(platform, tenant);
    let code = tenants.length > 0 ? 0 : noSuchTenant();
    for (const each of tenants) {
      const report = await platform.auditTrail.trail.verify(actorOf(each));
      if (!report.ok) code = FAILED;
      const { entries, firstBadSeq, problem } = report;
      const words = report.ok
        ? `intact: ${entries} entries, ${report.checkpoints} checkpoints, anchored up to ${report.anchored ?? 'none'}`
        : `NOT INTACT: ${problem}${firstBadSeq === null ? '' : ` at entry ${firstBadSeq}`}; ${entries} entries are good`;
      console.log(json ? JSON.stringify(verificationView(report)) : `${each.slug} ${words}`);
    }
    return code;
  });
}

export interface ExportOptions {
  tenant: string;
  out: string;
  since?: Date;
  until?: Date;
}

/** Writes a signed bundle to a file, or to the standard output and nothing else there. */
export function auditExport({ tenant, out, since, until }: ExportOptions): Promise<number> {
  return withPlatform(async (platform) => {
    const [whose] = await tenantsOf(platform, tenant);
    if (!whose) return noSuchTenant();
    const pieces = Readable.from(await platform.auditTrail.trail.export(actorOf(whose), since, until));
    if (out === '-') await pipeline(pieces, process.stdout, { end: false });
    else await pipeline(pieces, createWriteStream(out, { mode: 0o600 }));
    return 0;
  });
}

export interface TailOptions {
  tenant: string;
  since?: Date;
  follow: boolean;
  json: boolean;
}

/** Shows the newest events, and goes on with what comes, whichever replica it comes from. */
export function auditTail({ tenant, since, follow, json }: TailOptions): Promise<number> {
  return withPlatform(async (platform) => {
    const [whose] = await tenantsOf(platform, tenant);
    if (!whose) return noSuchTenant();
    const { trail } = platform.auditTrail;
    let after: number | undefined;
    for (;;) {
      const looked = await trail.tail(actorOf(whose), { after, since });
      for (const event of looked.events) console.log(json ? JSON.stringify(eventView(event)) : asLine(event));
      const isMore = after !== looked.after;
      after = looked.after;
      if (isMore) continue;
      if (!follow) return 0;
      await delay(LOOK_MS);
    }
  });
}

/** Prints the public keys: PEM, or what `/.well-known/ldv-keys` answers. */
export function auditKeys({ json }: { json: boolean }): Promise<number> {
  return withPlatform(async ({ signing }) => {
    const keys = (await publishedKeys(signing)).map(keyView);
    console.log(json ? JSON.stringify({ keys }) : keys.map((key) => key.public_key.trim()).join('\n'));
    return 0;
  });
}

function asLine(event: TailedEvent): string {
  const { at, actor, action, resource, result } = eventView(event) as Record<string, string | null>;
  return [at, result, actor ?? '-', action, resource].join(' ');
}

async function tenantsOf({ database }: Platform, slug?: string): Promise<Tenant[]> {
  const all = await new UserRepository(database).tenants();
  return slug === undefined ? all : all.filter((tenant) => tenant.slug === slug);
}

function noSuchTenant(): number {
  console.error('There is no tenant of that name.');
  return FAILED;
}
