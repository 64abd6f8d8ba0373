#!/usr/bin/env bash
# Sets the number of servers, and tells the autoscaler, which would set it back otherwise.
#   scripts/scale.sh N [--no-wait]     N servers at least; 0 stops them all, and the autoscaler with them
# VAULT_NAMESPACE   llm-data-vault
# VAULT_DEPLOYMENT  vault-server
# Exit codes: 0 done, 1 kubectl failed, 2 the command was wrong
set -euo pipefail

count="${1:-}"
[[ "$count" =~ ^[0-9]+$ ]] || { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
wait=true
[ "${2:-}" != --no-wait ] || wait=false
name="${VAULT_DEPLOYMENT:-vault-server}"
k() { kubectl -n "${VAULT_NAMESPACE:-llm-data-vault}" "$@"; }

if k get hpa "$name" >/dev/null 2>&1 && [ "$count" -gt 0 ]; then
  most="$(k get hpa "$name" -o jsonpath='{.spec.maxReplicas}')"
  [ "$most" -ge "$count" ] || most="$count"
  k patch hpa "$name" --type merge -p "{\"spec\":{\"minReplicas\":$count,\"maxReplicas\":$most}}"
fi
# With 0 replicas the autoscaler stands still, so it does not bring any back; from 0 it does not start any either.
k scale deployment "$name" --replicas="$count"
if $wait; then k rollout status deployment "$name" --timeout=300s; fi
