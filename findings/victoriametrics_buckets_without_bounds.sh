#!/usr/bin/env bash
# VictoriaMetrics' own histograms have no `le`: their buckets have a label `vmrange`, are not cumulative, and come to be when something falls into them.
#
# Version: victoria-metrics 1.79.5 of Debian 12; read by prometheus_client 0.26.0. Seen on 2026-11-30. Needs apt-get and dpkg; nothing is installed.
# Behaviour: a bucket at /metrics is `…_bucket{vmrange="8.799e-01...1.000e+00"} 2` and counts what lies between the two bounds. There is none of all: the
#   buckets make `_count` together. No family has a TYPE, so that neither the type nor `le` says what these numbers are, and a reader that looks for either
#   takes each bucket for a series of its own. Such series come to be while the program runs: a metric has none at first, and up to some hundred later.
# Expected: buckets with `le`, as in the text format, and types.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; [ -z "$server" ] || wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p debs/partial
apt-get install -qq --reinstall --download-only --no-install-recommends -o Debug::NoLocking=true -o APT::Sandbox::User=root -o Dir::Cache::archives="$folder/debs" \
  'victoria-metrics=1.79.5*' > /dev/null
for package in debs/*.deb; do dpkg -x "$package" root; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check prometheus_client==0.26.0
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
root/usr/bin/victoria-metrics -storageDataPath="$folder/data" -httpListenAddr="127.0.0.1:$port" > log 2>&1 &
server=$!
for _ in $(seq 300); do grep -q 'started VictoriaMetrics' log && break; sleep 0.1; done

cat > read.py <<'PYTHON'
import sys, time, urllib.request

from prometheus_client.parser import text_string_to_metric_families

HOST = f"http://127.0.0.1:{sys.argv[1]}"
NAME = "vm_rows_per_insert"

def look(told, rows_at_least):
    # The answer of the last second is given again.
    for _ in range(100):
        body = urllib.request.urlopen(HOST + "/metrics").read().decode()
        lines = [line for line in body.splitlines() if line.startswith(NAME + "_") and 'type="prometheus"' in line]
        if len(lines) >= rows_at_least:
            break
        time.sleep(0.1)
    families = list(text_string_to_metric_families(body))
    samples = [sample for family in families for sample in family.samples]
    buckets = [sample for sample in samples if sample.name.endswith("_bucket")]
    print(f"{told}:", *(lines or ["none"]), sep="\n  ")
    print("  in the whole body, TYPE lines:", body.count("# TYPE"), "types:", *sorted({family.type for family in families}), end=" ")
    print("buckets with le:", sum("le" in sample.labels for sample in buckets), "buckets of all:", sum("nf" in str(sample.labels) for sample in buckets))

def insert(*counts):
    for count in counts:
        rows = "".join(f'room_celsius{{room="{room}"}} 21.5\n' for room in range(count))
        urllib.request.urlopen(HOST + "/api/v1/import/prometheus", data=rows.encode()).read()

look("nothing written", 0)
insert(1, 1, 5)
look("1, 1 and 5 rows written", 4)
insert(100)
look("100 more", 5)
PYTHON

venv/bin/python read.py "$port" | tee seen
diff seen - <<'SEEN'
nothing written:
  none
  in the whole body, TYPE lines: 0 types: unknown buckets with le: 0 buckets of all: 0
1, 1 and 5 rows written:
  vm_rows_per_insert_bucket{type="prometheus",vmrange="8.799e-01...1.000e+00"} 2
  vm_rows_per_insert_bucket{type="prometheus",vmrange="4.642e+00...5.275e+00"} 1
  vm_rows_per_insert_sum{type="prometheus"} 7
  vm_rows_per_insert_count{type="prometheus"} 3
  in the whole body, TYPE lines: 0 types: unknown buckets with le: 0 buckets of all: 0
100 more:
  vm_rows_per_insert_bucket{type="prometheus",vmrange="8.799e-01...1.000e+00"} 2
  vm_rows_per_insert_bucket{type="prometheus",vmrange="4.642e+00...5.275e+00"} 1
  vm_rows_per_insert_bucket{type="prometheus",vmrange="8.799e+01...1.000e+02"} 1
  vm_rows_per_insert_sum{type="prometheus"} 107
  vm_rows_per_insert_count{type="prometheus"} 4
  in the whole body, TYPE lines: 0 types: unknown buckets with le: 0 buckets of all: 0
SEEN
