#!/usr/bin/env bash
# Makes the two images that the Dockerfile starts from, out of Debian's packages and the Node that runs here: for machines that
# reach no image registry. Needs root, buildah, podman and debootstrap. Images that are there already are left as they are.
#   scripts/local-base-images.sh FOLDER     FOLDER is for the root file system, and is made anew
set -euo pipefail

base=docker.io/library/debian:bookworm-slim
node=docker.io/library/node:24-bookworm-slim
if podman image exists "$base" && podman image exists "$node"; then exit 0; fi
root="${1:?a folder for the root file system}"
rm -rf "$root"
debootstrap --variant=minbase bookworm "$root" http://deb.debian.org/debian >/dev/null
# As in the slim image: what is read by people, and what apt can fetch again.
for folder in doc man locale info lintian; do find "$root/usr/share/$folder" -type f ! -name copyright -delete 2>/dev/null || true; done
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
tar -C "$root" --numeric-owner -cf - . | podman import -q --change 'CMD ["bash"]' - "$base" >/dev/null

container="$(buildah from --pull-never "$base")"
mounted="$(buildah mount "$container")"
install -m755 "$(node -p process.execPath)" "$mounted/usr/local/bin/node"
mkdir -p "$mounted/usr/local/lib/node_modules"
cp -a "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$mounted/usr/local/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$mounted/usr/local/bin/npm"
# npm trusts what this machine trusts.
install -Dm644 /etc/ssl/certs/ca-certificates.crt "$mounted/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$mounted/usr/local/etc"
echo 'cafile=/etc/ssl/certs/ca-certificates.crt' > "$mounted/usr/local/etc/npmrc"
buildah umount "$container" >/dev/null
buildah commit -q "$container" "$node" >/dev/null
buildah rm "$container" >/dev/null
rm -rf "$root"
