import { existsSync } from 'node:fs';
import { binary } from './fixtures/pulseboard.ts';

/**
 * Waits for the server if somebody else starts it: `cargo leptos end-to-end` starts server and tests at once.
 * Otherwise each worker starts its own, and only the binary must be there.
 */
export default async function globalSetup(): Promise<void> {
  const url = process.env.PULSEBOARD_URL;
  if (!url) {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: build it with \`cargo xtask test --only build\``);
    return;
  }
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const answer = await fetch(new URL('/healthz', url)).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url}/healthz did not answer within a minute`);
}
