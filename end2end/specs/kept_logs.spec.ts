import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { test } from '../fixtures/docker_test.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect } from '../fixtures/test.ts';

const lines = '.kept-line';

test('lines of a container that is gone are found by word, pattern and container, also without scripts', async ({ docker, browser, context, page }) => {
  const house = await Pulseboard.start({
    env: { PULSEBOARD_CONTAINERS__ENGINE: docker.address, PULSEBOARD_LOGS__KEEP: 'all' },
  });
  await docker.box('shop', `for i in $(seq 1 250); do echo "order $i paid"; done; echo 'payment declined' >&2; exec sleep 1000`);
  await docker.box('web', String.raw`for i in $(seq 1 40); do echo 'cannot connect'; done; printf '\033[31mred\033[0m <b>bold</b> \342\200\256gnp.exe 웹서버가\n'; exec sleep 1000`);
  const kept = async () => {
    const { sources } = (await (await fetch(`${house.url}/api/v1/kept-logs/sources`)).json()) as { sources: { lines: number }[] };
    return sources.reduce((sum, source) => sum + source.lines, 0);
  };
  await expect.poll(kept, { timeout: 30_000 }).toBe(292);
  await docker.clear();

  await new Board(page).open(`${house.url}/logs`);
  await page.getByRole('link', { name: 'Kept lines' }).click();
  await expect(page).toHaveTitle('Kept lines · Pulseboard');
  await page.getByLabel('Words').fill('DECLINED payment');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.locator(lines)).toHaveCount(1);
  await expect(page.locator(lines)).toContainText('payment declined');
  await expect(page.locator(lines)).toContainText('stderr');
  await expect(page.getByLabel('Words')).toHaveValue('DECLINED payment');

  await page.getByLabel('Words').fill('서버');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.locator('.kept-line__text')).toHaveText('red <b>bold</b> <U+202E>gnp.exe 웹서버가');
  await page.getByLabel('Words').fill('connect');
  await page.keyboard.press('Enter');
  await expect(page.locator(lines)).toHaveCount(1);
  await expect(page.locator(lines)).toContainText('repeated 40 times since');

  const plain = await browser.newPage({ javaScriptEnabled: false });
  await plain.goto(`${house.url}/kept-logs`);
  await plain.getByLabel('Container').selectOption('shop');
  await plain.getByLabel('Regular expression').fill('^order 1?[0-9]{2} ');
  await plain.getByRole('button', { name: 'Search' }).click();
  await expect(plain.locator(lines)).toHaveCount(100);
  await expect(plain.locator(lines).first()).toContainText('order 199 paid');
  await plain.getByRole('link', { name: 'Older' }).click();
  await expect(plain.locator(lines)).toHaveCount(90);
  await expect(plain.locator(lines).last()).toContainText('order 10 paid');
  await plain.getByRole('link', { name: 'Newest' }).click();
  await expect(plain.locator(lines).first()).toContainText('order 199 paid');
  await plain.goto(`${house.url}/kept-logs?pattern=(`);
  await expect(plain.getByRole('alert')).toContainText('unclosed group');
  await plain.goto(`${house.url}/kept-logs?words=nothing`);
  await expect(plain.locator('.door__none')).toHaveText('No line matches.');
  await plain.close();

  for (const look of LOOKS.slice(0, 2)) {
    await wear(context, house.url, look);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 740 });
      await page.goto(`${house.url}/kept-logs`);
      await expect(page.locator(lines)).toHaveCount(100);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  }
  await house.stop();
});

test('a server that keeps nothing says so', async ({ house, page }) => {
  await page.goto(`${house.url}/kept-logs`);
  await expect(page.locator('.door__none')).toContainText('logs.keep');
});
