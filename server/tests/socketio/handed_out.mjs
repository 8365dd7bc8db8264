// The client that the server hands out, as a script and as a module, and what the npm package has.
import { readFile } from "node:fs/promises";
import { runInThisContext } from "node:vm";

const host = "localhost:3000";
const transports = ["websocket"];
const get = async (name) => {
  const answer = await fetch(`http://${host}/socket.io/${name}`);
  return [answer.headers.get("content-type"), await answer.text()];
};
const welcome = (io) =>
  new Promise((resolve) => {
    const socket = io(`http://${host}`, { transports, forceNew: true });
    socket.once("welcome", ({ verdict }) => { socket.close(); resolve(verdict); });
  });

for (const name of ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js"].flatMap((name) => [name, `${name}.map`])) {
  const [type, text] = await get(name);
  const official = await readFile(`node_modules/socket.io-client/dist/${name}`, "utf8");
  console.log(name, type, text === official ? "the same" : "another");
}
const [, script] = await get("socket.io.js");
runInThisContext(script);
console.log("script welcome", await welcome(globalThis.io));
const [, module] = await get("socket.io.esm.min.js");
const { io: imported } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
console.log("module welcome", await welcome(imported));
