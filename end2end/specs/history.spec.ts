import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { LINE_LOST, expect, test } from '../fixtures/test.ts';

interface Range {
  start_ms: number;
  step_ms: number;
  series: { metric: string; values: (number | null)[] }[];
}

async function range(url: string, query: string): Promise<Range> {
  return (await (await fetch(`${url}/api/v1/hosts/local/range?${query}`)).json()) as Range;
}

const measured = (url: string, metric: string) => async () =>
  (await range(url, `metric=${metric}`)).series.flatMap(({ values }) => values).filter((value) => value !== null).length;

test('a page shows the past, which is there after a restart, also without scripts', async ({ browser, page, complaints }) => {
  complaints.allow(LINE_LOST);
  const house = await Pulseboard.start();
  await expect.poll(measured(house.url, 'load.1'), { timeout: 20_000 }).toBeGreaterThan(0);
  await page.goto(`${house.url}/streams`);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page).toHaveTitle('History · Pulseboard');
  const cpu = page.getByRole('region', { name: 'CPU' });
  await expect(cpu.locator('svg path').first()).toBeAttached();
  await expect(cpu.getByRole('row')).toHaveCount(2);
  await expect(cpu.getByRole('cell').first()).toContainText('%');
  await expect(page.getByRole('link', { name: '1 hour' })).toHaveAttribute('aria-current', 'true');

  const before = await range(house.url, 'metric=cpu.total&step=500&aggregate=last');
  await house.restart();
  const end = before.start_ms + before.step_ms * before.series[0].values.length;
  const again = await range(house.url, `metric=cpu.total&step=500&aggregate=last&from=${before.start_ms}&to=${end}`);
  expect(again.series[0].values.map((value, index) => (before.series[0].values[index] === null ? null : value))).toEqual(before.series[0].values);

  const plain = await browser.newPage({ javaScriptEnabled: false });
  await plain.goto(`${house.url}/history?span=1y`);
  await expect(plain.getByRole('link', { name: '1 year' })).toHaveAttribute('aria-current', 'true');
  await expect(plain.locator('.history__card').first()).toBeVisible();
  await plain.getByRole('link', { name: '15 minutes' }).click();
  await plain.getByRole('link', { name: 'Earlier' }).click();
  await expect(plain.locator('.door__none')).toHaveText('There are no numbers of this time.');
  await plain.getByRole('link', { name: 'Later' }).click();
  await plain.getByRole('link', { name: 'Now' }).click();
  await expect(plain.locator('.history__card').first()).toBeVisible();
  await plain.goto(`${house.url}/history?span=x&to=99999999999999`);
  await expect(plain.getByRole('link', { name: '1 hour' })).toHaveAttribute('aria-current', 'true');
  await plain.close();
  await house.stop();
});

test('the past reads well in each look, and nothing is wider than the screen', async ({ server, page, context }) => {
  await expect.poll(measured(server.url, 'load.1'), { timeout: 20_000 }).toBeGreaterThan(0);
  for (const look of LOOKS) {
    await wear(context, server.url, look);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 740 });
      await page.goto(`${server.url}/history`);
      await expect(page.locator('.history__card').first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  }
});
