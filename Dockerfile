# The image of Pawl. Build: docker build --tag pawl .
# Run: docker run --env-file pawl.env --publish 3000:3000 --volume pawl-data:/data pawl

# The same Node.js version as package.json pins for development.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Install scripts of packages never run. The optional packages are Node.js itself, which the image has. Types and source
# maps are two thirds of what is left and nothing reads them at run time.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json app.yml LICENSE ./
COPY src ./src

# The database: what Pawl remembers between two looks at GitHub. Losing it delays promotions and lets none through.
RUN install -d -o node -g node /data
VOLUME /data

USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node.js runs the TypeScript as it is. As the first process of the container it gets SIGTERM itself and stops in order;
# `--init` is not needed, since no process outlives the call that started it.
STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts"]
