import { SilentLog } from '#kernel';
import { emptyPlace, programs } from '../../../test/support/test-database.ts';
import { databaseConfig } from './database.config.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';

/**
 * Migrations that take away what the release before still uses would stop its servers in the middle of a rollout. One
 * that takes away what no release uses any more is named here, with the release that stopped using it.
 */
const CONTRACTIONS: Record<string, string> = {};

interface Column {
  name: string;
  type: string;
  required: boolean;
  by_default: boolean;
}

const COLUMNS = `SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS required, a.atthasdef AS by_default
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`;
/** What refuses rows: an old server would not know why. */
const REFUSALS = `SELECT conrelid::regclass || ' ' || conname AS name, conrelid::regclass::text AS table FROM pg_constraint
  WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'u', 'x')`;

interface Schema {
  columns: Map<string, Column>;
  refusals: Map<string, string>;
}

/** What a server that knows only the schema before would stumble over. */
function narrowings(before: Schema, after: Schema): string[] {
  const tables = new Set([...before.columns.keys()].map((name) => name.split('.')[0]!));
  const found: string[] = [];
  for (const [name, old] of before.columns) {
    const now = after.columns.get(name);
    if (!now) found.push(`${name} is gone`);
    else if (now.type !== old.type) found.push(`${name} became ${now.type}`);
    else if (now.required && !old.required) found.push(`${name} is required now`);
  }
  for (const [name, { required, by_default: byDefault }] of after.columns) {
    const isNew = !before.columns.has(name) && tables.has(name.split('.')[0]!);
    if (isNew && required && !byDefault) found.push(`${name} is required, and nobody before fills it`);
  }
  // On columns that came with it, a refusal is of no concern to who does not fill them: a default passes it.
  for (const [name, table] of after.refusals) {
    const isOnNew = [...after.columns.keys()].some(
      (column) => column.startsWith(`${table}.`) && !before.columns.has(column) && name.includes(column.split('.')[1]!),
    );
    if (!before.refusals.has(name) && tables.has(table) && !isOnNew) found.push(`${name} refuses more`);
  }
  return found;
}

describe.each(programs)('the schema on %s', (program) => {
  it('invariant 9: grows with every migration, so that servers of the release before go on working', async () => {
    const place = await emptyPlace(program);
    const opened = await openDatabase(databaseConfig.parse(place.config), place.dataDir, [], new SilentLog());
    try {
      const names = migrations.map(({ name }) => name);
      let before: Schema | null = null;
      const found: Record<string, string[]> = {};
      for (const [index, name] of names.entries()) {
        await opened.migrator.upTo(names.slice(0, index + 1));
        const columns = (await opened.statement(COLUMNS)) as Column[];
        const refusals = (await opened.statement(REFUSALS)) as { name: string; table: string }[];
        const after: Schema = {
          columns: new Map(columns.map((column) => [column.name, column])),
          refusals: new Map(refusals.map((each) => [each.name, each.table])),
        };
        const narrowed: string[] = before ? narrowings(before, after) : [];
        if (narrowed.length > 0 && !(name in CONTRACTIONS)) found[name] = narrowed;
        before = after;
      }
      expect(found).toEqual({});
    } finally {
      await opened.close();
      await place.remove();
    }
  });

  it('would be found to narrow where something is dropped, required or refused', () => {
    const column = (name: string, rest: Partial<Column> = {}): [string, Column] => [
      name,
      { name, type: 'text', required: false, by_default: false, ...rest },
    ];
    const before: Schema = { columns: new Map([column('a.x'), column('a.y'), column('a.z')]), refusals: new Map() };
    const after: Schema = {
      columns: new Map([
        column('a.x', { type: 'uuid' }),
        column('a.y', { required: true }),
        column('a.new', { required: true }),
      ]),
      refusals: new Map([['a a_y_check', 'a']]),
    };
    expect(narrowings(before, after)).toEqual([
      'a.x became uuid',
      'a.y is required now',
      'a.z is gone',
      'a.new is required, and nobody before fills it',
      'a a_y_check refuses more',
    ]);
    const grown: Schema = {
      columns: new Map([...before.columns, column('a.more'), column('b.x', { required: true })]),
      refusals: new Map([['b b_check', 'b']]),
    };
    expect(narrowings(before, grown)).toEqual([]);
  });
});
