import { createServer, type Server } from 'node:net';
import { setUp } from '../fixtures/accounts.ts';
import { test as withAgent } from '../fixtures/agent.ts';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { expect, LINE_LOST, test } from '../fixtures/test.ts';

/** A service that takes connections, at a port of its own. */
async function listening(port = 0): Promise<{ port: number; close: () => Promise<void> }> {
  const service: Server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => service.listen(port, '127.0.0.1', resolve));
  const address = service.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return { port: address.port, close: () => new Promise((resolve) => service.close(() => resolve())) };
}

test('a probe is made by the form, and its state is seen to change while nobody touches the page', async ({ server, page, complaints }) => {
  complaints.allow(/status of 422/);
  const service = await listening();
  await page.goto(`${server.url}/probes`);
  await expect(page).toHaveTitle('Probes · Pulseboard');
  const form = page.getByRole('region', { name: 'Add a probe' });
  await form.getByLabel('Name', { exact: true }).fill('mail <b>');
  await form.getByLabel('Kind').selectOption('tcp');
  await form.getByLabel('Address').fill('nowhere at all');
  await form.getByLabel('Seconds from one question to the next').fill('1');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('is not a host and a port');
  // Nothing of what was typed is lost.
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('mail <b>');
  await form.getByLabel('Address').fill(`127.0.0.1:${service.port}`);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const row = page.locator('.probe').filter({ hasText: 'mail <b>' });
  await expect(row.locator('.tag')).toHaveText('up');
  await expect(row.getByRole('img').first()).toHaveAccessibleName(/Up in \d+ of the last \d+ answers/);
  await service.close();
  await expect(row.locator('.tag')).toHaveText('down');
  await expect(row).toContainText('The connection is refused.');
  const again = await listening(service.port);
  await expect(row.locator('.tag')).toHaveText('up');

  await row.getByRole('link', { name: 'Explore' }).click();
  await expect(page.getByRole('heading', { name: 'Explore' })).toBeVisible();
  await expect(page.locator('main')).toContainText('probe.latency');
  await page.goto(`${server.url}/probes`);
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(row.locator('.tag')).toHaveText('paused');
  await row.getByRole('link', { name: 'Change' }).click();
  const change = page.getByRole('region', { name: 'Change' });
  await expect(change.getByLabel('Address')).toHaveValue(`127.0.0.1:${service.port}`);
  await change.getByLabel('Name', { exact: true }).fill('post');
  await change.getByRole('button', { name: 'Save' }).click();
  const renamed = page.locator('.probe').filter({ hasText: 'post' });
  await expect(renamed.locator('.tag')).toHaveText('paused');
  await renamed.getByText('Remove', { exact: true }).first().click();
  await renamed.locator('.once__body').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Nothing is probed yet.')).toBeVisible();
  await again.close();
});

