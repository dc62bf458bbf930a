# The server with everything it needs. The data folder is the one thing to keep: mount a volume at /data.
#
#   docker build --tag portfolio-manager .
#   docker run --init --publish 127.0.0.1:3000:3000 --volume portfolio-manager:/data portfolio-manager
#
# compose.yaml runs it with a PostgreSQL and a Redis of their own.

FROM node:26-bookworm-slim

# The folder's owner must be the one who runs the server: PostgreSQL refuses root, and a folder that others can read.
RUN install -d -o node -g node -m 700 /data && install -d -o node -g node /app
USER node
WORKDIR /app

# The packages change less often than the code, so they are a layer of their own.
COPY --chown=node:node package.json package-lock.json ./
COPY --chown=node:node domain/package.json domain/
COPY --chown=node:node contracts/package.json contracts/
COPY --chown=node:node server/package.json server/
COPY --chown=node:node web/package.json web/
RUN npm ci

COPY --chown=node:node . .

# The web app is built here once, not at the first start of every container.
RUN node_modules/.bin/node --input-type=module --eval \
  "await (await import('/app/server/src/entry/web-build.ts')).buildWebWhenStale(console)"

ENV HOST=0.0.0.0 \
    PORT=3000 \
    PM_DATA_DIR=/data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=60s --interval=15s --timeout=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["npm", "start"]
