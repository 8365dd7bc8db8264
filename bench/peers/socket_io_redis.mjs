// A peer of the load generator: a node of several, with the packages `socket.io` and `@socket.io/redis-streams-adapter` as their
// documentation shows them, everyone in one room, and with the recovery of connections. Its argument is the address of Redis.
// POST /publish sends its body, which is JSON, to the room on all nodes.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const redisClient = createClient({ url: process.argv[2] });
await redisClient.connect();

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    io.to("bench").emit("event", JSON.parse(Buffer.concat(parts)));
    response.end();
  });
});
const io = new Server(server, {
  adapter: createAdapter(redisClient),
  connectionStateRecovery: {},
  transports: ["websocket"],
  perMessageDeflate: false,
  serveClient: false,
});
io.on("connection", (socket) => socket.join("bench"));
server.keepAliveTimeout = 3_600_000;
server.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${server.address().port}`));
