#!/usr/bin/env bash
# Gives the servers a new secret for access tokens. Every session ends; API keys stay. Other keys of the Secret are not touched,
# and no restart is needed: servers look at the mounted file, and kubelets bring it there within about a minute.
#   scripts/rotate-jwt.sh [--restart] [--no-wait]
#     --restart   replace the pods too, instead of waiting for the file to arrive
#     --no-wait   do not wait until every server signs with the new secret
# VAULT_NAMESPACE llm-data-vault   VAULT_DEPLOYMENT vault-server   VAULT_SECRET vault-secrets
# Exit codes: 0 every server signs with the new secret, 1 something failed, 2 the command was wrong
set -euo pipefail

restart=false
wait=true
for option in "$@"; do
  case "$option" in
    --restart) restart=true ;;
    --no-wait) wait=false ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
deployment="${VAULT_DEPLOYMENT:-vault-server}"
secret="${VAULT_SECRET:-vault-secrets}"
k() { kubectl -n "${VAULT_NAMESPACE:-llm-data-vault}" "$@"; }

# Which key each server signs with: what the servers say, and not what the Secret says. A pod that is leaving is not asked, and one
# that cannot be asked, as it left meanwhile, is told by its name: that is not one answer of all, so they are asked again.
STAYING='{{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}}{{"\n"}}{{end}}{{end}}'
# What a server says ends without a line break, and each is to stand on a line of its own.
key_ids() {
  for pod in $(k get pods -l app=vault-server --field-selector=status.phase=Running -o go-template="$STAYING"); do
    said="$(k exec "$pod" -- curl -s http://localhost:8080/health/detailed 2>/dev/null || true)"
    id="$(printf '%s\n' "$said" | sed -n 's/.*"jwt_key_id":"\([0-9a-f]*\)".*/\1/p')"
    echo "${id:-$pod}"
  done | sort -u
}

before="$(key_ids)"
patch="$(mktemp)"
trap 'rm -f "$patch"' EXIT
# By a file: arguments are seen by everyone on the machine.
printf '{"data":{"jwt-secret":"%s"}}' "$(openssl rand -base64 32 | tr -d '\n' | base64 | tr -d '\n')" > "$patch"
k patch secret "$secret" --type merge --patch-file "$patch"

if $restart; then
  k rollout restart deployment "$deployment"
  k rollout status deployment "$deployment" --timeout=300s
fi
$wait || exit 0
for _ in $(seq 90); do
  now="$(key_ids)"
  if [ "$(printf '%s\n' "$now" | wc -l)" -eq 1 ] && [ -n "$now" ] && [ "$now" != "$before" ]; then
    echo "every server signs with the key $now"
    exit 0
  fi
  sleep 2
done
echo "after three minutes the servers sign with: $(echo $now); something may have set the Secret back" >&2
exit 1
