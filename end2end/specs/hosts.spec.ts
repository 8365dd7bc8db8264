import type { Page } from '@playwright/test';
import { setUp } from '../fixtures/accounts.ts';
import { Agent } from '../fixtures/agent.ts';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { Fleet } from '../fixtures/fleet.ts';
import { test as base } from '../fixtures/house.ts';
import { expect, LINE_LOST } from '../fixtures/test.ts';

/** It ends with its test, whatever becomes of that. */
const test = base.extend<{ agent: Agent }>({
  agent: async ({}, use) => {
    const agent = await Agent.make();
    await use(agent);
    await agent.clean();
  },
});

test('a host is added by the line that the page shows, seen to go and to come back, and removed', async ({ house, page, agent, complaints }) => {
  complaints.allow(LINE_LOST);
  await setUp(page, house);
  await page.goto(`${house.url}/hosts`);
  await expect(page).toHaveTitle('Hosts · Pulseboard');
  const rows = page.locator('[data-id]');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('this server');
  await page.getByRole('button', { name: 'Show the line to run' }).click();
  const line = await page.getByLabel('Run this on the host').inputValue();
  expect(line).toMatch(/^pulseboard agent --hub http:\/\/\S+ --enrol [a-z0-9]{20}$/);
  agent.run([...line.split(' ').slice(1), '--name', 'web-1', '--label', 'role=db']);

  // The list follows by itself.
  const host = rows.filter({ hasText: 'web-1' });
  await expect(host).toContainText('online', { timeout: 20_000 });
  await expect(host).toContainText('role=db');
  await expect(host.locator('.hosts__share').first()).toContainText('%');
  await expect(host.locator('.hosts__share').nth(1)).toContainText('%');
  await agent.kill();
  await expect(host).toContainText('offline', { timeout: 30_000 });
  agent.run(['agent']);
  await expect(host).toContainText('online', { timeout: 30_000 });

  await host.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { name: 'web-1' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'CPU' }).locator('svg path').first()).toBeAttached();
  await page.getByRole('link', { name: '15 minutes' }).click();
  await expect(page.getByRole('heading', { name: 'web-1' })).toBeVisible();

  await page.goto(`${house.url}/hosts`);
  await page.getByLabel('Host', { exact: true }).selectOption('web-1');
  await page.locator('form[action="/hosts/remove"] summary').click();
  await page.locator('form[action="/hosts/remove"] button').click();
  await expect(page.getByRole('status').first()).toHaveText('The host is removed.');
  await expect(rows).toHaveCount(1);
  // Its agent has no key any more, and is not listened to.
  await page.goto(`${house.url}/hosts`);
  await expect(page.locator('[data-state]')).toHaveText('Live');
  await expect(rows).toHaveCount(1);
});

/** Some hundred hosts that report each second. */
const withFleet = test.extend<{ fleet: Fleet; size: number }>({
  size: [300, { option: true }],
  fleet: async ({ house, page, size }, use) => {
    await setUp(page, house);
    const fleet = await Fleet.enrol(page, house, size);
    await fleet.report();
    fleet.start();
    await use(fleet);
    await fleet.stop();
  },
});

/** The names of the rows that are seen, in their order. */
async function names(page: Page): Promise<string[]> {
  return page.locator('[data-id]').evaluateAll((rows) =>
    (rows as HTMLElement[]).filter((row) => !row.hidden && !row.closest('tbody')!.hidden).map((row) => row.dataset.id!),
  );
}

