#!/usr/bin/env bash
# Knot Resolver's latencies at /metrics have a `_sum` that nobody measured: each answer counts as much as the upper bound of its bucket.
#
# Versions: knot-resolver and knot-resolver-module-http 5.6.0 of Debian 12. Seen on 2026-11-30. Needs root, apt-get, dpkg and unshare; nothing is installed:
#   the program, which looks for its files below /usr, sees them there in a mount namespace of its own.
# Behaviour: an answer within a millisecond counts 1 and one of 120 ms counts 250, so that `latency_sum / latency_count` is an average of bounds: of
#   answers that take a tenth of a millisecond it is 1. The numbers are milliseconds, and neither the name nor a UNIT says so. Beside the
#   histogram all is of the type `counter`, also what goes up and down: `worker_rss` (bytes), `worker_concurrent`, `cache_count_entries`, `cache_usage_percent`.
#   A reader that goes by the types shows how fast they grow, and never how great they are.
# Expected: a sum of what was measured, or none; and gauges.
set -euo pipefail
if [ "${1-}" != inside ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  script=$(realpath "$0")
  cd "$folder"
  mkdir -p debs/partial
  apt-get install -qq --reinstall --download-only --no-install-recommends -o Debug::NoLocking=true -o APT::Sandbox::User=root -o Dir::Cache::archives="$folder/debs" \
    'knot-resolver=5.6.0*' 'knot-resolver-module-http=5.6.0*' dns-root-data > /dev/null
  for package in debs/*.deb; do dpkg -x "$package" root; done
  if [ -d root/lib ]; then cp -a root/lib/. root/usr/lib/; fi
  unshare --mount bash "$script" inside "$folder"
  exit
fi

cd "$2"
mount -t overlay overlay -o "lowerdir=$PWD/root/usr:/usr" /usr
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
dns=$(port); web=$(port); upstream=$(port)
mkdir run
cat > config <<CONF
net.listen('127.0.0.1', $dns, { kind = 'dns' })
net.listen('127.0.0.1', $web, { kind = 'webmgmt' })
modules = { 'stats', 'http' }
http.config({ tls = false })
cache.size = 10 * MB
policy.add(policy.all(policy.STUB('127.0.0.1@$upstream')))
CONF

cat > ask.py <<'PYTHON'
import re, socket, struct, sys, threading, time, urllib.request

DNS, WEB, UPSTREAM = map(int, sys.argv[1:])

def name_server():
    """Answers each question for an address with 127.0.0.1, and takes 120 ms for a name that begins with an s."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", UPSTREAM))
    while True:
        query, client = server.recvfrom(4096)
        end = query.index(0, 12) + 5
        has_address = query[end - 4:end - 2] == b"\0\1"
        if query[13:14].lower() == b"s":
            time.sleep(0.12)
        answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + bytes([127, 0, 0, 1]) if has_address else b""
        server.sendto(query[:2] + b"\x84\0" + struct.pack(">HHHH", 1, bool(answer), 0, 0) + query[12:end] + answer, client)

def ask(name):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(1)
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0\0\1\0\1"
    began = time.monotonic()
    client.sendto(b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + question, ("127.0.0.1", DNS))
    client.recv(4096)
    return 1000 * (time.monotonic() - began)

def metrics():
    body = urllib.request.urlopen(f"http://127.0.0.1:{WEB}/metrics").read().decode()
    return body, {name: float(value) for name, value in re.findall(r"(?m)^([^#\s]+) (\S+)$", body)}

threading.Thread(target=name_server, daemon=True).start()
for _ in range(100):
    try:
        ask("first0.example")
        metrics()
        break
    except OSError:
        time.sleep(0.1)
time.sleep(1)

def tell(what, count, usual):
    """Asks so often, and says what the histogram has grown by. On a busy machine an answer may fall into the next bucket, and it is tried again."""
    for attempt in range(10):
        _, before = metrics()
        waited = sum(ask(f"{what}{0 if what == 'first' else attempt}.example") for _ in range(count))
        _, after = metrics()
        answers, total = (after[name] - before[name] for name in ("latency_count", "latency_sum"))
        if (answers, total) == (count, usual):
            break
    print(f"{count} {what}: count {answers:.0f}, sum {total:.0f}, the clients waited {'less' if waited < total else 'longer'}")

tell("first", 20, 20)
tell("slow", 1, 250)
body, values = metrics()
types = re.findall(r"(?m)^# TYPE (\S+) (\S+)$", body)
print("types:", *sorted({kind for _, kind in types}))
for name in ("worker_rss", "worker_concurrent", "cache_count_entries", "cache_usage_percent"):
    print(f"  {name}:", dict(types)[name])
bounds = re.findall(r'latency_bucket{le="(\S+)"}', body)
print("bounds:", *bounds)
PYTHON

/usr/sbin/kresd -n -q -c "$PWD/config" run > log 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
python3 ask.py "$dns" "$web" "$upstream" | tee seen
diff seen - <<'SEEN'
20 first: count 20, sum 20, the clients waited less
1 slow: count 1, sum 250, the clients waited less
types: counter histogram
  worker_rss: counter
  worker_concurrent: counter
  cache_count_entries: counter
  cache_usage_percent: counter
bounds: 1 10 50 100 250 500 1000 1500 +Inf
SEEN
