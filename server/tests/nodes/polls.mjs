// Official clients on long polling, each at an address of its own, behind a proxy before several nodes. The node that has most of them is killed.
import http from "node:http";
import { io } from "socket.io-client";

const { proxy, nodes, clients } = SETUP;
const topics = ["custom/polls"];
const EACH = 6;
let published = 0;

const until = async (good) => {
  while (!(await good())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const publish = async (at) => {
  for (let n = 0; n < EACH; n++) {
    const body = JSON.stringify({ topic: topics[0], data: { n: published++ } });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://${at[n % at.length].address}/api/v1/publish`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  }
};
const count = async ({ address }) => {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  return Number(/_connections\{transport="socketio"\} (\d+)/.exec(text)?.[1] ?? 0);
};

// Each request has a connection of its own: it is for the proxy to know where its session is.
const followers = Array.from({ length: clients }, (_, n) => {
  const agent = new http.Agent({ localAddress: `127.0.0.${n + 2}` });
  const options = { transports: ["polling"], agent, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 100, auth: { topics } };
  const socket = io(`http://${proxy}`, options);
  const follower = { socket, heard: [], breaks: 0, recovered: true };
  socket.on("event", ({ data }) => follower.heard.push(data.n));
  socket.on("disconnect", () => follower.breaks++);
  socket.on("connect", () => { follower.recovered &&= follower.breaks === 0 || socket.recovered; });
  return follower;
});
const hearAll = () => until(() => followers.every(({ socket, heard }) => socket.connected && heard.length >= published));

await until(() => followers.every(({ socket }) => socket.connected));
await publish(nodes);
await hearAll();
const broken = () => followers.filter(({ breaks }) => breaks > 0).length;
const [early, spread] = [broken(), await Promise.all(nodes.map(count))];
const most = spread.indexOf(Math.max(...spread));
console.error(`nodes have ${spread}; ${early} sessions broke`);
console.log(`${spread.reduce((all, some) => all + some)} sessions, ${spread.filter(Boolean).length > 1 ? "at several nodes" : "all at one"}, ${early} broken`);

process.kill(nodes[most].pid, "SIGKILL");
const left = nodes.filter((node) => node !== nodes[most]);
// Sessions go on after the proxy has learned of it: the later rounds are requests that it sends by what it knows then.
for (let round = 0; round < 3; round++) {
  await publish(left);
  await hearAll();
}
const others = broken() - spread[most];
const once = followers.every(({ heard }) => heard.every((n, place) => n === place));
console.error(`${broken()} of ${spread[most]} came back`);
console.log(`${others > 0 ? `${others} of other nodes` : "no other"} broke, ${followers.every(({ recovered }) => recovered) ? "all" : "not all"} recovered, ${once ? "once each" : "lost or doubled"}`);
process.exit();