withAgent('a probe is asked from another host, is unknown while the agent is away, and its days are told in words', async ({ house, page, agent, complaints, context }) => {
  complaints.allow(LINE_LOST);
  await setUp(page, house);
  await page.goto(`${house.url}/hosts`);
  await page.getByRole('button', { name: 'Show the line to run' }).click();
  const line = await page.getByLabel('Run this on the host').inputValue();
  agent.run([...line.split(' ').slice(1), '--name', 'web-1']);
  await expect(page.locator('[data-id]').filter({ hasText: 'web-1' })).toContainText('online', { timeout: 20_000 });

  const service = await listening();
  await page.goto(`${house.url}/probes`);
  const form = page.getByRole('region', { name: 'Add a probe' });
  await form.getByLabel('Name', { exact: true }).fill('shop');
  await form.getByLabel('Kind').selectOption('tcp');
  await form.getByLabel('Address').fill(`127.0.0.1:${service.port}`);
  await expect(form.getByLabel('Asked from').locator('option')).toHaveText(['this server', 'web-1']);
  await form.getByLabel('Asked from').selectOption('web-1');
  await form.getByLabel('Seconds from one question to the next').fill('1');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const row = page.locator('.probe').filter({ hasText: 'shop' });
  await expect(row.locator('.tag')).toHaveText('up');
  await expect(row).toContainText('Asked fromweb-1');
  await service.close();
  await expect(row.locator('.tag')).toHaveText('down');
  const again = await listening(service.port);
  await expect(row.locator('.tag')).toHaveText('up');
  await agent.kill();
  await expect(row.locator('.tag')).toHaveText('unknown', { timeout: 30_000 });
  await expect(row).toContainText('The agent of web-1, which asks this, is not heard.');

  // Its days, by keyboard: in the row as a picture with words, and in a table.
  await expect(row.getByRole('img', { name: /Uptime of 90 days: \d with an outage, 89 of which nothing is known/ })).toBeVisible({ timeout: 40_000 });
  await row.getByRole('link', { name: 'By day: shop' }).focus();
  await page.keyboard.press('Enter');
  const days = page.getByRole('region', { name: 'Uptime by day: shop' });
  await expect(days.getByRole('row')).toHaveCount(91);
  await expect(days.getByRole('row').nth(2)).toContainText('nothing known');
  for (const { theme, lang } of LOOKS) {
    await wear(context, house.url, { theme, lang });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await page.reload();
      await expect(page.locator('.probe .tag')).toHaveText(/^(unknown|알 수 없음)$/);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, `${width} px`).toBeLessThanOrEqual(width);
    }
    expect(await violations(page), `${theme}, ${lang}`).toEqual([]);
  }
  await again.close();
});

test('the numbers of an endpoint are on the page of targets, and to be found in Explore', async ({ server, page }) => {
  await page.goto(`${server.url}/targets`);
  const form = page.getByRole('region', { name: 'Add a target' });
  await form.getByLabel('Name', { exact: true }).fill('itself');
  await form.getByLabel('Address of the endpoint').fill(`${server.url}/metrics`);
  await form.getByLabel('Seconds from one question to the next').fill('1');
  await form.getByRole('button', { name: 'Save' }).click();
  const row = page.locator('.probe').filter({ hasText: 'itself' });
  await expect(row.locator('.tag')).toHaveText('answers');
  await row.getByRole('link', { name: 'Explore' }).click();
  await expect(page.locator('main')).toContainText('pulseboard_connections');
  await page.goto(`${server.url}/targets`);
  await row.getByText('Remove', { exact: true }).first().click();
  await row.locator('.once__body').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Nothing is scraped yet.')).toBeVisible();
});

test('probes and targets read well in each look, and nothing is wider than the screen', async ({ server, page, context }) => {
  const kind = { type: 'tcp', address: new URL(server.url).host };
  const headers = { 'content-type': 'application/json' };
  const post = async (path: string, body: object) => {
    const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status, await answer.clone().text()).toBe(201);
  };
  await post('/api/v1/probes', { name: 'the board', spec: { kind, timeout_ms: 1000 }, interval_ms: 1000 });
  await post('/api/v1/targets', { name: 'its figures', spec: { url: `${server.url}/metrics` }, interval_ms: 1000 });
  for (const { theme, lang } of LOOKS) {
    await wear(context, server.url, { theme, lang });
    for (const path of ['/probes', '/targets']) {
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(server.url + path);
        await expect(page.locator('.probe .tag')).toHaveText(/^(up|answers|정상|응답함)$/);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `${path} at ${width} px`).toBeLessThanOrEqual(width);
      }
      expect(await violations(page), `${path} (${theme}, ${lang})`).toEqual([]);
    }
  }
});

test('another host has the overview of its own at its address, and a host that there is not is told so', async ({ server, page, complaints }) => {
  complaints.allow(/status of 404|there is no host no-such/);
  await page.goto(`${server.url}/?host=local`);
  await expect(page.getByTestId('card-cpu')).toBeVisible();
  const answer = await page.goto(`${server.url}/?host=no-such`);
  expect(answer!.status()).toBe(404);
  await page.getByRole('navigation').getByRole('link', { name: 'Hosts' }).click();
  await expect(page).toHaveURL(/\/hosts$/);
});
