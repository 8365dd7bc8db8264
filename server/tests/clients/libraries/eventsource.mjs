// npm eventsource: what npm installs on Node 20. It comes back by itself.
import { EventSource } from "eventsource";

const [url] = process.argv.slice(2);
const source = new EventSource(url);
source.onmessage = (event) => console.log("order", JSON.parse(event.data).data.open);
source.addEventListener("heartbeat", () => console.log("heartbeat"));
source.addEventListener("gap", () => console.log("gap"));
