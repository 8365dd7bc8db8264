// The official client loses its line twenty times in a row while numbers are published, and hears each once.
import { io } from "socket.io-client";

const [host, transports] = ["localhost:3000", TRANSPORTS];
const DROPS = 20;
const socket = io(`http://${host}`, { transports, reconnectionDelay: 10, reconnectionDelayMax: 20, auth: { topics: ["custom/recovery"] } });
const heard = [];
let published = 0;

const publish = async () => {
  const body = JSON.stringify({ topic: "custom/recovery", data: { n: published++ } });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://${host}/api/v1/publish`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
};
const until = (emitter, event, good = () => true) =>
  new Promise((resolve) => emitter.on(event, function hear(...args) {
    if (!good(...args)) return;
    emitter.off(event, hear);
    resolve(args);
  }));

socket.on("event", ({ data }) => heard.push(data.n));
socket.on("gap", (gap) => console.log("gap", gap));
await until(socket, "connect");
const name = socket.id;
let recovered = 0;
for (let drop = 0; drop < DROPS; drop++) {
  for (let n = 0; n < drop % 4; n++) await publish();
  const back = until(socket, "connect");
  socket.io.engine.close();
  for (let n = 0; n < 3; n++) await publish();
  await back;
  if (socket.recovered && socket.id === name) recovered++;
}
await publish();
while (heard.at(-1) !== published - 1) await until(socket, "event");
const once = heard.length === published && heard.every((n, place) => n === place);
console.log(`recovered ${recovered} of ${DROPS}; ${published} events ${once ? "once each" : `heard as ${heard}`}`);
socket.close();
