// A peer of the load generator: the package `socket.io` as its documentation shows it, everyone in one room.
// POST /publish sends its body, which is JSON, to the room.
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    io.to("bench").emit("event", JSON.parse(Buffer.concat(parts)));
    response.end();
  });
});
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
io.on("connection", (socket) => socket.join("bench"));
server.keepAliveTimeout = 3_600_000;
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
