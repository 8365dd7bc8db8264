import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import WebSocket from 'ws';
import { expect, test } from '../fixtures/test.ts';

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
}

/** A plain request with any headers, which browsers would not let a page set. Streams are not waited for. */
async function ask(url: string, headers: Record<string, string>, method = 'GET'): Promise<Answer> {
  const asked = request(url, { method, headers });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.destroy();
  return { status: answer.statusCode ?? 0, headers: answer.headers };
}

/** The status that a WebSocket handshake with this origin is answered with. */
async function shakeHands(url: string, origin: string): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live/ws?topics=host/local/metrics`, { origin });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_, answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

const STREAMS = ['/live/sse?topics=host/local/metrics', '/sse/cpumemdisk'];
const OTHERS = ['/', '/no/such/page', '/api/v1/hosts/local', '/healthz', '/favicon.svg'];
const ADDRESSES = [...STREAMS, ...OTHERS];

test('a page of a foreign origin cannot open a WebSocket', async ({ server }) => {
  expect(await shakeHands(server.url, server.url)).toBe(101);
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${server.port + 1}`]) {
    expect(await shakeHands(server.url, origin), origin).toBe(403);
  }
});

test('a page of a foreign origin is refused at every address', async ({ server }) => {
  for (const address of ADDRESSES) {
    const { status } = await ask(server.url + address, { origin: 'http://evil.example' });
    expect(status, address).toBe(403);
  }
  const { status } = await ask(`${server.url}/api/v1/publish`, { origin: 'http://evil.example' }, 'POST');
  expect(status).toBe(403);
});

test('a name that was made to point here is refused at every address', async ({ server }) => {
  for (const address of ADDRESSES) {
    const { status } = await ask(server.url + address, { host: `evil.example:${server.port}` });
    expect(status, address).toBe(403);
  }
});

test('the policy of a page lets only its own scripts run, and its nonce is new each time', async ({ server }) => {
  const nonces = new Set<string>();
  for (let visit = 0; visit < 3; visit += 1) {
    const answer = await fetch(server.url);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(16);
    nonces.add(nonce);
    const scripts = (await answer.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
  }
  expect(nonces.size).toBe(3);
});

test('the server sends no inline style and no inline handler', async ({ server }) => {
  for (const address of ['/', '/no/such/page']) {
    const html = await (await fetch(server.url + address)).text();
    // What stands between quotes is data, and scripts are covered by the nonce.
    const tags = html.replace(/<script\b[\s\S]*?<\/script>/g, '').match(/<[a-z][^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(50);
    for (const tag of tags) expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\s(style|on[a-z]+)=/);
    expect(html).not.toMatch(/<style\b|javascript:/);
  }
});

test('every answer forbids sniffing, foreign frames and foreign use', async ({ server }) => {
  for (const address of OTHERS) {
    const { headers } = await ask(server.url + address, {});
    expect(headers, address).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

test('a stream is never kept by a cache nor sniffed, and a page is asked for anew', async ({ server }) => {
  for (const address of ['/', ...STREAMS]) {
    const { headers } = await ask(server.url + address, {});
    // A browser may go back to a page as it was left.
    expect(headers['cache-control'], address).toContain(address === '/' ? 'no-cache' : 'no-store');
    expect(headers['x-content-type-options'], address).toBe('nosniff');
  }
});

test('the browser finds nothing that the policy forbids', async ({ page, board }) => {
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`the policy forbids ${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  await board.open();
  await board.card('cpu').paper.hover();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await board.choose('Server-Sent Events');
  await board.is('live');
});
