import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setUp } from '../fixtures/accounts.ts';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { test as base } from '../fixtures/house.ts';
import { binary, inherited } from '../fixtures/pulseboard.ts';
import { expect, LINE_LOST } from '../fixtures/test.ts';

/** An agent of another machine: the very line that the page shows, but for the folder. */
class Agent {
  private process: ChildProcess | undefined;

  private constructor(private readonly folder: string) {}

  static async make(): Promise<Agent> {
    return new Agent(await mkdtemp(path.join(tmpdir(), 'pulseboard-agent-')));
  }

  run(words: string[]): void {
    this.process = spawn(binary, ['--data-dir', this.folder, ...words], { stdio: 'ignore', env: inherited() });
  }

  async kill(): Promise<void> {
    const { process } = this;
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await ended;
  }

  async clean(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

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
  const rows = page.locator('[data-list] > .rows > .watched');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('this server');
  await page.getByRole('button', { name: 'Show the line to run' }).click();
  const line = await page.getByLabel('Run this on the host').inputValue();
  expect(line).toMatch(/^pulseboard agent --hub http:\/\/\S+ --enrol [a-z0-9]{20}$/);
  agent.run([...line.split(' ').slice(1), '--name', 'web-1']);

  // The list follows by itself.
  const host = rows.filter({ hasText: 'web-1' });
  await expect(host).toContainText('online', { timeout: 20_000 });
  await expect(host.locator('.watched__share').first()).toContainText('%');
  await expect(host.locator('.watched__share').nth(1)).toContainText('%');
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
  await page.getByLabel('Remove: web-1').click();
  await page.locator('form[action="/hosts/remove"] button').click();
  await expect(page.getByRole('status').first()).toHaveText('The host is removed.');
  await expect(rows).toHaveCount(1);
  // Its agent has no key any more, and is not listened to.
  await page.goto(`${house.url}/hosts`);
  await expect(page.locator('[data-state]')).toHaveText('Live');
  await expect(rows).toHaveCount(1);
});

test('the hosts read well in each look, and nothing is wider than the screen', async ({ house, page, context }) => {
  await setUp(page, house);
  for (const look of LOOKS) {
    await wear(context, house.url, look);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 740 });
      await page.goto(`${house.url}/hosts`);
      await expect(page.locator('.watched').first()).toBeVisible();
      // The name, the bars and the facts stand one below the other.
      const parts = await page.locator('.watched').first().locator(':scope > *').all();
      const boxes = await Promise.all(parts.map((part) => part.boundingBox()));
      expect(boxes.length).toBeGreaterThanOrEqual(3);
      for (const [above, below] of boxes.slice(1).map((box, index) => [boxes[index], box])) {
        expect(below!.y).toBeGreaterThanOrEqual(above!.y + above!.height);
      }
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  }
});
