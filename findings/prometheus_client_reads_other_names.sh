#!/usr/bin/env bash
# prometheus_client's reader of the text format gives a counter without `_total` a name that the body does not have, and two counters can become one series.
#
# Version: prometheus_client 0.26.0 (PyPI). Seen on 2026-11-30.
# Behaviour: `answers`, of the type `counter`, is read as `answers_total`. Names without the ending are valid in the text format and common: HAProxy, PowerDNS,
#   dnsdist, Tor, Knot Resolver and RabbitMQ have some. A body with `answers` and `answers_total`, two metrics for Prometheus, comes out as two samples of one
#   name and the same labels; their families have one name, too. What the reader gives and `generate_latest` writes again is another body.
# Expected: a sample is read under its name.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check prometheus_client==0.26.0

cat > "$folder/read.py" <<'PYTHON'
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

class Again:
    def __init__(self, families):
        self.families = families

    def collect(self):
        return self.families

for body in (
    "# TYPE answers counter\nanswers 1\n",
    "# TYPE answers untyped\nanswers 1\n",
    "# TYPE answers counter\nanswers 1\n# TYPE answers_total counter\nanswers_total 2\n",
):
    families = list(text_string_to_metric_families(body))
    print(body, end="")
    print("  read:", *(f"{sample.name} {sample.value:g} of {family.name}" for family in families for sample in family.samples), sep="\n    ")
    registry = CollectorRegistry()
    registry.register(Again(families))
    written = [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]
    print("  written again:", *written, sep="\n    ")
PYTHON

"$folder/venv/bin/python" "$folder/read.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
# TYPE answers counter
answers 1
  read:
    answers_total 1 of answers
  written again:
    answers_total 1.0
# TYPE answers untyped
answers 1
  read:
    answers 1 of answers
  written again:
    answers 1.0
# TYPE answers counter
answers 1
# TYPE answers_total counter
answers_total 2
  read:
    answers_total 1 of answers
    answers_total 2 of answers
  written again:
    answers_total 1.0
    answers_total 2.0
SEEN
