-- A plain role owns the database, as it should in production: row-level security does not bind superusers.
CREATE ROLE vault LOGIN PASSWORD 'vault' CREATEROLE;
CREATE DATABASE vault OWNER vault;
