import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, test } from '../fixtures/test.ts';

const CARDS = ['cpu', 'memory', 'disk', 'cores', 'memory-swap', 'network', 'filesystems', 'processes'];
const CHARTS = ['cpu', 'memory', 'disk', 'cores', 'network'];

/** Everything that the server has measured of its host, by key. */
async function measured(url: string): Promise<Record<string, number>> {
  const host = await (await fetch(new URL('/api/v1/hosts/local', url))).json();
  return { ...host.metrics?.values, ...host.system?.values };
}

const hasRates = (values: Record<string, number>) => Object.keys(values).some((key) => key.startsWith('network.'));

// A rate needs two measurements: a server that has just started knows none yet.
test.beforeAll(async ({ server }) => {
  await expect.poll(async () => hasRates(await measured(server.url))).toBe(true);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  // A browser that may not run scripts says so when it meets some.
  test.beforeEach(({ complaints }) => complaints.allow(/\/pkg\/\S*pulseboard\.(js csp|wasm was preloaded)/));

  test('the page shows numbers', async ({ page, board }) => {
    await page.goto('/');
    for (const id of ['cpu', 'memory', 'disk']) {
      await expect(board.card(id).value).toHaveText(/^\d+\.\d\s*%$/);
    }
    await expect(board.card('network').value).toHaveText(/^\d+(\.\d)?\s[kMG]?B\/s$/);
    await expect(page.getByTestId('load')).toHaveText(/^\d+\.\d\d · \d+\.\d\d · \d+\.\d\d$/);
    await expect(page.getByTestId('hostname')).not.toBeEmpty();
    for (const id of ['filesystems', 'processes']) {
      expect(await board.card(id).box.locator('tbody tr').count()).toBeGreaterThan(0);
    }
  });

  test('the page shows charts, drawn by the server', async ({ page, board }) => {
    await page.goto('/');
    for (const id of CHARTS) {
      const picture = board.card(id).box.locator('.plot svg:visible');
      await expect(picture).toHaveCount(1);
      await expect(picture.locator('rect, path, polyline, polygon').first()).toBeAttached();
    }
  });

  test('the page says that live updates need it, and offers no button that would do nothing', async ({ page }) => {
    await page.goto('/');
    const notice = page.locator('noscript .notice');
    await expect(notice).toBeVisible();
    expect(await notice.evaluate((it) => it.innerHTML)).toContain('Live updates need JavaScript.');
    await expect(page.getByRole('button').filter({ visible: true })).toHaveCount(0);
    // A legend's names are there to be read.
    await expect(page.getByTestId('card-network').locator('.legend__item')).toHaveText([/^Received/, /^Sent/]);
  });

  test('the numbers are those the server has measured', async ({ page, board, server }) => {
    const before = await measured(server.url);
    await page.goto('/');
    const shown = await board.card('disk').number();
    const disks = [before, await measured(server.url)].map((values) => values['disk.percent']);
    // Shown with one figure after the point.
    expect(shown).toBeGreaterThanOrEqual(Math.min(...disks) - 0.051);
    expect(shown).toBeLessThanOrEqual(Math.max(...disks) + 0.051);
  });

  test('what the machine does not have is said in words', async ({ page, board, server }) => {
    await page.goto('/');
    const hasSwap = (await measured(server.url))['swap.total'] > 0;
    const swap = board.card('memory-swap').box;
    if (hasSwap) await expect(swap.getByRole('heading', { name: 'Swap', exact: true })).toBeVisible();
    else await expect(swap.getByText('This host has no swap.')).toBeVisible();
  });

  test('a server that has just started claims nothing that it cannot know yet', async () => {
    const young = await Pulseboard.start();
    try {
      const claims: string[] = [];
      await expect
        .poll(async () => {
          // The catalog of what can be shown knows the sentence, too.
          const shown = (await (await fetch(young.url)).text()).replace(/<html[^>]*>/, '');
          claims.push(...(shown.match(/No network interface is up/g) ?? []));
          return hasRates(await measured(young.url));
        })
        .toBe(true);
      expect(claims).toEqual([]);
    } finally {
      await young.stop();
    }
  });
});

test('scripts take the page over without a word of complaint', async ({ page, board }) => {
  await board.open();
  for (const id of CARDS) await expect(board.card(id).box).toHaveAttribute('data-state', 'live');
  await expect(page.locator('noscript')).toBeHidden();
});

test('nothing jumps when scripts take the page over', async ({ page, board, browser, baseURL }) => {
  const places = async (of: typeof page) => {
    const boxes = await of.locator('.grid > section').evaluateAll((cards) =>
      cards.map((card) => {
        const box = card.getBoundingClientRect();
        return [card.id, Math.round(box.x), Math.round(box.y), Math.round(box.width)];
      }),
    );
    // The lists below have as many rows as there are devices and programs at that moment.
    return boxes.slice(0, 6);
  };
  const bare = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const still = await bare.newPage();
  await still.goto('/');
  // What only a page without scripts says stands above the cards.
  const notice = await still.locator('noscript').evaluateAll((all) => all.map((one) => one.clientHeight));
  const first = await places(still);
  await bare.close();
  await board.open();
  const alive = await places(page);
  const top = Number(first[0][2]) - Number(alive[0][2]);
  expect(notice.length).toBe(1);
  expect(alive).toEqual(first.map(([id, x, y, width]) => [id, x, Number(y) - top, width]));
});

test('each canvas takes the place of the picture it continues', async ({ board }) => {
  await board.open();
  for (const id of CHARTS) {
    const card = board.card(id);
    await card.paper.scrollIntoViewIfNeeded();
    await expect(card.canvas).toHaveAttribute('data-painted', '');
    await expect(card.box.locator('.plot svg:visible')).toHaveCount(0);
    const [canvas, box] = [await card.canvas.boundingBox(), await card.paper.boundingBox()];
    expect(canvas).toEqual(box);
  }
});
