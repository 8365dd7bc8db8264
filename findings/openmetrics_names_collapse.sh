#!/usr/bin/env bash
# Two metrics, one name: what prometheus_client makes of names that are not ASCII.
#
# Version: prometheus_client 0.26.0 (PyPI). Seen on 2026-11-28.
# Behaviour: a registry holds two gauges of four syllables each, both valid names since Prometheus 3 (UTF-8 names). The same registry answers
#   - a scraper that sends no Accept, or OpenMetrics 1.0.0 alone: both families are named `____`, with both labels `__`,
#     so the body has one family twice and two equal series;
#   - one that adds `escaping=allow-utf-8`: two families, with quoted names.
# Nothing is reported on either side. A scraper has to ask for the escaping that keeps names apart.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check prometheus_client==0.26.0

cat > "$folder/expose.py" <<'PYTHON'
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import choose_encoder

registry = CollectorRegistry()
Gauge("서버온도", "Temperature", ["위치"], registry=registry).labels("a").set(41)
Gauge("디스크률", "Disk", ["장치"], registry=registry).labels("a").set(73)
ACCEPTS = [
    ("none", None),
    ("openmetrics", "application/openmetrics-text;version=1.0.0"),
    ("allow-utf-8", "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8"),
]
for name, accept in ACCEPTS:
    encode, _ = choose_encoder(accept)
    lines = encode(registry).decode().splitlines()
    print(name, *(line.replace(" ", "=", 1) if '"} ' not in line else line.replace('"} ', '"}=')
                  for line in lines if not line.startswith("#")))
PYTHON

"$folder/venv/bin/python" "$folder/expose.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
none ____{__="a"}=41.0 ____{__="a"}=73.0
openmetrics ____{__="a"}=41.0 ____{__="a"}=73.0
allow-utf-8 {"서버온도","위치"="a"}=41.0 {"디스크률","장치"="a"}=73.0
SEEN
