import fc from 'fast-check';
import { newId, uuidToBytes } from '#kernel';
import { openTestDatabase, programs, type TestDatabase } from '../../../../test/support/test-database.ts';
import { FindingRow } from '../finding.entity.ts';
import { FINDING_COLUMNS } from '../record-columns.ts';
import { CopyRows } from './copy-rows.ts';

type Row = Omit<FindingRow, 'tenantId' | 'datasetId' | 'branchId' | 'recordId' | 'ordinal'>;

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.replaceAll('\0', ' '));
const row: fc.Arbitrary<Row> = fc.record({
  fromSeq: fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  type: text,
  risk: fc.integer({ min: -32_768, max: 32_767 }),
  path: text,
  start: int32,
  end: int32,
  confidence: fc.float({ noNaN: true, min: Math.fround(1e-30), max: 1 }),
  detector: text,
  ruleVersion: int32,
  subject: fc.option(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))),
});

describe.each(programs)('rows for COPY on %s', (program) => {
  let place: TestDatabase;
  const tenantId = newId();
  beforeAll(async () => {
    place = await openTestDatabase(program, [FindingRow]);
  });
  afterAll(() => place.close());

  function written(branchId: string, rows: Row[], capacity: number, tenant = tenantId): Uint8Array {
    const copy = new CopyRows(FINDING_COLUMNS.length, capacity);
    rows.forEach((each, ordinal) => {
      copy.row();
      for (const id of [tenant, tenant, branchId, tenant]) copy.bytes(uuidToBytes(id));
      copy.bigint(each.fromSeq);
      copy.integer(ordinal);
      copy.text(each.type);
      copy.smallint(each.risk);
      copy.text(each.path);
      copy.integer(each.start);
      copy.integer(each.end);
      copy.real(each.confidence);
      copy.text(each.detector);
      copy.integer(each.ruleVersion);
      if (each.subject) copy.bytes(each.subject);
      else copy.null();
    });
    expect(copy.rows).toBe(rows.length);
    return copy.finish();
  }

  const copyIn = (rows: Uint8Array): Promise<void> =>
    place.database.inTenant(tenantId, () => place.database.copyInto('findings', FINDING_COLUMNS, rows));
  const found = (branchId: string): Promise<FindingRow[]> =>
    place.database.inTenant(tenantId, () =>
      place.database.repository(FindingRow).find({ where: { branchId }, order: { ordinal: 'ASC' } }),
    );

  it('arrive as they were written, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.integer({ min: 0, max: 500 }), async (rows, capacity) => {
        const branchId = newId();
        await copyIn(written(branchId, rows, capacity));
        const expected = rows.map((each, ordinal) => ({
          ...each,
          confidence: Math.fround(each.confidence),
          tenantId,
          datasetId: tenantId,
          branchId,
          recordId: tenantId,
          ordinal,
        }));
        const rounded = await found(branchId);
        for (const each of rounded) each.confidence = Math.fround(each.confidence);
        expect(rounded).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  const plain: Row = {
    fromSeq: 1,
    type: 'email',
    risk: 2,
    path: '/a',
    start: 0,
    end: 1,
    confidence: 0.5,
    detector: 'd',
    ruleVersion: 1,
    subject: null,
  };

  it('with NUL or half a surrogate pair in a text arrive with a replacement, and do not stop the others', async () => {
    const branchId = newId();
    await copyIn(written(branchId, [{ ...plain, path: '/a\0b' }, { ...plain, path: '/\ud800' }, plain], 0));
    expect((await found(branchId)).map(({ path }) => path)).toEqual(['/a\ufffdb', '/\ufffd', '/a']);
  });

  it('are many at once, through more than one chunk of a socket', async () => {
    const branchId = newId();
    await copyIn(
      written(
        branchId,
        Array.from({ length: 20_000 }, () => plain),
        100,
      ),
    );
    const [count] = await place.database.inTenant(tenantId, () =>
      place.database.query('SELECT count(*) AS n FROM findings WHERE branch_id = $1', [branchId]),
    );
    expect(count).toEqual({ n: 20_000 });
  });

  it('invariant 3: of another tenant are refused, all of them', async () => {
    const branchId = newId();
    await expect(copyIn(written(branchId, [plain], 0, newId()))).rejects.toThrow(/row-level security/);
    expect(await found(branchId)).toEqual([]);
  });

  it('that break off are refused, and the next transaction goes on', async () => {
    const branchId = newId();
    const rows = written(branchId, [plain, plain], 0);
    await expect(copyIn(rows.subarray(0, -30))).rejects.toThrow();
    await copyIn(rows);
    expect(await found(branchId)).toHaveLength(2);
  });

  it('go with the transaction they are in', async () => {
    const branchId = newId();
    const failing = place.database.inTenant(tenantId, async () => {
      await place.database.copyInto('findings', FINDING_COLUMNS, written(branchId, [plain], 0));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await found(branchId)).toEqual([]);
  });
});
