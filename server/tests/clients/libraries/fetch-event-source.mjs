// npm @microsoft/fetch-event-source: it comes back after a clean end only where `onclose` throws.
globalThis.window = globalThis; // it is made for browsers
const { fetchEventSource } = await import("@microsoft/fetch-event-source");

const [url] = process.argv.slice(2);
await fetchEventSource(url, {
  openWhenHidden: true, // there is no document to be hidden
  onmessage({ event, data }) {
    const frame = JSON.parse(data);
    if (event === "") console.log("order", frame.data.open);
    else if (["heartbeat", "gap"].includes(event)) console.log(event);
  },
  onclose() {
    throw new Error("the stream ended: again");
  },
});
