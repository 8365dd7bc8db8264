// npm ws, and undici, whose WebSocket Node has built in from version 22.
const [url, library] = process.argv.slice(2);
const { WebSocket } = await import(library);

let since = "";
const open = () => {
  const socket = new WebSocket(`${url}&since=${since}`);
  socket.onmessage = (message) => {
    const { type, cursor, data } = JSON.parse(message.data);
    if (type === "event") console.log("order", data.open);
    if (["heartbeat", "gap", "bye"].includes(type)) console.log(type);
    if (cursor) since = cursor;
  };
  socket.onerror = () => {};
  socket.onclose = ({ code }) => {
    console.log("closed", code);
    setTimeout(open, 300);
  };
};
open();
