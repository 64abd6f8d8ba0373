#!/usr/bin/env bash
# Does a vault do what it is there for? Asks its health checks and, with a credential, takes one dataset all the way:
# made, filled, searched, anonymized, given out, deleted. Needs bash and curl.
#   scripts/smoke-test.sh [--url URL] [--json]
# VAULT_URL         where it is; http://localhost:8080, or through kubectl when nothing answers there
# VAULT_TOKEN       an access token, or
# VAULT_API_KEY     an API key with the scopes dataset:read, dataset:write, dataset:import, dataset:export, dataset:anonymize,
#                   dataset:delete, pii:detect and job:read; without either only the health checks are asked
# VAULT_NAMESPACE   namespace of the Service; llm-data-vault
# Exit codes: 0 all passed, 1 something failed, 2 the vault was not reached or the command was wrong
set -uo pipefail

url="${VAULT_URL:-}"
json=false
while [ $# -gt 0 ]; do
  case "$1" in
    --url) url="${2:?--url needs an address}"; shift 2 ;;
    --json) json=true; shift ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

work="$(mktemp -d)"
forward=''
dataset=''
copy=''
cleanup() {
  # What a failure left behind.
  for left in $dataset $copy; do ask DELETE "/api/v1/datasets/$left" >/dev/null 2>&1; done
  [ -z "$forward" ] || kill "$forward" 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT

answers() { curl -sf -m 5 -o /dev/null "$1/health/live"; }

reach() {
  [ -z "$url" ] || return 0
  url=http://localhost:8080
  answers "$url" && return 0
  command -v kubectl >/dev/null || return 0
  kubectl port-forward svc/vault-server :8080 -n "${VAULT_NAMESPACE:-llm-data-vault}" > "$work/forward" 2>&1 &
  forward=$!
  for _ in $(seq 50); do
    port="$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\).*/\1/p' "$work/forward")"
    [ -z "$port" ] || { url="http://127.0.0.1:$port"; return 0; }
    kill -0 "$forward" 2>/dev/null || break
    sleep 0.2
  done
}

# The credential goes by a file: arguments are seen by everyone on the machine.
umask 077
if [ -n "${VAULT_TOKEN:-}" ]; then
  printf 'header = "Authorization: Bearer %s"\n' "$VAULT_TOKEN" > "$work/credential"
elif [ -n "${VAULT_API_KEY:-}" ]; then
  printf 'header = "X-API-Key: %s"\n' "$VAULT_API_KEY" > "$work/credential"
else
  : > "$work/credential"
fi

# ask METHOD PATH [BODY] [CONTENT-TYPE]: status in $status, answer in $body
ask() {
  status="$(curl -s -m 60 -K "$work/credential" -o "$work/body" -w '%{http_code}' -X "$1" "$url$2" \
    ${3+-H "Content-Type: ${4:-application/json}" --data-binary "$3"})"
  body="$(cat "$work/body" 2>/dev/null)"
}

# The first string of that name in the answer.
field() { printf '%s' "$body" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" | head -1; }

passed=0
failed=0
results=''
check() {
  local name="$1" outcome=passed
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); outcome=failed; fi
  results="$results${results:+,}{\"check\":\"$name\",\"outcome\":\"$outcome\",\"status\":${status:-0}}"
  $json || printf '%-6s %s%s\n' "$outcome" "$name" "$([ "$outcome" = passed ] || printf ' (HTTP %s)' "$status")"
  [ "$outcome" = passed ]
}

said() { ask GET "$1"; [ "$status" = 200 ] && [ "$(printf '%s' "$body" | tr -d ' \n')" = "$2" ]; }
detailed() { ask GET /health/detailed; [ "$status" = 200 ] && [[ "$body" == *'"database"'* && "$body" == *'"storage"'* && "$body" != *'"status":"unhealthy"'* ]]; }
refused() { status="$(curl -s -m 10 -o /dev/null -w '%{http_code}' "$url/api/v1/datasets")"; [ "$status" = 401 ]; }

RECORD='{"text":"Write to mara.lindqvist@example.org, card 4111 1111 1111 1111"}'
created() { ask POST /api/v1/datasets "{\"name\":\"smoke test $$-$RANDOM\"}"; dataset="$(field id)"; [ "$status" = 201 ]; }
imported() { ask POST "/api/v1/datasets/$dataset/imports" "$RECORD"$'\n' application/x-ndjson; [ "$status" = 201 ] && [[ "$body" == *EMAIL_ADDRESS* ]]; }
detected() { ask POST /api/v1/pii/detect "$RECORD_TEXT"; [ "$status" = 200 ] && [[ "$body" == *EMAIL_ADDRESS* && "$body" == *CREDIT_CARD* ]]; }
RECORD_TEXT="{\"text\":${RECORD#\{\"text\":}"
committed() { ask GET "/api/v1/datasets/$dataset/commits"; [ "$status" = 200 ] && [[ "$body" == *'"cm_'* ]]; }
anonymized() {
  ask POST "/api/v1/datasets/$dataset/anonymize" "{\"name\":\"smoke test copy $$-$RANDOM\",\"strategy\":\"redact\"}"
  [ "$status" = 202 ] || return 1
  copy="$(field dataset_id)"
  local job; job="$(field job_id)"
  for _ in $(seq 120); do
    ask GET "/api/v1/jobs/$job"
    [ "$status" = 200 ] || return 1
    case "$(field status)" in completed) return 0 ;; failed | cancelled) return 1 ;; esac
    sleep 0.5
  done
  return 1
}
exported() { ask GET "/api/v1/datasets/$dataset/export"; [ "$status" = 200 ] && [ "$body" = "$RECORD" ]; }
safe() { ask GET "/api/v1/datasets/$copy/export"; [ "$status" = 200 ] && [[ "$body" == *'[EMAIL_ADDRESS]'* && "$body" != *mara.lindqvist* ]]; }
deleted() { ask DELETE "/api/v1/datasets/$1"; [[ "$status" = 20[04] ]] && { ask GET "/api/v1/datasets/$1"; [ "$status" = 404 ]; }; }

reach
if ! answers "$url"; then
  $json && printf '{"url":"%s","passed":0,"failed":1,"error":"not reached"}\n' "$url" || echo "no vault answers at $url" >&2
  exit 2
fi

check 'GET /health' said /health '{"status":"healthy"}'
check 'GET /health/live' said /health/live '{"status":"ok"}'
check 'GET /health/ready' said /health/ready '{"status":"ready"}'
check 'GET /health/detailed' detailed
check 'a request without a credential is refused' refused
if [ -s "$work/credential" ]; then
  if check 'a dataset is made' created; then
    check 'a record with personal data is imported' imported
    check 'personal data is detected' detected
    check 'the import is a commit' committed
    check 'an anonymized copy is made' anonymized && check 'the copy has no personal data left' safe
    check 'the record comes out as it went in' exported
    [ -z "$copy" ] || { check 'the copy is deleted' deleted "$copy" && copy=''; }
    check 'the dataset is deleted' deleted "$dataset" && dataset=''
  fi
else
  $json || echo 'neither VAULT_TOKEN nor VAULT_API_KEY is set: only the health checks were asked'
fi

$json && printf '{"url":"%s","passed":%s,"failed":%s,"checks":[%s]}\n' "$url" "$passed" "$failed" "$results" ||
  echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
