import { summaryOf } from './statement.watch.ts';

describe('the summary of a statement', () => {
  it.each([
    ['SELECT "a"."id" FROM "datasets" "a" WHERE "a"."name" = $1', 'SELECT datasets'],
    ['INSERT INTO "jobs"("id") VALUES ($1)', 'INSERT jobs'],
    ["update records set content = 'card 4111 1111 1111 1111'", 'UPDATE records'],
    ['DELETE FROM pgboss.job WHERE id = $1', 'DELETE job'],
    ['START TRANSACTION ISOLATION LEVEL READ COMMITTED', 'START'],
    ["SET LOCAL vault.tenant = 'a'", 'SET'],
    ['WITH x AS (SELECT 1 FROM commits) SELECT * FROM x', 'WITH commits'],
    ['', 'SQL'],
  ])('of %j is %s', (query, summary) => {
    expect(summaryOf(query)).toBe(summary);
  });
});