withFleet('three hundred hosts are found, sorted and grouped by the keyboard, and the address keeps it', async ({ house, page, fleet }) => {
  await page.goto(`${house.url}/hosts`);
  await expect(page.locator('[data-count]')).toHaveText('Showing 301 of 301; offline: 0');
  await expect(page.locator('[data-state]')).toHaveText('Live');
  expect((await names(page)).slice(0, 4)).toEqual(['local', 'web-0', 'web-1', 'web-2']);

  // Each word must match: a role, and a place in another script.
  const filter = page.getByLabel('Filter');
  await filter.focus();
  await page.keyboard.type('role=db 부산');
  await expect(page.locator('[data-count]')).toHaveText('Showing 50 of 301; offline: 0');
  expect((await names(page)).slice(0, 3)).toEqual(['web-3', 'web-9', 'web-15']);
  expect(new URL(page.url()).searchParams.get('q')).toBe('role=db 부산');

  // The disks of these hosts do not change.
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Sort by')).toBeFocused();
  await page.keyboard.type('Disk');
  await expect(page.getByLabel('Sort by')).toHaveValue('disk');
  const disk = (name: string) => (Number(name.split('-')[1]) * 17) % 97;
  const byDisk = (await names(page)).map(disk);
  expect(byDisk).toEqual([...byDisk].sort((a, b) => b - a));
  await expect(page.getByRole('columnheader', { name: 'Disk' })).toHaveAttribute('aria-sort', 'descending');
  await page.getByRole('link', { name: 'Disk', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('columnheader', { name: 'Disk' })).toHaveAttribute('aria-sort', 'ascending');
  expect((await names(page)).map(disk)).toEqual([...byDisk].reverse());

  await filter.fill('');
  await page.getByLabel('Group by label').focus();
  await page.keyboard.type('site');
  await expect(page.locator('.hosts__group')).toHaveText(['site: seoul 150 hosts', 'site: 부산 150 hosts', 'Without site 1 host']);
  const grouped = await names(page);
  expect(grouped.at(-1)).toBe('local');

  // It is there again after a reload, from the server, and without scripts.
  expect(new URL(page.url()).search).toBe('?sort=disk&dir=asc&group=site');
  await page.reload();
  expect(await names(page)).toEqual(grouped);
  await expect(page.getByLabel('Sort by')).toHaveValue('disk');
  await expect(page.getByLabel('Group by label')).toHaveValue('site');

  await page.getByLabel('Filter').fill('nothing at all');
  await expect(page.getByText('No host matches. Clear the filter to see all of them.')).toBeVisible();
  expect(fleet.size).toBe(300);
});

withFleet('rows change each second by one small answer, and the document is fetched again only for other facts', async ({ house, page, fleet }) => {
  let [documents, answers] = [0, 0];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/hosts') documents += 1;
    if (pathname === '/api/v1/host-status') answers += 1;
  });
  // The most requests at once, as the page itself knows them.
  await page.addInitScript(() => {
    const [real, counts] = [window.fetch, { open: 0, most: 0 }];
    Object.assign(window, { counts });
    window.fetch = async (...asked) => {
      counts.open += 1;
      counts.most = Math.max(counts.most, counts.open);
      return real(...asked).finally(() => {
        counts.open -= 1;
      });
    };
  });
  await page.goto(`${house.url}/hosts?sort=cpu`);
  const cpu = page.locator('[data-id="web-5"] .hosts__share .number').first();
  const seen = new Set<string>();
  await expect
    .poll(async () => {
      seen.add((await cpu.textContent())!);
      return seen.size;
    })
    .toBeGreaterThanOrEqual(4);
  expect(documents).toBe(1);
  expect(await page.evaluate(() => (window as unknown as { counts: { most: number } }).counts.most)).toBe(1);

  // The script's share of some seconds, with three hundred rows that all change.
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const spent = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const [before, asked] = [await spent(), answers];
  await page.waitForTimeout(5000);
  const after = await spent();
  const each = (name: string) => Math.round((1e6 * (after[name] - before[name])) / Math.max(1, answers - asked)) / 1000;
  console.log(`of each answer, ms: script ${each('ScriptDuration')}, styles ${each('RecalcStyleDuration')}, layout ${each('LayoutDuration')}, all ${each('TaskDuration')}`);
  expect(answers - asked).toBeLessThanOrEqual(6);

  // One falls silent: its row says so, and that is no other fact.
  fleet.talking = fleet.talking.filter((index) => index !== 5);
  await expect(page.locator('[data-id="web-5"]')).toContainText('offline', { timeout: 40_000 });
  await expect(page.locator('[data-count]')).toHaveText(/offline: 1$/);
  expect(documents).toBe(1);

  // Nobody looks: nothing is asked.
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true, configurable: true }));
  await page.waitForTimeout(1500);
  const hidden = answers;
  await page.waitForTimeout(3000);
  expect(answers).toBe(hidden);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { get: () => false, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => answers).toBeGreaterThan(hidden);
});

withFleet('three hundred hosts are nowhere wider than the screen', async ({ house, page, context, fleet }) => {
  for (const look of LOOKS) {
    await wear(context, house.url, look);
    for (const width of [1280, 900, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${house.url}/hosts?q=debian&sort=cpu&group=role`);
      await expect(page.locator('[data-id="web-1"]')).toBeVisible();
      await expect(page.locator('[data-state]')).not.toHaveText(/…$/);
      if (process.env.HOSTS_SHOTS) {
        await page.screenshot({ path: `${process.env.HOSTS_SHOTS}/hosts-${look.lang}-${width}.png` });
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  }
  expect(fleet.size).toBe(300);
});

// A dozen rows are as good as three hundred of them here, and looked at in a moment.
withFleet.describe(() => {
  withFleet.use({ size: 12 });

  withFleet('rows read well in each look', async ({ house, page, context, fleet }) => {
    for (const look of LOOKS) {
      await wear(context, house.url, look);
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`${house.url}/hosts?sort=cpu&group=role`);
        await expect(page.locator('[data-id]')).toHaveCount(fleet.size + 1);
        await expect(page.locator('[data-state]')).not.toHaveText(/…$/);
        expect(await violations(page)).toEqual([]);
      }
    }
  });
});

withFleet('without scripts the form sorts, filters and groups', async ({ house, page, browser, fleet }) => {
  const still = await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  const plain = await still.newPage();
  await plain.goto(`${house.url}/hosts`);
  await plain.getByLabel('Filter').fill('role=db 부산');
  await plain.getByLabel('Sort by').selectOption('disk');
  await plain.getByLabel('Group by label').selectOption('site');
  await plain.getByRole('button', { name: 'Apply' }).click();
  await expect(plain.locator('[data-count]')).toHaveText('Showing 50 of 301; offline: 0');
  await expect(plain.locator('[data-id]:visible')).toHaveCount(50);
  await expect(plain.locator('.hosts__group:visible')).toHaveText(['site: 부산 50 hosts']);
  await plain.getByRole('link', { name: 'Disk', exact: true }).click();
  await expect(plain.getByRole('columnheader', { name: 'Disk' })).toHaveAttribute('aria-sort', 'ascending');
  await still.close();
  expect(fleet.size).toBe(300);
});
