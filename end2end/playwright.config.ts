import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

// An installed browser first: Playwright's own is the fallback, and `cargo xtask setup --tests` fetches it.
const installed = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));

export default defineConfig({
  testDir: './specs',
  globalSetup: './global-setup.ts',
  fullyParallel: false,
  // Each worker has a server of its own, and a browser: more than two would wait for the processor.
  workers: process.env.PULSEBOARD_URL ? 1 : 2,
  // One more try, until five whole runs in a row have passed without it: the report lists what needed it as flaky, and each of those is a
  // fault of the page's or of the test's. `--retries 0` looks for them.
  retries: 1,
  forbidOnly: !!process.env.CI,
  // Bounds of what hangs, and of nothing else: a busy machine is several times slower than an idle one, and no fault of the page's.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    // A trace is a film of each page, which takes as long to keep as many a test: only what has failed once is filmed.
    trace: 'on-first-retry',
    // A test has to say so if it wants another time zone or language.
    timezoneId: 'UTC',
    locale: 'en-US',
  },
  projects: [
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        launchOptions: {
          executablePath: installed,
          // No sandbox, for CI runs as root; and nothing that talks to the world on its own.
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      },
    },
  ],
});
