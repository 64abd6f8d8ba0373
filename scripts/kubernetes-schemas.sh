#!/bin/sh
# Checks the manifests with a validator, once for each version of Kubernetes it has schemas of:
#   scripts/kubernetes-schemas.sh VALIDATOR.mjs
# Kinds that come with an operator or with the API server's aggregation have no schema there.
set -eu
cd "$(dirname "$0")/.."
validator="$1"
files="$(find deploy/kubernetes -name '*.yaml' ! -path '*/cert-manager/*' ! -path '*/monitoring/*' ! -name metrics-server.yaml | sort)"
for schema in "$(dirname "$validator")"/schemas/k8s-*.json; do
  version="$(basename "$schema" .json)"
  # shellcheck disable=SC2086
  node "$validator" --k8s "${version#k8s-}" --ignore-missing $files
done
