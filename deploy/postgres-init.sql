-- A plain role owns the database, as it should in production: row-level security does not bind superusers.
CREATE ROLE vault LOGIN PASSWORD 'vault' CREATEROLE;
CREATE DATABASE vault OWNER vault;
-- Without it pg_stat_activity hides from the role what the server's own connections run.
GRANT pg_monitor TO vault;
