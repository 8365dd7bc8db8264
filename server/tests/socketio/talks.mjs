// What the official client can ask for, and what it is told.
import { io } from "socket.io-client";

const host = "localhost:3000";
const options = { transports: TRANSPORTS, forceNew: true };
const say = (...words) => console.log(words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" "));
const next = (socket, event) => new Promise((resolve) => socket.once(event, (...args) => resolve(args)));
const publish = (topic, data) =>
  fetch(`http://${host}/api/v1/publish`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ topic, data }),
  });

const main = io(`http://${host}`, options);
const [welcome] = await next(main, "welcome");
say("welcome", welcome.verdict, typeof welcome.head, welcome.heartbeat_ms);
say("ping", await main.emitWithAck("ping", { id: 7 }));
say("subscribe", await main.emitWithAck("subscribe", { topics: ["custom/a"] }));
say("unknown", (await main.emitWithAck("subscribe", { topics: ["nothing/here"] })).error.code);
say("bad", (await main.emitWithAck("dance", {})).error.code);
main.emit("dance", {});
say("refused", (await next(main, "refused"))[0].code);
const event = next(main, "event");
await publish("custom/a", { big: 1.5 });
const [told, cursor] = await event;
say("event", told, /^[0-9a-f]+-[0-9]+$/.test(cursor));
say("unsubscribe", await main.emitWithAck("unsubscribe", { topics: ["custom/a"] }) ?? "done");
say("binary", (await main.emitWithAck("subscribe", { topics: Buffer.from("x") })).error.code);

const rooms = io(`http://${host}/custom`, { ...options, auth: { rooms: ["b"] } });
await next(rooms, "heartbeat");
const inRoom = next(rooms, "event");
await publish("custom/b", [1]);
say("room", (await inRoom)[0]);

const unknown = io(`http://${host}/random`, options);
say("namespace", (await next(unknown, "connect_error"))[0].message);
const refused = io(`http://${host}`, { ...options, auth: { topics: ["A B"] } });
say("auth", (await next(refused, "connect_error"))[0].data);
for (const socket of [main, rooms, unknown, refused]) socket.close();
