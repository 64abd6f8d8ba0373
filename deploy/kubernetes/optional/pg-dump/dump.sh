#!/usr/bin/env bash
# Dumps the database at DATABASE_URL_FILE to TO (s3://bucket/prefix), and counts it only when it was read back.
set -euo pipefail
to="${TO:?where to, as s3://bucket/prefix}"
url="$(cat "${DATABASE_URL_FILE:?the file that holds the url of the database, as its owner}")"
name="vault-$(date -u +%Y%m%dt%H%M%Sz).dump"

# Under another name until it is whole: a dump that broke off is never taken for one.
trap 'aws s3 rm --only-show-errors "$to/$name.part" || true' ERR
pg_dump --format=custom --no-owner "$url" | aws s3 cp --only-show-errors ${SSE:+--sse "$SSE"} - "$to/$name.part"
aws s3 cp --only-show-errors "$to/$name.part" - | pg_restore --list | grep -c 'TABLE DATA' | sed "s|$| tables in $to/$name|"
aws s3 mv --only-show-errors ${SSE:+--sse "$SSE"} "$to/$name.part" "$to/$name"
