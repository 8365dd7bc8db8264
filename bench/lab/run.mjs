// The lab's figures, as its page shows them to a browser.
//
//   node bench/lab/run.mjs --url URL --seconds N
//
// JSON on standard output: for each transport what its card shows, and the headers of one of its questions. CHROMIUM names the browser.
import { parseArgs } from 'node:util';
import { launch } from '../charts/browser.mjs';

const { values: options } = parseArgs({ options: { url: { type: 'string' }, seconds: { type: 'string' } } });
/** What the load generator calls them. */
const NAMES = {
  websocket: 'WebSocket', sse: 'SSE', http_stream: 'HTTP stream', long_polling: 'long polling', polling: 'polling', socketio: 'Socket.IO',
};
/** How long all lines may take to be live. */
const PATIENCE = 30_000;

const browser = await launch();
try {
  const page = await browser.newPage({ locale: 'en-US' });
  const asked = page.waitForRequest((request) => request.url().includes('/live/long-poll') && request.url().includes('lab'));
  await page.goto(`${options.url}/lab`);
  const headers = await (await asked).allHeaders();
  for (const id of Object.keys(NAMES)) {
    await page.locator(`[data-testid="lab-${id}"][data-state="live"]`).waitFor({ timeout: PATIENCE });
  }
  await page.waitForTimeout(Number(options.seconds) * 1000);
  const figure = (id, name) => page.getByTestId(`lab-${id}`).getByTestId(name).innerText().then((text) => Number(text.replace(/[^0-9.]/g, '')));
  const lines = {};
  for (const [id, name] of Object.entries(NAMES)) {
    lines[name] = { p50: await figure(id, 'p50'), p99: await figure(id, 'p99'), bytes: await figure(id, 'bytes') };
  }
  console.log(JSON.stringify({ headers, lines }));
} finally {
  await browser.close();
}
