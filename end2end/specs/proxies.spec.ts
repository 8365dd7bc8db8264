import { readFileSync } from 'node:fs';
import { Haproxy } from '../fixtures/haproxy.ts';
import { Nginx } from '../fixtures/nginx.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, LINE_LOST, test } from '../fixtures/test.ts';

/** The lines that docs/proxies.md has for a proxy, for a server at this port. */
function lines(proxy: string, port: number): string {
  const page = readFileSync(new URL('../../docs/proxies.md', import.meta.url), 'utf8');
  const block = page.split(`\n### ${proxy}\n`)[1].split('```')[1];
  return block.slice(block.indexOf('\n')).replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
}

test('the page gets live through nginx as it comes, and over WebSocket with the lines of the document', async ({
  server,
  board,
  browser,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  complaints.allow(/WebSocket|status of 403/);
  const nginx = await Nginx.before(server.port);
  try {
    await board.open(nginx.url);
    await expect(board.badge).toContainText('Server-Sent Events');
    await board.card('cpu').moves();
    await nginx.reconfigure(lines('nginx', server.port));
    // A browser that remembers nothing of this network.
    const context = await browser.newContext();
    const fresh = new Board(await context.newPage());
    await fresh.open(nginx.url);
    await expect(fresh.badge).toContainText('WebSocket');
    await fresh.card('cpu').moves();
    await context.close();
  } finally {
    await nginx.close();
  }
});

test('the page gets live through HAProxy over WebSocket, as it comes and with the lines of the document', async ({
  server,
  board,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  const haproxy = await Haproxy.before(server.port);
  try {
    await board.open(haproxy.url);
    await expect(board.badge).toContainText('WebSocket');
    await haproxy.reconfigure(lines('HAProxy', server.port));
    await board.open(haproxy.url);
    await expect(board.badge).toContainText('WebSocket');
    await board.card('cpu').moves();
  } finally {
    await haproxy.close();
  }
});

test('whoever is one too many is told so, with the setting that decides it', async ({ browser, complaints }) => {
  complaints.allow(LINE_LOST);
  const server = await Pulseboard.start({ env: { PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS: '1' } });
  const contexts = [await browser.newContext(), await browser.newContext()];
  try {
    const [first, second] = [new Board(await contexts[0].newPage()), new Board(await contexts[1].newPage())];
    await first.open(server.url);
    await second.visit(server.url);
    await expect(second.badge).toHaveAttribute('data-state', /^(reconnecting|offline)$/, { timeout: 15_000 });
    await second.badge.click();
    const told = second.page.locator('#connection');
    await expect(told.locator('.popover__hint')).toContainText('limits.connections_per_address');
    await expect(told.locator('dd').last()).toContainText('too many connections');
    // And a place that becomes free is taken.
    await contexts[0].close();
    await second.is('live', 30_000);
    await expect(told.locator('.popover__hint')).not.toContainText('limits');
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
    await server.stop();
  }
});
