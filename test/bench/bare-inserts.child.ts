// What a single write is held against: the same body, taken by Fastify and put into one row by the driver, and nothing else.
//   node test/bench/bare-inserts.child.ts DATABASE_URL      prints its address
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 });
await pool.query('CREATE TABLE IF NOT EXISTS bare_inserts (id uuid PRIMARY KEY, body jsonb NOT NULL)');
const app = Fastify();
app.post('/', async ({ body }, reply) => {
  const id = randomUUID();
  await pool.query('INSERT INTO bare_inserts (id, body) VALUES ($1, $2)', [id, JSON.stringify(body)]);
  return reply.status(201).send({ id });
});
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
