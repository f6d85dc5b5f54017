# The HTTP gateway alone, in front of the Redis of REDIS_URL (docs/GATEWAY.md). From the top of the checkout:
#   docker build -f docs/gateway.Dockerfile -t slipstream-gateway .

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production GATEWAY_HOST=0.0.0.0 GATEWAY_PORT=8079 REDIS_URL=redis://redis:6379
WORKDIR /app
# Says that the files are ES modules.
COPY package.json ./
# All that the gateway imports from elsewhere; it needs no other package itself.
COPY --from=packages /app/node_modules/@redis/client node_modules/@redis/client
COPY src/cli/gateway*.ts src/cli/at-exit.ts src/cli/backend.ts src/cli/child.ts src/cli/command-error.ts src/cli/embedded-redis.ts src/cli/ports.ts src/cli/redis.ts src/cli/run-command.ts src/cli/temporary-directory.ts src/cli/
USER node
EXPOSE 8079
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GATEWAY_PORT}/health`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# Node runs the TypeScript as it is. No shell and no npm between: SIGTERM reaches the gateway itself.
CMD ["node", "src/cli/gateway-main.ts"]
