// Pictures of a running server, taken by a real browser.
//
//   node end2end/screenshot.mjs OUT.png      the README's picture: 1280 px wide, with 20 s of live data
//   node end2end/screenshot.mjs --all DIR    every page in every width, theme and language, to be looked at by people
//
// PULSEBOARD_URL names the server (default http://127.0.0.1:3000), CHROMIUM the browser.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from '@playwright/test';

const URL_OF = process.env.PULSEBOARD_URL ?? 'http://127.0.0.1:3000';
const PAGES = { overview: '/', lab: '/lab', 'not-found': '/no/such/page' };
const WIDTHS = [360, 768, 1280, 1920];
const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'ko'];
/** So many measurements make a trend worth looking at: the server measures twice a second. */
const LIVE_MS = 20_000;

/** A page in one of its looks, alive. */
async function open(browser, { address, width, height, theme, lang, scale }) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    colorScheme: theme,
    locale: lang,
  });
  await context.addCookies([
    { name: 'theme', value: theme, url: URL_OF },
    { name: 'lang', value: lang, url: URL_OF },
  ]);
  const page = await context.newPage();
  await page.goto(new URL(address, URL_OF).href);
  await page.locator('html[data-hydrated]').waitFor();
  if (address === '/') await page.locator('[data-testid="badge"][data-state="live"]').waitFor();
  if (address === '/lab') await page.locator('.card--line[data-state="live"]').nth(5).waitFor();
  return page;
}

/** Waits until every chart in sight has been painted. */
async function painted(page) {
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.plot__canvas')].every((canvas) => {
      const box = canvas.getBoundingClientRect();
      return box.top > innerHeight || box.width === 0 || canvas.hasAttribute('data-painted');
    }),
  );
}

async function readme(browser, out) {
  const look = { address: '/', width: 1280, height: 752, theme: 'dark', lang: 'en', scale: 2 };
  const page = await open(browser, look);
  // The last minute: of five, so little would be seen of it.
  await page.locator('[data-testid="range"] label').first().click();
  await page.waitForTimeout(LIVE_MS);
  await painted(page);
  await mkdir(path.dirname(path.resolve(out)), { recursive: true });
  await page.screenshot({ path: out });
}

async function all(browser, folder) {
  await mkdir(folder, { recursive: true });
  for (const [name, address] of Object.entries(PAGES)) {
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        for (const lang of LANGUAGES) {
          const page = await open(browser, { address, width, height: 900, theme, lang, scale: 1 });
          // Only what is in sight is painted: so everything is.
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({ width, height: Math.max(height, 640) });
          await painted(page);
          await page.screenshot({ path: path.join(folder, `${name}-${width}-${theme}-${lang}.png`) });
          await page.context().close();
        }
      }
    }
  }
}

async function main([first, folder]) {
  if (!first || (first === '--all' && !folder)) {
    console.error('usage: node end2end/screenshot.mjs OUT.png | --all DIR');
    return 2;
  }
  const installed = [process.env.CHROMIUM, '/usr/bin/chromium'].find((file) => file && existsSync(file));
  const browser = await chromium.launch({
    executablePath: installed,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    await (first === '--all' ? all(browser, folder) : readme(browser, first));
  } finally {
    await browser.close();
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
