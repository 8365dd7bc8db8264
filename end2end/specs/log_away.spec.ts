import { wear } from '../fixtures/axe.ts';
import { Nats } from '../fixtures/nats.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, test } from '../fixtures/test.ts';

test('while the log at NATS is away the badge tells why, in each language', async ({ board, complaints, context, page }) => {
  // That is how a server answers which is not ready.
  complaints.allow(/503 \(Service Unavailable\).*\/readyz/);
  const nats = await Nats.start();
  const server = await Pulseboard.start({ env: { PULSEBOARD_BROKER__URL: nats.url } });
  try {
    await board.open(server.url);
    const told = page.getByTestId('server-says');
    await nats.kill9();
    await board.is('stale', 30_000);
    await board.badge.click();
    await expect(told).toContainText('The server says:');
    await expect(told).toContainText('NATS');
    await wear(context, server.url, { lang: 'ko' });
    await page.reload();
    await board.hydrated();
    await board.is('stale', 30_000);
    await board.badge.click();
    await expect(told).toContainText('서버가 알린 이유:');
    await expect(told).toContainText('NATS');
    await nats.revive();
    await board.is('live', 30_000);
    await expect(told).toHaveCount(0);
  } finally {
    await page.close();
    await server.stop();
    await nats.close();
  }
});
