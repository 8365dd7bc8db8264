import type { CDPSession } from '@playwright/test';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, test } from '../fixtures/test.ts';

/** Frames before the first look: by then every buffer of the page has its final size. */
const WARM = 1_000;
const FRAMES = 10_000;
const MEGABYTE = 1_000_000;

/** What the page holds: JavaScript's heap and WebAssembly's memory in bytes, and its DOM nodes. */
async function weigh(devtools: CDPSession): Promise<{ bytes: number; nodes: number }> {
  // Twice: what the first round frees may let go of more.
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  // WebAssembly's memory is no part of the heap. The page's own module has it at hand once it is running. (DevTools could look for
  // it by its prototype, but with a table of functions that is exported, as for WebAssembly in pieces, Chromium never comes back.)
  const { result: wasm } = await devtools.send('Runtime.evaluate', {
    expression: `import(document.querySelector('link[rel="modulepreload"]').href).then(
      (page) => page.initSync().memory.buffer.byteLength)`,
    awaitPromise: true,
    returnByValue: true,
  });
  expect(wasm.value, 'the page runs WebAssembly').toBeGreaterThan(0);
  return { bytes: metric('JSHeapUsedSize') + Number(wasm.value), nodes: metric('Nodes') };
}

test(`a page left open for ${FRAMES} frames grows by less than 5 MB`, async ({ page, board }) => {
  test.setTimeout(300_000);
  const source = await Pulseboard.start({ env: { PULSEBOARD_COLLECT__FAST_MS: '10' } });
  try {
    let frames = 0;
    page.on('websocket', (socket) => socket.on('framereceived', () => (frames += 1)));
    await board.open(source.url);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');

    await expect.poll(() => frames, { timeout: 60_000, intervals: [250] }).toBeGreaterThan(WARM);
    const [first, start] = [frames, await weigh(devtools)];
    await expect.poll(() => frames, { timeout: 220_000, intervals: [1_000] }).toBeGreaterThan(first + FRAMES);
    const end = await weigh(devtools);

    const grown = (end.bytes - start.bytes) / MEGABYTE;
    const told = `${(start.bytes / MEGABYTE).toFixed(1)} MB, after ${frames - first} frames ${grown.toFixed(2)} MB more`;
    test.info().annotations.push({ type: 'memory', description: told });
    console.log(told, `nodes: ${start.nodes}, then ${end.nodes}`);
    expect(grown).toBeLessThan(5);
    // Lists of programs and devices come and go; nothing may pile up.
    expect(end.nodes).toBeLessThan(start.nodes * 1.5 + 500);
    // It is no frozen page.
    await board.is('live');
    await board.card('cpu').moves();
  } finally {
    await source.stop();
  }
});
