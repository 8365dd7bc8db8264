#!/usr/bin/env bash
# Dovecot's metrics that are grouped by two fields have each group of the first beside its parts, in one family: their sum counts each event twice.
#
# Versions: dovecot-core 2.3.19 of Debian 12; prometheus_client 0.26.0 (PyPI). Seen on 2026-11-30. Needs root, apt-get, dpkg and unshare; nothing is
#   installed: the program, which looks for its parts below /usr, sees them there in a mount namespace of its own.
# Behaviour: `group_by = user mechanism` gives `…_total{user="a"} 3` and `…_total{user="a",mechanism="PLAIN"} 3` for three events, so that `sum()` is 6. The
#   total of all is `dovecot_logins_count`, and that of the seconds `…_duration_seconds_sum`: no samples that a counter may have, and the official reader
#   takes each for a metric of no type. A family without an event has only these. The answer is OpenMetrics 0.0.1 whatever Accept asks for.
# Expected: series that add up, as the data model of Prometheus has it, or the groups in families of their own; a total named `_total`.
set -euo pipefail
if [ "${1-}" != inside ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  script=$(realpath "$0")
  cd "$folder"
  chmod 755 .
  mkdir -p debs/partial
  apt-get install -qq --reinstall --download-only --no-install-recommends -o Debug::NoLocking=true -o APT::Sandbox::User=root -o Dir::Cache::archives="$folder/debs" \
    'dovecot-core=1:2.3.19*' > /dev/null
  for package in debs/*.deb; do dpkg -x "$package" root; done
  if [ -d root/lib ]; then cp -a root/lib/. root/usr/lib/; fi
  python3 -m venv venv
  venv/bin/pip install --quiet --disable-pip-version-check prometheus_client==0.26.0
  unshare --mount bash "$script" inside "$folder"
  exit
fi

cd "$2"
mount -t overlay overlay -o "lowerdir=$PWD/root/usr:/usr" /usr
export LD_LIBRARY_PATH=/usr/lib/dovecot
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir base state
cat > dovecot.conf <<CONF
base_dir = $PWD/base
state_dir = $PWD/state
log_path = $PWD/log
protocols =
ssl = no
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = daemon
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=1000 gid=1000 home=$PWD/%u
}
service stats {
  inet_listener http {
    address = 127.0.0.1
    port = $port
  }
}
metric logins {
  filter = event=auth_request_finished
  group_by = user mechanism
}
metric imap_commands {
  filter = event=imap_command_finished
  group_by = cmd_name
}
CONF
/usr/sbin/dovecot -F -c "$PWD/dovecot.conf" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do [ -S base/auth-client ] && [ -S base/stats-writer ] && break; sleep 0.1; done
for user in a a a b; do
  /usr/bin/doveadm -c "$PWD/dovecot.conf" auth test -x service=imap "$user" secret > /dev/null
done

cat > read.py <<'PYTHON'
import sys, time, urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families

URL = f"http://127.0.0.1:{sys.argv[1]}/metrics"

for _ in range(100):
    answer = urllib.request.urlopen(urllib.request.Request(URL, headers={"Accept": "text/plain;version=0.0.4"}))
    body = answer.read().decode()
    if "dovecot_logins_count 4" in body:
        break
    time.sleep(0.1)
print(answer.headers["content-type"])
for line in body.splitlines():
    if "dovecot_logins" in line and "seconds" not in line or "dovecot_imap_commands" in line:
        print(line)
families = list(text_string_to_metric_families(body))
print("sum of dovecot_logins_total:", sum(sample.value for family in families for sample in family.samples if sample.name == "dovecot_logins_total"))
print("types:", {family.name: family.type for family in families if family.name.startswith("dovecot_logins")})
PYTHON

unset LD_LIBRARY_PATH
venv/bin/python read.py "$port" | tee seen
diff seen - <<'SEEN'
application/openmetrics-text; version=0.0.1; charset=utf-8
# HELP dovecot_logins Total number of all events of this kind
# TYPE dovecot_logins counter
dovecot_logins_total{user="a"} 3
dovecot_logins_total{user="a",mechanism="PLAIN"} 3
dovecot_logins_total{user="b"} 1
dovecot_logins_total{user="b",mechanism="PLAIN"} 1
dovecot_logins_count 4
# HELP dovecot_imap_commands Total number of all events of this kind
# TYPE dovecot_imap_commands counter
dovecot_imap_commands_count 0
# HELP dovecot_imap_commands_duration_seconds Total duration of all events of this kind
# TYPE dovecot_imap_commands_duration_seconds counter
dovecot_imap_commands_duration_seconds_sum 0.000000
sum of dovecot_logins_total: 8
types: {'dovecot_logins': 'counter', 'dovecot_logins_count': 'unknown', 'dovecot_logins_duration_seconds': 'counter', 'dovecot_logins_duration_seconds_sum': 'unknown'}
SEEN
