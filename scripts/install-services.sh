#!/bin/sh
# Installs what scripts/services.ts, the browser tests and the runbook tests run, from the packages of Debian 12. Does nothing when all is there.
set -eu

PACKAGES='postgresql-15 redis-server ceph-mon ceph-mgr ceph-osd radosgw chromium prometheus nginx-light libfaketime etcd-server buildah podman runc debootstrap jq'

missing=''
for package in $PACKAGES; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo 'all services are installed'
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
# The packages would start servers of their own on the standard ports; only ours shall run.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing
