import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { LINE_LOST, expect, test } from '../fixtures/test.ts';

/** A program that writes a stream over REST. */
class Writer {
  private constructor(
    private readonly api: string,
    readonly path: string,
  ) {}

  static async open(url: string, title: string): Promise<Writer> {
    const { id } = await ask(`${url}/api/v1/streams`, { title });
    return new Writer(`${url}/api/v1/streams/${id}`, `/streams/${id}`);
  }

  async write(...items: unknown[]): Promise<void> {
    await ask(`${this.api}/items`, { items });
  }

  async end(end: { reason: string; error?: string }): Promise<void> {
    await ask(`${this.api}/end`, end);
  }
}

async function ask(url: string, body: unknown): Promise<{ id: string }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return (await answer.json()) as { id: string };
}

test('a stream appears in the open list, is read to its end, and the list knows how it ended', async ({ server, page, context, complaints }) => {
  complaints.allow(/status of 404/);
  await page.goto(`${server.url}/streams`);
  await expect(page.getByRole('status')).toHaveText('Live');
  const backup = await Writer.open(server.url, 'nightly <b>backup</b> \u202e');
  const row = page.locator('.row').filter({ hasText: 'nightly <b>backup</b> <U+202E>' });
  await expect(row).toContainText('open');

  const reader = await context.newPage();
  await backup.write('copied 1 of 3', { done: 0.33, of: 3 });
  await reader.goto(`${server.url}${backup.path}`);
  const rows = reader.locator('.stream__items p');
  await expect(rows).toHaveText(['copied 1 of 3', '{"done":0.33,"of":3}']);
  await backup.write('\u001b[31mcopied\u001b[0m 2 of 3 <script>alert(1)</script>\u0007', { done: 0.66 });
  await expect(rows).toHaveText([
    'copied 1 of 3',
    '{"done":0.33,"of":3}',
    'copied 2 of 3 <script>alert(1)</script>\ufffd',
  ]);
  await expect(reader.getByRole('progressbar')).toHaveJSProperty('value', 0.66);
  await backup.end({ reason: 'failed', error: 'the disk is full' });
  await expect(reader.locator('.stream__state')).toHaveText('Failed the disk is full');
  await expect(row).toContainText('failed');
  await expect(row).toContainText('the disk is full');

  await reader.goto(`${server.url}/streams/ffffffffffffffffffffffffffffffff`);
  await expect(reader.getByText('there never was one')).toBeVisible();
});

test('a model\'s words are one text where the reader wants that, and a long stream shows its newest part and says so', async ({ server, page }) => {
  const answer = await Writer.open(server.url, 'answer');
  await page.goto(`${server.url}${answer.path}`);
  await page.getByLabel('Join the items to one text').check();
  for (const word of ['Why ', 'does ', 'the ', 'disk ', 'fill?\n', 'Because ', 'of ', 'logs.']) await answer.write(word);
  await expect(page.locator('.stream__items')).toHaveText('Why does the disk fill?\nBecause of logs.', { useInnerText: true });
  await page.getByLabel('Join the items to one text').uncheck();
  await expect(page.locator('.stream__items p')).toHaveCount(8);
  for (let first = 0; first < 12_000; first += 2_000) await answer.write(...Array.from({ length: 2_000 }, (_, index) => `line ${first + index}`));
  await expect(page.locator('.stream__items p').last()).toHaveText('line 11999');
  await expect(page.locator('.stream__items p').first()).toHaveText('line 2000');
  await expect(page.locator('[data-missed]')).toHaveText('Items that are not shown: 2,008');
  await answer.end({ reason: 'complete' });
  await expect(page.getByRole('status')).toHaveText('Complete');
});

test('a stream goes on over a cut line, and where a proxy holds streams back', async ({ network, server, page, context, complaints }) => {
  complaints.allow(LINE_LOST);
  const one = await Writer.open(server.url, 'one');
  await one.write('first');
  await page.goto(`${network.url}${one.path}`);
  const rows = page.locator('.stream__items p');
  await expect(rows).toHaveText(['first']);
  network.cut();
  await one.write('second');
  await expect(rows).toHaveText(['first', 'second']);

  network.buffers = /^GET \/live\/sse/;
  const other = await context.newPage();
  await other.goto(`${network.url}${one.path}`);
  await expect(other.locator('.stream__items p')).toHaveText(['first', 'second'], { timeout: 20_000 });
  await one.write('third');
  await expect(other.locator('.stream__items p')).toHaveText(['first', 'second', 'third']);
  await one.end({ reason: 'cancelled' });
  await expect(other.getByRole('status')).toHaveText('Cancelled');
  await expect(page.getByRole('status')).toHaveText('Cancelled');
});

test('streams are read by keyboard, in both languages and themes, and nothing is wider than the screen', async ({ server, page, context }) => {
  const one = await Writer.open(server.url, 'a long name '.repeat(12).trim());
  await one.write('x'.repeat(4_000), ...Array.from({ length: 200 }, (_, index) => `line ${index}`));
  for (const look of LOOKS) {
    await wear(context, server.url, look);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 740 });
      for (const path of ['/streams', one.path]) {
        await page.goto(`${server.url}${path}`);
        await expect(page.locator('.row, .stream__items p').last()).toBeVisible();
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
    }
  }
  await page.locator('.stream__items').focus();
  await page.keyboard.press('Home');
  const newest = page.getByRole('button');
  await expect(newest).toBeVisible();
  // The key scrolls smoothly.
  await expect(page.locator('.stream__items')).toHaveJSProperty('scrollTop', 0);
  await newest.press('Enter');
  await expect(newest).toBeHidden();
});
