#!/usr/bin/env bash
# Dumps the database at DATABASE_URL_FILE to TO (s3://bucket/prefix) as vault-YYYYMMDD.sql.gz, one a day, and counts it only
# when it was read back to its last line.
set -euo pipefail
to="${TO:?where to, as s3://bucket/prefix}"
url="$(cat "${DATABASE_URL_FILE:?the file that holds the url of the database, as its owner}")"
name="vault-$(date -u +%Y%m%d).sql.gz"

# Under another name until it is whole: a dump that broke off is never taken for one.
trap 'aws s3 rm --only-show-errors "$to/$name.part" || true' ERR
pg_dump --no-owner "$url" | gzip | aws s3 cp --only-show-errors ${SSE:+--sse "$SSE"} - "$to/$name.part"
aws s3 cp --only-show-errors "$to/$name.part" - | gunzip | awk -v name="$to/$name" '
  /^COPY .* FROM stdin;$/ { tables += 1 }
  /^-- PostgreSQL database dump complete$/ { last = NR }
  END { if (!last || NR - last > 5) exit 1; print tables " tables in " name }'
aws s3 mv --only-show-errors ${SSE:+--sse "$SSE"} "$to/$name.part" "$to/$name"
