#!/usr/bin/env bash
# OpenTelemetry's Prometheus exporter for JavaScript sends `# UNIT` lines in an answer that it calls `text/plain`, where they are comments.
#
# Version: @opentelemetry/exporter-prometheus 0.223.0, @opentelemetry/sdk-metrics 2.12.1 (npm). Seen on 2026-11-30.
# Behaviour: a gauge with the unit `s` is sent as `queue_age`, without the suffix that OpenMetrics demands of a family with a unit, and with a line
# `# UNIT queue_age s`, which only OpenMetrics knows. The content type has no version, and there is no `# EOF`, whatever Accept asks for.
# A reader of the text format passes the line over as a comment, and the unit is said nowhere else.
# Expected: OpenMetrics, or the unit in the name as OpenTelemetry's own rules for Prometheus have it (`queue_age_seconds`).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @opentelemetry/exporter-prometheus@0.223.0 @opentelemetry/sdk-metrics@2.12.1 > /dev/null

cat > expose.js <<'JAVASCRIPT'
const { PrometheusExporter } = require("@opentelemetry/exporter-prometheus");
const { MeterProvider } = require("@opentelemetry/sdk-metrics");

const exporter = new PrometheusExporter({ preventServerStart: true });
const provider = new MeterProvider({ readers: [exporter] });
provider.getMeter("m").createGauge("queue.age", { unit: "s" }).record(1.5);
const server = require("http").createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
server.listen(0, "127.0.0.1", async () => {
  for (const accept of ["*/*", "application/openmetrics-text;version=1.0.0"]) {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/metrics`, { headers: { accept } });
    console.log(answer.headers.get("content-type"));
    console.log((await answer.text()).split("\n").filter((line) => /queue|EOF/.test(line)).join("\n"));
  }
  process.exit(0);
});
JAVASCRIPT

node expose.js | tee seen
diff seen - <<'SEEN'
text/plain
# HELP queue_age description missing
# UNIT queue_age s
# TYPE queue_age gauge
queue_age{otel_scope_name="m"} 1.5
text/plain
# HELP queue_age description missing
# UNIT queue_age s
# TYPE queue_age gauge
queue_age{otel_scope_name="m"} 1.5
SEEN
