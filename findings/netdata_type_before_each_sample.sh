#!/usr/bin/env bash
# Netdata says a metric's type again before each of its samples, when it is asked for types: promtool refuses the whole body, and Prometheus itself takes it.
#
# Versions: netdata 1.37.1, prometheus 2.42.0 of Debian 12; prometheus_client 0.26.0 (PyPI). Seen on 2026-11-30. Needs apt-get and dpkg; nothing is installed.
# Behaviour: `/api/v1/allmetrics?format=prometheus&types=yes` has the same `# TYPE` line before the second sample of a metric, the third, and so on. The text
#   format has one TYPE for a name, before its samples, and promtool refuses the body for the second. Prometheus, whose scraper has another reader, and
#   prometheus_client for Python read it without a word.
# Expected: one TYPE for a metric; or all readers alike.
set -euo pipefail
folder=$(mktemp -d)
servers=()
trap 'for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; done; rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p debs/partial
apt-get install -qq --reinstall --download-only --no-install-recommends -o Debug::NoLocking=true -o APT::Sandbox::User=root -o Dir::Cache::archives="$folder/debs" \
  'netdata-core=1.37.1*' 'prometheus=2.42.0*' > /dev/null
for package in debs/*.deb; do dpkg -x "$package" root; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check prometheus_client==0.26.0
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
netdata=$(port); prometheus=$(port)
mkdir -p etc cache lib log plugins
cat > etc/netdata.conf <<CONF
[global]
 run as user = $(id -un)
[directories]
 config = $folder/etc
 stock config = $folder/root/usr/lib/netdata/conf.d
 cache = $folder/cache
 lib = $folder/lib
 log = $folder/log
 home = $folder/lib
 lock = $folder/lib
 web = $folder/root/usr/share/netdata/web
 plugins = $folder/plugins
 registry = $folder/lib
[db]
 mode = ram
[web]
 bind to = 127.0.0.1
 default port = $netdata
[ml]
 enabled = no
[health]
 enabled = no
[plugins]
 tc = no
 cgroups = no
 perf = no
 statsd = no
CONF
LD_LIBRARY_PATH=$(printf '%s:' "$folder"/root/usr/lib/*-linux-gnu "$folder"/root/lib/*-linux-gnu) root/usr/sbin/netdata -D -c etc/netdata.conf -P "$folder/pid" > log/all 2>&1 &
servers+=($!)

cat > read.py <<'PYTHON'
import json, re, subprocess, sys, time, urllib.error, urllib.request

from prometheus_client.parser import text_string_to_metric_families

NETDATA, PROMETHEUS = (f"http://127.0.0.1:{port}" for port in sys.argv[1:])

def until(get):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if value := get():
                return value
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit("it did not come")

def scrape(more):
    body = urllib.request.urlopen(f"{NETDATA}/api/v1/allmetrics?format=prometheus{more}").read().decode()
    return body if "netdata_system_load_" in body and "netdata_system_cpu_" in body else None

for more in ("", "&types=yes"):
    body = until(lambda: scrape(more))
    print(f"allmetrics?format=prometheus{more}")
    told = [line for line in body.splitlines() if "netdata_system_load_" in line]
    for line in told:
        print("  ", re.sub(r"} .*", "} …", line))
    families = list(text_string_to_metric_families(body))
    print("   prometheus_client: read,", "and all samples are there" if sum(len(f.samples) for f in families) == len(re.findall(r"(?m)^[^#\n]", body)) else "with samples missing")
    promtool = subprocess.run(["root/usr/bin/promtool", "check", "metrics"], input=body, capture_output=True, text=True)
    refusal = re.search(r"parsing error in line \d+: (.*) \"netdata", promtool.stderr)
    print("   promtool:", refusal[1] if refusal else "no error of syntax")

def ask(query):
    answer = json.load(urllib.request.urlopen(f"{PROMETHEUS}/api/v1/query?query={query}"))
    return {result["metric"]["job"]: float(result["value"][1]) for result in answer["data"]["result"]}

up = until(lambda: (up := ask("up")) and len(up) == 2 and min(up.values()) == 1 and up)
samples = ask("scrape_samples_scraped")
for job in sorted(up):
    print(f"Prometheus, {job}: up {up[job]:.0f},", "hundreds of samples" if samples[job] > 100 else f"{samples[job]:.0f} samples")
PYTHON

cat > prometheus.yml <<CONF
global:
  scrape_interval: 2s
  scrape_timeout: 2s
scrape_configs:
  - job_name: plain
    metrics_path: /api/v1/allmetrics
    params: {format: [prometheus]}
    static_configs: [{targets: ["127.0.0.1:$netdata"]}]
  - job_name: types
    metrics_path: /api/v1/allmetrics
    params: {format: [prometheus], types: ["yes"]}
    static_configs: [{targets: ["127.0.0.1:$netdata"]}]
CONF
root/usr/bin/prometheus --config.file=prometheus.yml --storage.tsdb.path="$folder/data" --web.listen-address="127.0.0.1:$prometheus" > log/prometheus 2>&1 &
servers+=($!)
venv/bin/python read.py "$netdata" "$prometheus" | tee seen
diff seen - <<'SEEN'
allmetrics?format=prometheus
   netdata_system_load_load_average{chart="system.load",family="load",dimension="load1"} …
   netdata_system_load_load_average{chart="system.load",family="load",dimension="load5"} …
   netdata_system_load_load_average{chart="system.load",family="load",dimension="load15"} …
   prometheus_client: read, and all samples are there
   promtool: no error of syntax
allmetrics?format=prometheus&types=yes
   # TYPE netdata_system_load_load_average gauge
   netdata_system_load_load_average{chart="system.load",family="load",dimension="load1"} …
   # TYPE netdata_system_load_load_average gauge
   netdata_system_load_load_average{chart="system.load",family="load",dimension="load5"} …
   # TYPE netdata_system_load_load_average gauge
   netdata_system_load_load_average{chart="system.load",family="load",dimension="load15"} …
   prometheus_client: read, and all samples are there
   promtool: second TYPE line for metric name
Prometheus, plain: up 1, hundreds of samples
Prometheus, types: up 1, hundreds of samples
SEEN
