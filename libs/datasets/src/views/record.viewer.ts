import { createHash } from 'node:crypto';
import type { KeyService } from '#crypto';
import type { Principal } from '#kernel';
import type { AllowedRule, OwnRules } from '#pii';
import type { TenantRules, ViewsService } from '#pii-rules';
import { anonymizeTask } from '../anonymize.choice.ts';
import { cut } from '../line-batches.ts';
import { joined } from '../json-lines.ts';
import type { RecordReader } from '../record.reader.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { ViewPlan, ViewPool } from './view.task.ts';

/** A view that was asked for, ready to be applied to records of one dataset. */
export interface OpenView {
  /** Its name, its id and its version. */
  label: string;
  /** What else decides what it finds: in other words than the view's own, and never what those say. */
  rules: string;
  plan: ViewPlan;
}

/** Shows records as views do. Threads do the work, and without a view nobody comes here. */
export class RecordViewer {
  constructor(
    private readonly views: Pick<ViewsService, 'choiceOf'>,
    private readonly keys: Pick<KeyService, 'tenantSecret'>,
    private readonly rules: Pick<TenantRules, 'of'>,
    private readonly pool: ViewPool,
    private readonly minConfidence: number,
    private readonly reader: Pick<RecordReader, 'contents'>,
  ) {}

  /** Null where no view is asked for. @throws ViewNotFound, ViewUnusable */
  async open(caller: Principal, datasetId: string, name: string | undefined): Promise<OpenView | null> {
    if (name === undefined) return null;
    const { tenantId } = caller;
    const { label, without, ...choice } = await this.views.choiceOf(caller, name);
    const found = await this.rules.of(tenantId);
    const rules = found && asOf(found, datasetId, Date.now());
    const hashKey = await this.keys.tenantSecret(tenantId, 'pii-hash');
    const { minConfidence } = this;
    const anonymize = { ...anonymizeTask(datasetId, choice), hashKey };
    const deciding = [choice.minConfidence ?? minConfidence, rules?.types ?? '[]', rules?.allowed ?? '[]'];
    return { label, rules: hashOf(deciding), plan: { anonymize, minConfidence, rules, without } };
  }

  /** Lines that are put together already, each with its newline. */
  async joined(view: OpenView, lines: Uint8Array): Promise<Uint8Array> {
    return (await this.pool.run({ kind: 'view-lines', lines, view: view.plan })).bytes;
  }

  /** What rows hold, in their order: as the view shows it, or the exact bytes where there is none. */
  async contents(tenantId: string, rows: StoredVersion[], view: OpenView | null): Promise<Uint8Array[]> {
    const lines = await this.reader.contents(tenantId, rows);
    return view ? this.shown(view, lines) : lines;
  }

  private async shown(view: OpenView, lines: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const shown: Uint8Array[] = [];
    for (const some of cut(lines, ({ length }) => length)) {
      const bytes = await this.joined(view, joined(some));
      for (let at = 0; at < bytes.length;) {
        const end = bytes.indexOf(NEWLINE, at);
        shown.push(bytes.subarray(at, end));
        at = end + 1;
      }
    }
    if (shown.length !== lines.length) throw new Error('a view gave other lines than it was given');
    return shown;
  }
}

const NEWLINE = 0x0a;

/** What is allowed in the dataset now, for as long as the view is applied: an entry that ends meanwhile ends for the next. */
function asOf(rules: OwnRules, datasetId: string, now: number): OwnRules {
  const allowed = (JSON.parse(rules.allowed) as AllowedRule[])
    .filter((rule) => rule.datasetId === null || rule.datasetId === datasetId)
    .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
    .map((rule) => ({ ...rule, expiresAt: null }));
  const text = JSON.stringify(allowed);
  return { ...rules, id: `${rules.id} ${hashOf(text)}`, allowed: text };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
