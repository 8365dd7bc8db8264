import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, test } from '../fixtures/test.ts';

test('at a slow pace the line is neither late nor old, and nothing is asked for that was not missed', async ({
  page,
  board,
  wire,
}) => {
  const server = await Pulseboard.start({
    env: { PULSEBOARD_COLLECT__FAST_MS: '4000', PULSEBOARD_COLLECT__SLOW_MS: '12000' },
  });
  try {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/history')) asked.push(request.url());
    });
    await board.open(server.url);
    await board.badge.evaluate((badge) => {
      const states: string[] = [];
      Object.assign(window, { states });
      new MutationObserver(() => states.push(badge.getAttribute('data-state')!)).observe(badge, { attributes: true });
    });
    await expect.poll(() => wire.samples('host/local/metrics').length, { timeout: 40_000 }).toBeGreaterThanOrEqual(5);
    expect(await page.evaluate(() => (window as unknown as { states: string[] }).states)).not.toContainEqual(
      expect.stringMatching(/delayed|stale|reconnecting|offline/),
    );
    await expect(board.card('cpu').box).toHaveAttribute('data-state', 'live');
    expect(asked).toEqual([]);
    expect(wire.sockets).toHaveLength(1);
  } finally {
    // A page whose server goes away complains.
    await page.close();
    await server.stop();
  }
});

test('network and disk activity of the last minutes are there after a reload', async ({ page, board }) => {
  await board.open();
  const network = board.card('network');
  const drawn = network.box.locator('.plot__first--wide .ch-s5');
  const points = async () => {
    await page.reload();
    const paths = await drawn.evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));
    return paths.join('').split('l').length;
  };
  await expect.poll(points, { timeout: 25_000, intervals: [2_000] }).toBeGreaterThanOrEqual(4);
});
