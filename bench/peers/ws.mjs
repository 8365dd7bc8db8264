// A peer of the load generator: the package `ws` as its documentation shows it, without compression.
// node ws.mjs PATH_OF_WS: POST /publish sends its body to every client.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const { default: WebSocket } = await import(pathToFileURL(process.argv[2]));

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const message = Buffer.concat(parts);
    for (const client of sockets.clients) client.send(message, { binary: false });
    response.end();
  });
});
const sockets = new WebSocket.WebSocketServer({ server, perMessageDeflate: false });
server.keepAliveTimeout = 3_600_000;
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
