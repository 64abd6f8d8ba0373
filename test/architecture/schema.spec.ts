import { entities } from '../../apps/vault-server/src/platform.ts';
import { openTestDatabase, programs } from '../support/test-database.ts';

describe.each(programs)('the schema on %s', (program) => {
  it('is what the entities say: nothing is left for TypeORM to change', async () => {
    const place = await openTestDatabase(program, entities);
    try {
      const { upQueries } = await place.opened.dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await place.close();
    }
  });
});
