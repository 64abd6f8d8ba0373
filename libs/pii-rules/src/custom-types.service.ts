import type { Audit } from '#audit';
import type { AccessEpochs } from '#auth';
import { type KeyService, openBytes, sealBytes } from '#crypto';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import { OwnTypeMatcher, piiTypes, type Risk, RISKS } from '#pii';
import { atVersion, VersionMismatch } from '#rest';
import type { CustomType } from './custom-type.entity.ts';
import type { CustomTypeRepository } from './custom-type.repository.ts';
import { CustomTypeNameTaken, CustomTypeNotFound, PiiRulesTooMany } from './pii-rules.errors.ts';
import { type DescribedType, ownTypeOf, tried, type TypeDefinition } from './type-definition.ts';

export interface TypeTerms {
  description: string;
  risk: Risk;
  definition: TypeDefinition;
}

export interface CustomTypeParts {
  database: Database;
  types: CustomTypeRepository;
  keys: KeyService;
  epochs: AccessEpochs;
  audit: Audit;
  /** What is less sure is not found, and so no example is either. */
  minConfidence: number;
}

const MAX_TYPES = 100;
const MAX_WORDS = 20_000;
/** What one character of a text may cost with all patterns of a tenant together. */
const MAX_WAYS = 500;
const builtIn = new Set(piiTypes.map(({ type }) => type));

/** Types of personal data that a tenant describes itself. */
export class CustomTypesService {
  constructor(private readonly parts: CustomTypeParts) {}

  /** @throws CustomTypeNameTaken, CustomTypeExamples, PatternUnsupported, PiiRulesTooMany */
  async create(caller: Principal, name: string, terms: TypeTerms): Promise<DescribedType> {
    const { database, types, epochs, audit } = this.parts;
    if (builtIn.has(name)) throw new CustomTypeNameTaken();
    const id = newId();
    const secret = await this.secret(caller.tenantId);
    const wanted = { id, tenantId: caller.tenantId, name, createdBy: caller.id, version: 1 };
    const [row, described] = this.rowOf(secret, wanted, terms);
    try {
      return await database.inTenant(caller.tenantId, async () => {
        await this.mustFit(secret, described);
        await types.insert(row);
        await audit.append(caller, { action: 'pii.type-create', resource: showId('pt', id), details: summary(terms) });
        await epochs.raise(caller.tenantId);
        return this.opened(secret, await this.mustFind(id));
      });
    } catch (error) {
      if (violates(error, 'pii_custom_types_tenant_id_name_key')) throw new CustomTypeNameTaken();
      throw error;
    }
  }

  /** Oldest first. @throws BadCursor */
  async list(caller: Principal, limit: number, cursor?: string): Promise<Page<DescribedType>> {
    const after = idAfter(cursor);
    const secret = await this.secret(caller.tenantId);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const page = pageById(await this.parts.types.page(limit + 1, after), limit);
      return { ...page, items: page.items.map((row) => this.opened(secret, row)) };
    });
  }

  /** @throws CustomTypeNotFound */
  async get(caller: Principal, id: string): Promise<DescribedType> {
    const secret = await this.secret(caller.tenantId);
    return this.parts.database.inTenant(caller.tenantId, async () => this.opened(secret, await this.mustFind(id)));
  }

  /** `version` is what the caller has seen; any when left out. @throws as `create`, and CustomTypeNotFound, VersionMismatch */
  async replace(caller: Principal, id: string, terms: TypeTerms, version?: number): Promise<DescribedType> {
    const { database, types, epochs, audit } = this.parts;
    const secret = await this.secret(caller.tenantId);
    return database.inTenant(caller.tenantId, async () => {
      const before = await this.mustFind(id, version);
      const [row, described] = this.rowOf(secret, before, terms);
      await this.mustFit(secret, described);
      if (!(await types.update(id, before.version, row))) throw new VersionMismatch();
      await audit.append(caller, { action: 'pii.type-change', resource: showId('pt', id), details: summary(terms) });
      await epochs.raise(caller.tenantId);
      return this.opened(secret, await this.mustFind(id));
    });
  }

  /** What was found by it stays as it is. @throws CustomTypeNotFound, VersionMismatch */
  remove(caller: Principal, id: string, version?: number): Promise<void> {
    const { database, types, epochs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const type = await this.mustFind(id, version);
      if (!(await types.delete(id, type.version))) throw new VersionMismatch();
      const details = { name: type.name };
      await audit.append(caller, { action: 'pii.type-delete', resource: showId('pt', id), details });
      await epochs.raise(caller.tenantId);
    });
  }

  /** Every type of a tenant, in the caller's transaction; `secret` is what `secret` gives. */
  async all(secret: Uint8Array): Promise<DescribedType[]> {
    return (await this.parts.types.all()).map((row) => this.opened(secret, row));
  }

  /** Before a transaction: a tenant's first use of a key may have to make it, which is a transaction of its own. */
  secret(tenantId: string): Promise<Uint8Array> {
    return this.parts.keys.tenantSecret(tenantId, 'pii-rules');
  }

  private rowOf(
    secret: Uint8Array,
    type: Pick<CustomType, 'id' | 'tenantId' | 'name' | 'createdBy' | 'version'>,
    { description, risk, definition }: TypeTerms,
  ): [row: Omit<CustomType, 'createdAt' | 'updatedAt' | 'version'>, OwnTypeWithExamples] {
    const { id, tenantId, name, createdBy, version } = type;
    const own = ownTypeOf({ name, version, risk: RISKS.indexOf(risk) }, definition);
    const ways = tried(own, definition.examples, this.parts.minConfidence);
    const sealed = sealBytes(secret, Buffer.from(JSON.stringify(definition)), contextOf(id));
    const row = { id, tenantId, name, createdBy, description, risk: RISKS.indexOf(risk), definition: sealed };
    return [row, { id, ways, words: definition.words.length }];
  }

  private async mustFit(secret: Uint8Array, { id, ways, words }: OwnTypeWithExamples): Promise<void> {
    const others = (await this.all(secret)).filter(({ type }) => type.id !== id);
    const total = others.reduce((sum, { definition }) => sum + definition.words.length, words);
    const costs = others.map(({ type, definition }) => new OwnTypeMatcher(ownTypeOf(type, definition)).ways);
    const cost = costs.reduce((sum, each) => sum + each, ways);
    if (others.length >= MAX_TYPES || total > MAX_WORDS || cost > MAX_WAYS) throw new PiiRulesTooMany();
  }

  private opened(secret: Uint8Array, row: CustomType): DescribedType {
    const opened = openBytes(secret, row.definition, contextOf(row.id));
    if (!opened) throw new Error('the definition of a type does not open');
    return { type: row, definition: JSON.parse(opened.toString('utf8')) as TypeDefinition };
  }

  private async mustFind(id: string, version?: number): Promise<CustomType> {
    const type = await this.parts.types.find(id);
    if (!type) throw new CustomTypeNotFound();
    return atVersion(type, version);
  }
}

interface OwnTypeWithExamples {
  id: string;
  ways: number;
  words: number;
}

function contextOf(id: string): { use: string; type: string } {
  return { use: 'pii-type', type: id };
}

function summary({ risk, definition: { words, patterns } }: TypeTerms): Record<string, string | number> {
  return { risk, words: words.length, patterns: patterns.length };
}
