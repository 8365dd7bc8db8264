#!/usr/bin/env bash
# RabbitMQ's counters at /metrics are sums over the channels, connections and queues that live now: they fall when one of them ends.
#
# Versions: rabbitmq-server 3.10.8 and Erlang 25.2.3 of Debian 12, pika 1.3.2 (PyPI). Seen on 2026-11-30. Needs apt-get and dpkg; nothing is installed.
# Behaviour: one connection publishes 1000 messages, another 10, and the first is closed. `rabbitmq_channel_messages_published_total`, "Total number of
#   messages published into an exchange on a channel", of the type `counter` and without a label, goes from 1010 to 10;
#   `rabbitmq_queue_messages_published_total` falls in the same way, although both queues are still there with all their messages. PromQL's `rate()`, by its
#   documents, takes a fall for a restart from nought, and adds the 10. Only `rabbitmq_global_messages_received_total` stays.
# Expected: a counter of a broker falls when the broker restarts.
set -euo pipefail
folder=$(mktemp -d)
server=; names=
end() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  [ -z "$names" ] || kill "$names" 2>/dev/null || true
  rm -rf "$folder"
}
trap end EXIT
cd "$folder"
mkdir -p debs/partial
apt-get install -qq --reinstall --download-only --no-install-recommends -o Debug::NoLocking=true -o APT::Sandbox::User=root -o Dir::Cache::archives="$folder/debs" \
  'rabbitmq-server=3.10.8*' $(for part in base asn1 crypto eldap inets mnesia os-mon parsetools public-key runtime-tools ssl syntax-tools tools xmerl; do
    echo "erlang-$part=1:25.2.3*"
  done) > /dev/null
for package in debs/*.deb; do dpkg -x "$package" root; done
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pika==1.3.2

erlang=$folder/root/usr/lib/erlang
sed -i "s|ROOTDIR=/usr/lib/erlang|ROOTDIR=$erlang|" "$erlang/bin/erl"
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
amqp=$(port); metrics=$(port); distribution=$(port)
mkdir home log mnesia
echo '[rabbitmq_prometheus].' > plugins
printf '%s\n' "listeners.tcp.default = 127.0.0.1:$amqp" 'prometheus.tcp.ip = 127.0.0.1' "prometheus.tcp.port = $metrics" > rabbitmq.conf
echo '[{kernel, [{inet_dist_use_interface, {127, 0, 0, 1}}]}].' > advanced.config
export HOME=$folder/home PATH=$erlang/bin:$PATH ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$(port) RABBITMQ_NODENAME=finding@localhost
export RABBITMQ_HOME=$folder/root/usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8 RABBITMQ_DIST_PORT=$distribution RABBITMQ_CONF_ENV_FILE=/dev/null
export RABBITMQ_MNESIA_BASE=$folder/mnesia RABBITMQ_LOG_BASE=$folder/log RABBITMQ_LOGS=- RABBITMQ_PLUGINS_DIR=$RABBITMQ_HOME/plugins RABBITMQ_PID_FILE=$folder/pid
export RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$folder/advanced.config RABBITMQ_ENABLED_PLUGINS_FILE=$folder/plugins
"$erlang"/erts-*/bin/epmd > epmd.log 2>&1 &
names=$!
"$RABBITMQ_HOME/sbin/rabbitmq-server" > server.log 2>&1 &
server=$!
for _ in $(seq 600); do grep -q 'Server startup complete' server.log && break; sleep 0.1; done

cat > publish.py <<'PYTHON'
import re, sys, time, urllib.request

import pika

AMQP, METRICS = int(sys.argv[1]), sys.argv[2]
NAMES = ("channel_messages_published_total", "queue_messages_published_total", "queue_messages", 'global_messages_received_total{protocol="amqp091"}')

def read():
    body = urllib.request.urlopen(f"http://127.0.0.1:{METRICS}/metrics").read().decode()
    return body, dict(re.findall(r"^rabbitmq_(\S+) (\S+)$", body, re.MULTILINE))

def tell(when, is_there):
    for _ in range(300):
        body, values = read()
        if is_there(values):
            break
        time.sleep(0.1)
    print(when, *(f"{name} {values[name]}" for name in NAMES), sep="\n  ")
    return body

def publish(count, queue):
    connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", AMQP))
    channel = connection.channel()
    channel.queue_declare(queue)
    for _ in range(count):
        channel.basic_publish("", queue, b"message")
    return connection

first, second = publish(1000, "first"), publish(10, "second")
both = ("channel_messages_published_total", "queue_messages_published_total", "queue_messages")
body = tell("two connections", lambda values: all(values[name] == "1010" for name in both))
print(*re.findall(r"^# (?:TYPE|HELP) rabbitmq_channel_messages_published_total .*", body, re.MULTILINE), sep="\n")
first.close()
tell("one of them closed", lambda values: values["connections"] == "1" and values["channel_messages_published_total"] != "1010")
second.close()
tell("none", lambda values: values["connections"] == "0" and values["channel_messages_published_total"] != "10")
PYTHON

venv/bin/python publish.py "$amqp" "$metrics" | tee seen
diff seen - <<'SEEN'
two connections
  channel_messages_published_total 1010
  queue_messages_published_total 1010
  queue_messages 1010
  global_messages_received_total{protocol="amqp091"} 1010
# TYPE rabbitmq_channel_messages_published_total counter
# HELP rabbitmq_channel_messages_published_total Total number of messages published into an exchange on a channel
one of them closed
  channel_messages_published_total 10
  queue_messages_published_total 10
  queue_messages 1010
  global_messages_received_total{protocol="amqp091"} 1010
none
  channel_messages_published_total 0
  queue_messages_published_total 0
  queue_messages 1010
  global_messages_received_total{protocol="amqp091"} 1010
SEEN
