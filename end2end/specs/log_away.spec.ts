import { wear } from '../fixtures/axe.ts';
import { Nats } from '../fixtures/nats.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, test } from '../fixtures/test.ts';

for (const [language, says] of [
  ['en', 'The server says:'],
  ['ko', '서버가 알린 이유:'],
] as const) {
  test(`while the log at NATS is away the badge tells why, in ${language}`, async ({
    board,
    complaints,
    context,
    page,
  }) => {
    // That is how a server answers which is not ready.
    complaints.allow(/503 \(Service Unavailable\).*\/readyz/);
    const nats = await Nats.start();
    const server = await Pulseboard.start({ env: { PULSEBOARD_BROKER__URL: nats.url } });
    try {
      await wear(context, server.url, { lang: language });
      await board.open(server.url);
      const told = page.getByTestId('server-says');
      await nats.kill9();
      await board.is('stale', 30_000);
      await board.badge.click();
      await expect(told).toContainText(says);
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
}
