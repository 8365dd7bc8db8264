#!/usr/bin/env bash
# A Socket.IO client that is told to close while it changes from long-polling to a WebSocket hears an event twice.
#
# Versions: socket.io 4.8.3 and socket.io-client 4.8.3 (npm). Seen on 2026-11-28.
# Behaviour: connection state recovery is on. The client hears that its WebSocket was answered ("upgrading"); at that moment the
# server emits an event, which goes into the request that waits, and the client is told to close. It closes when that request is
# answered, in the same turn. The event comes after that: it is set aside, and the offset that the client gives when it returns is the one
# before it. The client is recovered, hears what was set aside, and hears it again from the server.
# A server can avoid it: it answers the probe when the client has read all that it was sent, and sends nothing more until the change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund socket.io@4.8.3 socket.io-client@4.8.3

cat > twice.mjs <<'NODE'
import { createServer } from "node:http";
import { Server } from "socket.io";
import { io } from "socket.io-client";

const http = createServer();
const server = new Server(http, { connectionStateRecovery: {} });
server.once("connection", (socket) => socket.emit("n", "first"));
http.listen(0, "127.0.0.1", () => {
  const client = io(`http://127.0.0.1:${http.address().port}`, { reconnectionDelay: 10 });
  const heard = [];
  client.on("n", (n) => {
    heard.push(n);
    if (n !== "last") return;
    console.log(`recovered ${client.recovered}, heard ${heard.join(" ")}`);
    process.exit();
  });
  let connections = 0;
  client.on("connect", () => {
    if (connections++ > 0) return setTimeout(() => server.emit("n", "last"), 100);
    client.io.engine.once("upgrading", () => {
      server.emit("n", "second");
      client.io.engine.close();
    });
  });
});
NODE
node twice.mjs | tee seen
diff seen - <<'SEEN'
recovered true, heard first second second last
SEEN
