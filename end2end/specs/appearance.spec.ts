import type { Page } from '@playwright/test';
import { wear } from '../fixtures/axe.ts';
import { busy } from '../fixtures/busy.ts';
import { expect, LINE_LOST, test } from '../fixtures/test.ts';

const WIDTHS = [360, 768, 1280, 1920];

/** How light the page's ground is, 0 to 255. */
async function light(page: Page): Promise<number> {
  return page.evaluate(() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const [red, green, blue] = ground.match(/\d+/g)!.map(Number);
    return (red + green + blue) / 3;
  });
}

test('the page follows the system\'s theme', async ({ page, board }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await board.open();
  await expect.poll(() => light(page)).toBeLessThan(60);
  const dark = await board.card('cpu').picture();
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => light(page)).toBeGreaterThan(200);
  // The canvases follow at once.
  await expect.poll(() => board.card('cpu').picture()).not.toBe(dark);
});

test('a chosen theme wins over the system\'s, and is there from the first byte after a reload', async ({
  page,
  board,
}) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await board.open();
  const theme = page.getByTestId('theme');
  await expect(theme).toHaveAccessibleName('Theme: System');
  await theme.click();
  await expect(theme).toHaveAccessibleName('Theme: Light');
  await theme.click();
  await expect(theme).toHaveAccessibleName('Theme: Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => light(page)).toBeLessThan(60);
  const answer = await page.reload();
  expect(await answer!.text()).toMatch(/<html[^>]* data-theme="dark"/);
  await board.hydrated();
  await expect(theme).toHaveAccessibleName('Theme: Dark');
  await expect.poll(() => light(page)).toBeLessThan(60);
  await theme.click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
  await expect.poll(() => light(page)).toBeGreaterThan(200);
});

test('a chosen language is spoken everywhere at once, and from the first byte after a reload', async ({
  page,
  board,
}) => {
  await board.open();
  await page.getByTestId('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(board.card('memory').box.getByRole('heading')).toHaveText('메모리');
  await expect(board.badge).toContainText('실시간');
  const answer = await page.reload();
  const html = await answer!.text();
  expect(html).toMatch(/<html[^>]* lang="ko"/);
  expect(html).toContain('파일 시스템');
  expect(html).not.toContain('Waiting for the connection');
  await board.hydrated();
  await board.is('live');
  await page.getByTestId('language').click();
  await expect(board.card('memory').box.getByRole('heading')).toHaveText('Memory');
});

test('what was chosen is kept for a reader who comes by a link from elsewhere', async ({ page, board, server }) => {
  await board.open();
  await page.getByTestId('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await page.getByTestId('theme').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  const body = `<a href="${server.url}/">the board</a>`;
  await page.route('http://elsewhere.example/', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto('http://elsewhere.example/');
  const answered = page.waitForResponse(`${server.url}/`);
  await page.getByRole('link').click();
  expect(await (await answered).text()).toMatch(/<html[^>]* lang="ko"/);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test.describe('for a browser that prefers Korean', () => {
  test.use({ locale: 'ko-KR' });

  test('the page is Korean without being asked', async ({ page, board }) => {
    const answer = await page.goto('/');
    expect(await answer!.text()).toMatch(/<html[^>]* lang="ko"/);
    await board.hydrated();
    await expect(board.card('cpu').status).toHaveText('연결됨');
    await expect(page.getByRole('navigation', { name: '페이지' })).toBeVisible();
  });
});

test.describe('for a reader in Seoul', () => {
  test.use({ timezoneId: 'Asia/Seoul' });

  test('times are in the reader\'s zone', async ({ board }) => {
    await board.open();
    const cpu = board.card('cpu');
    await cpu.take('table');
    const hour = (await cpu.table.locator('tbody th').first().innerText()).slice(0, 2);
    expect([0, 1].map((late) => (new Date(Date.now() - late * 5_000).getUTCHours() + 9) % 24)).toContain(Number(hour));
  });
});

/** How far the page is wider than its window, and what sticks out of it. */
async function excess(page: Page): Promise<{ wide: number; out: string[] }> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const out = [...document.querySelectorAll<HTMLElement>('main *, header.top *, nav *')].filter((element) => {
      const box = element.getBoundingClientRect();
      const shown = box.width > 1 && box.height > 1 && !element.closest('.sr-only, .twin, [popover], svg');
      return shown && (box.right > root.clientWidth + 1 || box.left < -1);
    });
    return { wide: root.scrollWidth - root.clientWidth, out: out.map((element) => element.outerHTML.slice(0, 80)) };
  });
}

for (const width of WIDTHS) {
  for (const lang of ['en', 'ko']) {
    test(`at ${width} px nothing is cut off and nothing scrolls sideways (${lang})`, async ({
      page,
      context,
      board,
      baseURL,
    }) => {
      await wear(context, baseURL!, { lang });
      await page.setViewportSize({ width, height: 900 });
      await board.open();
      expect(await excess(page)).toEqual({ wide: 0, out: [] });
      await expect(page.getByRole('navigation')).toBeInViewport();
      for (const control of [board.badge, board.bell, page.getByTestId('theme')]) {
        await expect(control).toBeInViewport({ ratio: 1 });
      }
      // On a phone all that concerns the connection hangs on the badge.
      if (width < 640) await board.badge.click();
      const off = width < 640 ? page.locator('#connection .popover__foot button') : board.disconnectAll;
      await expect(off).toBeInViewport({ ratio: 1 });
    });
  }
}

for (const width of [360, 768, 899, 1280]) {
  test(`the buttons in what hangs on the badge have room for their words at ${width} px`, async ({ page, board }) => {
    await page.setViewportSize({ width, height: 900 });
    await board.open();
    await board.badge.click();
    const button = page.locator('#connection .popover__foot button');
    await expect(button).toHaveText('Disconnect');
    expect(await button.evaluate((it) => it.scrollWidth <= it.clientWidth && it.clientWidth > 80)).toBe(true);
  });
}

test('the badge has one width, whatever it says', async ({ page, context, board, complaints }) => {
  complaints.allow(LINE_LOST);
  for (const width of [360, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await board.open();
    const wide = () => board.badge.evaluate((it) => it.getBoundingClientRect().width);
    const live = await wide();
    await context.setOffline(true);
    await board.is('offline');
    expect(await wide(), `offline at ${width}`).toBe(live);
    await context.setOffline(false);
    await board.is('live');
  }
});

test('on a phone next to nothing moves while the page comes to life, or when its line is lost', async ({
  page,
  context,
  board,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Reflect.set(window, 'shifts', shifts);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push(Reflect.get(entry, 'value') as number);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await board.open();
  await board.card('cpu').moves();
  await context.setOffline(true);
  await board.is('offline');
  await context.setOffline(false);
  await board.is('live');
  const moved = await page.evaluate(() => (Reflect.get(window, 'shifts') as number[]).reduce((sum, one) => sum + one, 0));
  expect(moved).toBeLessThan(0.05);
});

test('a machine at its limit fits on a phone as well', async ({ page, board }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await board.open();
  await busy(async () => {
    await expect(board.card('cpu').box.locator('[data-level="crit"]')).toBeVisible();
    await expect(page.getByTestId('tile-cpu')).toContainText('Critical');
    expect(await excess(page)).toEqual({ wide: 0, out: [] });
  });
});

test('who prefers reduced motion sees none', async ({ page, board }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await board.open();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')].filter((element) => {
      const style = getComputedStyle(element);
      return style.animationName !== 'none' || !/^(0s(, )?)+$/.test(style.transitionDuration);
    }).length,
  );
  expect(moving).toBe(0);
});
