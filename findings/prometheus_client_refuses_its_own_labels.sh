#!/usr/bin/env bash
# What prometheus_client writes of labels that are not ASCII, its own reader refuses.
#
# Version: prometheus_client 0.26.0 (PyPI). Seen on 2026-11-30.
# Behaviour: a gauge has a label named `위치`, a valid name since Prometheus 3 (UTF-8 names). A scraper that does not ask for `escaping=allow-utf-8` is sent an
# underscore for each letter: `__`. Labels that begin with two underscores are reserved, and the library's readers of both formats fail with the whole
# body, other metrics among it. With the escaping asked for, all of it is read. A name of one letter becomes `_` and is read, too.
# Expected: the library reads what it writes, or does not write a reserved name.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check prometheus_client==0.26.0

cat > "$folder/read_back.py" <<'PYTHON'
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import choose_encoder
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

OPENMETRICS = "application/openmetrics-text;version=1.0.0"
for label in ["zone", "위", "위치"]:
    registry = CollectorRegistry()
    Gauge("up", "Up", registry=registry).set(1)
    Gauge("temperature", "Temperature", [label], registry=registry).labels("a").set(41)
    for name, accept, read in [
        ("text", None, read_text),
        ("openmetrics", OPENMETRICS, read_openmetrics),
        ("allow-utf-8", OPENMETRICS + ";escaping=allow-utf-8", read_openmetrics),
    ]:
        encode, _ = choose_encoder(accept)
        try:
            families = list(read(encode(registry).decode()))
            print(label, name, "families:", len(families))
        except ValueError as error:
            print(label, name, error)
PYTHON

"$folder/venv/bin/python" "$folder/read_back.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
zone text families: 2
zone openmetrics families: 2
zone allow-utf-8 families: 2
위 text families: 2
위 openmetrics families: 2
위 allow-utf-8 families: 2
위치 text Invalid labels: __="a"
위치 openmetrics Invalid labels: __="a"
위치 allow-utf-8 families: 2
SEEN
