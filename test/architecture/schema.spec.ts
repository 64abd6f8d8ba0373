import { entities } from '../../apps/vault-server/src/platform.ts';
import { openTestDatabase, programs, type TestDatabase } from '../support/test-database.ts';

type DataSource = TestDatabase['opened']['dataSource'];
type Runner = ReturnType<DataSource['createQueryRunner']>;

/** TypeORM asks about all tables at once on one connection, which `pg` will not take any more: here they are asked in turn. */
function inTurn(runner: Runner): Runner {
  const ask = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  const query = (...args: unknown[]): Promise<unknown> => (last = last.then(() => ask(...args)));
  return Object.assign(runner, { query }) as Runner;
}

describe.each(programs)('the schema on %s', (program) => {
  it('is what the entities say: nothing is left for TypeORM to change', async () => {
    const place = await openTestDatabase(program, entities);
    try {
      const { dataSource } = place.opened;
      const runner = dataSource.createQueryRunner.bind(dataSource);
      dataSource.createQueryRunner = (mode) => inTurn(runner(mode));
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await place.close();
    }
  });
});
