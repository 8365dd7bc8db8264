// Figures compare only where the pictures do: every library must have drawn the same.
import { open } from './browser.mjs';

/** How much more of a colour one library may show than another: edges are smoothed differently. */
const MOST = 1.5;
/** Fewer pixels than this are the smoothing itself. */
const FEWEST = 200;
/** Small letters are edges all over. */
const TEXTS = ['text', 'muted'];

/**
 * Fails, with the chart's number, where texts differ from what they must be or colours between the libraries, or where
 * an update is not one picture.
 */
export async function compare(browser, site, libraries) {
  const looks = [];
  for (const library of libraries) {
    const page = await open(browser, site, library, true);
    looks.push(await page.evaluate(() => window.bench.look()));
    await page.context().close();
  }
  const complaints = [];
  looks.forEach(({ pictures }, number) => {
    if (pictures !== 1) complaints.push(`${libraries[number]}: ${pictures} pictures of each chart in an update`);
  });
  for (let chart = 0; chart < looks[0].charts.length; chart += 1) {
    const seen = looks.map((look) => look.charts[chart]);
    seen.forEach(({ expected, texts, size }, number) => {
      if (texts.join() !== expected.join()) complaints.push(`${libraries[number]}, chart ${chart}: writes ${texts}, not ${expected}`);
      if (size.join() !== '640,360') complaints.push(`${libraries[number]}, chart ${chart}: ${size} pixels`);
    });
    for (const color of Object.keys(seen[0].pixels).filter((name) => !TEXTS.includes(name))) {
      const counts = seen.map(({ pixels }) => pixels[color]);
      const [least, most] = [Math.min(...counts), Math.max(...counts)];
      if (most > FEWEST && most > MOST * least) {
        complaints.push(`chart ${chart}: ${color} on ${counts.map((count, number) => `${count} pixels by ${libraries[number]}`).join(', ')}`);
      }
    }
  }
  if (complaints.length > 0) throw new Error(`the libraries do not draw the same:\n${complaints.join('\n')}`);
}
