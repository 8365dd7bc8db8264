// Reads a chart in figures that can be compared: the texts that stand on its canvases, the pixels of each colour, and in
// how many frames it was drawn.
import { colors } from './board.js';

/** Of each canvas, its texts and where they stand. */
const written = new Map();
/** The cells that were drawn in since the last frame, and how many that were in all frames together. */
const drawn = new Set();
let pictures = 0;

/** Begins to take notes, before any library draws. Slows everything down, so never on a page that is measured. */
export function watch() {
  const pen = CanvasRenderingContext2D.prototype;
  const note = (name, take) => {
    const draw = pen[name];
    pen[name] = function (...all) {
      take(this, ...all);
      const cell = this.canvas.closest('main > div');
      if (cell) drawn.add(cell);
      return draw.apply(this, all);
    };
  };
  for (const name of ['fillRect', 'fill', 'stroke']) note(name, () => {});
  note('fillText', (context, text, x, y) => {
    const { x: left, y: top } = place(context, x, y);
    written.set(context.canvas, [...texts(context.canvas), { text, x: left, y: top }]);
  });
  note('clearRect', (context, x, y, width, height) => {
    const [from, to] = [place(context, x, y), place(context, x + width, y + height)];
    // An empty canvas has no texts, even if some stood outside of it.
    const isWhole = from.x <= 0 && from.y <= 0 && to.x >= context.canvas.width && to.y >= context.canvas.height;
    const stays = (text) => !isWhole && isOutside(text);
    const isOutside = (text) => text.x < from.x || text.x > to.x || text.y < from.y || text.y > to.y;
    written.set(context.canvas, texts(context.canvas).filter(stays));
  });
  note('drawImage', ({ canvas }, image, x, y) => {
    // A picture that is moved on its own canvas takes its texts with it.
    if (image === canvas) written.set(canvas, texts(canvas).map((text) => ({ ...text, x: text.x + x, y: text.y + y })));
  });
  const frame = () => {
    pictures += drawn.size;
    drawn.clear();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Begins to count anew. */
export function forget() {
  drawn.clear();
  pictures = 0;
}

/** Pictures of all charts together: one is what was drawn of a chart between two frames. */
export function counted() {
  return pictures;
}

/** What the cell's canvases show together. */
export function seen(cell) {
  const canvases = [...cell.querySelectorAll('canvas')];
  const { width, height } = canvases.at(-1);
  const together = new OffscreenCanvas(width, height).getContext('2d');
  for (const canvas of canvases) together.drawImage(canvas, 0, 0);
  return {
    size: [width, height],
    texts: canvases.flatMap((canvas) => texts(canvas).map(({ text }) => text)).filter((text) => text !== '').toSorted(),
    pixels: pixels(together.getImageData(0, 0, width, height)),
  };
}

function texts(canvas) {
  return written.get(canvas) ?? [];
}

/** In the canvas' pixels. */
function place(context, x, y) {
  return context.getTransform().transformPoint({ x, y });
}

function pixels({ data }) {
  const { shade, ...opaque } = colors();
  const inks = Object.entries(opaque).map(([name, hex]) => [name, channels(hex)]);
  const counts = { ...Object.fromEntries(inks.map(([name]) => [name, 0])), shade: 0 };
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3];
    const near = ([, ink], most) => ink.every((value, channel) => Math.abs(data[at + channel] - value) <= most);
    if (alpha > 240) {
      const found = inks.find((ink) => near(ink, 8));
      if (found) counts[found[0]] += 1;
    } else if (alpha >= 24 && alpha <= 48 && near(['shade', channels(shade)], 24)) {
      counts.shade += 1;
    }
  }
  return counts;
}

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}
