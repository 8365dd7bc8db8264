// Official clients lose their lines at every moment of a change from polling to a WebSocket.
import net from "node:net";
import { io } from "socket.io-client";

const [serverHost, serverPort] = "localhost:3000".split(":");
const CLIENTS = 8;
const [DROPS, SEED] = [DROPS_EACH, SEED_GIVEN];

const seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

// What lies between a client and the server, and can be cut.
const cable = async () => {
  const lines = new Set();
  const server = net.createServer((near) => {
    const far = net.connect(serverPort, serverHost);
    for (const [line, other] of [[near, far], [far, near]]) {
      lines.add(line.setNoDelay());
      line.on("error", () => {}).on("close", () => { lines.delete(line); other.destroy(); }).pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, cut: () => lines.forEach((line) => line.resetAndDestroy()), end: () => server.close() };
};

const moments = {
  "at once": (engine, lose) => setImmediate(lose),
  "a little later": (engine, lose, random) => setTimeout(lose, random() * 8),
  "while upgrading": (engine, lose) => engine.once("upgrading", lose),
  "right after upgrading": (engine, lose) => engine.once("upgrading", () => setImmediate(lose)),
  "upgraded": (engine, lose) => engine.once("upgrade", lose),
  "right after upgraded": (engine, lose) => engine.once("upgrade", () => setImmediate(lose)),
  "on the WebSocket": (engine, lose, random) => engine.once("upgrade", () => setTimeout(lose, random() * 5)),
  "at a request": (engine, lose) => engine.transport.once("poll", () => setImmediate(lose)),
};
const counts = { recovered: 0, doubled: 0, lost: 0, stuck: 0 };
let dropping = CLIENTS;

// What all have heard is told by the hundred: nothing is published too far beyond it.
const heard = new Array(CLIENTS).fill(0);
let told = 0;
const hear = (id, count) => {
  heard[id] = count;
  const hundreds = Math.floor(Math.min(...heard) / 100);
  if (hundreds > told) console.log(`heard ${(told = hundreds) * 100}`);
};

const run = async (id) => {
  const random = seeded(SEED * 1000 + id);
  const line = await cable();
  const auth = { topics: [`custom/drops-${id}`] };
  const options = { transports: ["polling", "websocket"], forceNew: true, reconnectionDelay: 1, reconnectionDelayMax: 5, auth };
  const socket = io(`http://127.0.0.1:${line.port}`, options);
  let [next, drops, watch] = [0, 0, undefined];
  const finished = new Promise((resolve) => {
    socket.on("event", ({ data }) => {
      if (data.n < next) counts.doubled++;
      if (data.n > next) counts.lost += data.n - next;
      if (data.n !== next) console.error(`client ${id}: ${data.n} instead of ${next} after drop ${drops}, ${last}`);
      next = Math.max(next, data.n + 1);
      hear(id, next);
      if (data.last) resolve();
    });
  });
  let last = "none";
  socket.on("connect", () => {
    clearTimeout(watch);
    if (drops > 0 && socket.recovered) counts.recovered++;
    if (drops === DROPS) {
      if (--dropping === 0) console.log("dropped");
      drops++;
    }
    if (drops > DROPS) return;
    const { engine } = socket.io;
    const names = Object.keys(moments);
    const name = names[Math.floor(random() * names.length)];
    const cut = random() < 0.3;
    let lost = false;
    const lose = () => {
      if (lost || engine !== socket.io.engine) return;
      lost = true;
      last = `${cut ? "cut" : "closed"} ${name}`;
      if (cut) line.cut();
      else engine.close();
      // Its WebSocket cut in the middle of a change, it waits for the end of that until a ping fails to come.
      watch = setTimeout(() => {
        counts.stuck++;
        engine._onClose("transport close");
      }, 400);
    };
    moments[name](engine, lose, random);
    // The change may be over already.
    watch = setTimeout(lose, 100);
  });
  socket.on("disconnect", () => { drops++; clearTimeout(watch); });
  await finished;
  socket.close();
  line.end();
};

const all = Array.from({ length: CLIENTS }, (_, id) => run(id));
await Promise.all(all);
const { recovered, doubled, lost, stuck } = counts;
console.error(`${stuck} were stuck`);
console.log(`recovered ${recovered} of ${CLIENTS * DROPS}; ${doubled} doubled, ${lost} lost`);
