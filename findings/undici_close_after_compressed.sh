#!/usr/bin/env bash
# undici's WebSocket and messages that arrive together with the close frame.
#
# Versions: undici 7.30.2 and, beside it, ws 8.23.0 (npm). Seen on 2026-11-28 on Node.js 20.20.2.
# Behaviour: a server accepts permessage-deflate (RFC 7692, no context takeover), then writes five messages, a close frame with
# code 4001 and FIN, in one segment.
#   plain messages: both clients tell five messages and 4001.
#   compressed messages: ws tells five messages and 4001; undici tells none and 1006.
#   compressed messages, FIN only after the client's own close frame: both tell five messages and 4001.
# A server that closes its half right behind its close frame loses the end of the line for such a client, and the reason with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" undici@7.30.2 ws@8.23.0 > /dev/null

cat > try.mjs <<'JS'
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { constants, deflateRawSync } from 'node:zlib';
import { WebSocket as Undici } from 'undici';
import { WebSocket as Ws } from 'ws';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const frame = (first, payload) => Buffer.concat([Buffer.from([first, payload.length]), payload]);
const close = () => frame(0x88, Buffer.from([4001 >> 8, 4001 & 255]));
const message = (compressed, text) => {
  if (!compressed) return frame(0x81, Buffer.from(text));
  const flushed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return frame(0xc1, flushed.subarray(0, -4));
};

function serve({ compressed, waits }) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    let head = '';
    let open = false;
    socket.on('data', (bytes) => {
      if (open) {
        // The first thing a client says after the handshake is its close frame.
        socket.end();
        return;
      }
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      open = true;
      const key = /sec-websocket-key: (.*)\r\n/i.exec(head)[1];
      const accept = createHash('sha1').update(key + GUID).digest('base64');
      const answer = [
        'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`,
        ...(compressed ? ['Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover'] : []),
      ];
      socket.write(`${answer.join('\r\n')}\r\n\r\n`);
      const texts = ['one', 'two', 'three', 'four', 'five'];
      // A moment later, so that what follows the handshake is one segment of its own.
      setTimeout(() => {
        const all = Buffer.concat([...texts.map((text) => message(compressed, text)), close()]);
        if (waits) socket.write(all);
        else socket.end(all);
      }, 200);
    });
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

async function hear(Client, how) {
  const server = await serve(how);
  const socket = new Client(`ws://127.0.0.1:${server.address().port}/`);
  let heard = 0;
  socket.addEventListener('message', () => (heard += 1));
  socket.addEventListener('error', () => {});
  const code = await new Promise((done) => socket.addEventListener('close', (event) => done(event.code)));
  server.close();
  return `${heard} messages, ${code}`;
}

for (const [name, Client] of [['ws', Ws], ['undici', Undici]]) {
  for (const [kind, how] of [
    ['plain', { compressed: false }], ['compressed', { compressed: true }],
    ['compressed, server waits', { compressed: true, waits: true }],
  ]) console.log(`${name}, ${kind}: ${await hear(Client, how)}`);
}
process.exit(0);
JS

node try.mjs | tee seen
diff seen - <<'SEEN'
ws, plain: 5 messages, 4001
ws, compressed: 5 messages, 4001
ws, compressed, server waits: 5 messages, 4001
undici, plain: 5 messages, 4001
undici, compressed: 0 messages, 1006
undici, compressed, server waits: 5 messages, 4001
SEEN
