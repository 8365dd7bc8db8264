import type { Page } from '@playwright/test';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import type { Docker } from '../fixtures/docker.ts';
import { test } from '../fixtures/docker_test.ts';
import type { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect } from '../fixtures/test.ts';

const view = (page: Page) => page.getByTestId('logs-lines');
const row = (page: Page, text: string) => view(page).locator('.logs__row', { hasText: text });
const state = (page: Page) => page.getByTestId('logs-state');
const address = (house: Pulseboard, ...ids: string[]) => `${house.url}/logs?${ids.map((id) => `source=container:${id}`).join('&')}`;

/** A container that writes each line that it is told, as `say` tells it. */
const echo = 'busybox mkfifo /in; while :; do cat /in; done';
const say = (docker: Docker, name: string, text: string) => docker.cli('exec', name, '/bin/sh', '-c', `printf '%b\\n' "${text}" > /in`);

test('the lines of several containers come live, with their levels, objects and colours, and hide nothing', async ({ house, docker, page }) => {
  const [web, db] = [await docker.box('web', echo), await docker.box('db', echo)];
  await say(docker, 'web', 'before the page');
  await new Board(page).open(`${house.url}/containers`);
  await page.getByRole('link', { name: 'web' }).click();
  await page.getByRole('link', { name: 'Its log lines' }).click();
  await expect(row(page, 'before the page')).toHaveCount(1);
  await page.getByTestId('logs-sources').click();
  await page.getByRole('checkbox', { name: 'db' }).check();
  expect(new URL(page.url()).searchParams.getAll('source')).toEqual([`container:${web}`, `container:${db}`]);
  await expect(state(page)).toHaveText('Following.');
  await say(docker, 'db', 'ERROR from the second');
  await say(docker, 'web', 'WARN from the first');
  await expect(row(page, 'from the second')).toHaveAttribute('data-level', 'error');
  await expect(row(page, 'from the first')).toContainText('WARN');
  await expect(row(page, 'from the second').locator('.logs__source')).toHaveText('db');

  await say(docker, 'web', '{\\"level\\":\\"info\\",\\"msg\\":\\"an object\\",\\"user\\":\\"ann\\"}');
  const fold = row(page, 'an object').getByRole('button', { name: 'Fields' });
  await fold.focus();
  await page.keyboard.press('Enter');
  await expect(row(page, 'an object').locator('dd')).toHaveText(['info', 'ann']);
  await expect(fold).toBeFocused();

  await page.keyboard.press('f');
  await say(docker, 'web', '\\033[31mred\\033[0m \\033]0;title\\007plain \\033[2J\\0342\\0200\\0256gnp.exe <b>bold</b>');
  const hostile = row(page, 'gnp.exe').locator('.logs__text');
  await expect(hostile).toHaveText('red plain <U+202E>gnp.exe <b>bold</b>');
  const red = await hostile.locator('span', { hasText: 'red' }).evaluate((span) => getComputedStyle(span).color);
  expect(red).toBe('rgb(205, 0, 0)');
});

test('a reader searches, pauses, loads what was before and goes back, by the keyboard alone', async ({ house, docker, page }) => {
  const id = await docker.box('many', `i=0; while [ $i -lt 1200 ]; do i=$((i+1)); echo "line $i"; done; ${echo}`);
  await expect.poll(() => docker.cli('logs', '--tail', '1', 'many')).toBe('line 1200');
  await new Board(page).open(address(house, id));
  await expect(row(page, 'line 1200')).toBeInViewport();
  await expect(page.getByTestId('logs-count')).toHaveText('500 lines');
  await expect.poll(() => view(page).locator('.logs__row').count(), 'only what is in view is in the document').toBeLessThan(150);

  await page.keyboard.press('/');
  await page.keyboard.type('LINE 90');
  await expect(page.getByTestId('logs-matches')).toHaveText('10 lines match');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('logs-matches')).toHaveText('10 of 10');
  await expect(view(page).locator('[aria-current]')).toContainText('line 909');
  await page.keyboard.press('Enter');
  await expect(view(page).locator('[aria-current] mark')).toHaveText('line 90');
  await expect(view(page).locator('[aria-current]')).toContainText('line 908');
  await expect(state(page)).toHaveText('Paused.');
  await say(docker, 'many', 'one more');
  await expect(page.getByTestId('logs-follow')).toHaveText('1 new line');

  await page.keyboard.press('Escape');
  await page.getByTestId('logs-expression').press('Space');
  await page.getByTestId('logs-search').focus();
  await page.keyboard.type('(');
  await expect(page.getByTestId('logs-matches')).toContainText('This is no regular expression.');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('line 7\\d0$');
  await page.getByTestId('logs-only').press('Space');
  await expect(page.getByTestId('logs-count')).toHaveText('9 of 501 lines');
  await page.getByTestId('logs-earlier').press('Enter');
  await expect(page.getByTestId('logs-count')).toHaveText('10 of 1,001 lines');
  await page.getByTestId('logs-all').press('Enter');
  await expect(row(page, 'line 700')).toHaveCount(1);
  await expect(state(page)).toContainText('The newest lines of all history that match line 7\\d0$');
  await page.getByTestId('logs-follow').press('Enter');
  await page.getByTestId('logs-search').press('Escape');
  await expect(row(page, 'one more')).toBeInViewport();
  await expect(state(page)).toHaveText('Following.');
  await page.getByTestId('logs-level').selectOption('Errors');
  await expect(page.getByTestId('logs-nothing')).toHaveText('No line here matches.');
});

test('a server that comes back goes on where it was, and the page reads well in each look', async ({ house, docker, page, context }) => {
  const id = await docker.box('kept', echo);
  await say(docker, 'kept', 'INFO first');
  await wear(context, house.url, LOOKS[0]);
  await new Board(page).open(address(house, id));
  await expect(row(page, 'first')).toHaveCount(1);
  await house.restart();
  await say(docker, 'kept', 'meanwhile');
  await expect(row(page, 'meanwhile')).toHaveCount(1, { timeout: 40_000 });
  await expect(row(page, 'first')).toHaveCount(1);
  await expect(view(page).locator('.logs__row')).toHaveCount(2);
  expect(await violations(page)).toEqual([]);

  await wear(context, house.url, LOOKS[1]);
  await page.setViewportSize({ width: 360, height: 740 });
  await new Board(page).open(address(house, id));
  await expect(row(page, 'meanwhile')).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
