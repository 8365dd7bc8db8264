#!/usr/bin/env bash
# Podman's Docker-compatible /events, asked from the time of an event on.
#
# Versions: podman 4.3.1 of Debian 12, events in a file. Seen on 2026-11-29.
# Behaviour: `since=SECONDS.NNNNNNNNN` is read as a floating-point number, which is off by up to a quarter of a microsecond, and an event counts
#   when it is later than that. So an event is found from its own time on, or not, by chance: about half of them are. Docker takes the same
#   parameter exactly, and always gives that event. Asked from the whole second on, Podman gives every event of it.
# Output seen: `40 events: from its own time some are found, some are not; from its second all 40`.
set -euo pipefail
if ! command -v podman > /dev/null; then echo 'install podman first, as `apt install podman` does' >&2; exit 1; fi
folder=$(mktemp -d)
pid=
end() { if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; fi; rm -rf "$folder"; }
trap end EXIT

podman --root "$folder/data" --runroot "$folder/run" --tmpdir "$folder/tmp" --storage-driver vfs --cgroup-manager cgroupfs \
  --events-backend file system service --time 0 "unix://$folder/podman.sock" > "$folder/log" 2>&1 &
pid=$!

cat > "$folder/ask.py" <<'PYTHON'
import http.client
import json
import socket
import sys
import time


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(sys.argv[1])


def ask(method, path, body=None):
    connection = Connection("localhost")
    connection.request(method, "/v1.41" + path, body and json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse().read()
    connection.close()
    return answer


def times(since):
    lines = ask("GET", f"/events?stream=false&since={since}").splitlines()
    events = [json.loads(line) for line in lines]
    return {event["timeNano"] for event in events if event["Type"] == "volume"}


for _ in range(200):
    try:
        ask("GET", "/_ping")
        break
    except OSError:
        time.sleep(0.1)
for number in range(40):
    ask("POST", "/volumes/create", {"Name": f"v{number}"})
events = times(1)
own = sum(event in times(f"{event // 10**9}.{event % 10**9:09}") for event in events)
second = sum(event in times(event // 10**9) for event in events)
print(f"from its own time: {own} of {len(events)}", file=sys.stderr)
some = "some are found, some are not" if 0 < own < len(events) else f"{own} are found"
print(f"{len(events)} events: from its own time {some}; from its second all {second}")
PYTHON
seen=$(python3 "$folder/ask.py" "$folder/podman.sock")
echo "$seen"
[ "$seen" = '40 events: from its own time some are found, some are not; from its second all 40' ]
