// What a canvas shows, in figures that can be compared: the texts that were written, the pixels of each colour, and how
// often it was drawn.
import { colors } from './board.js';

const written = new Map();
let cleared = 0;

/** Begins to take notes. Slows everything down, so never on a page that is measured. */
export function watch() {
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  Object.assign(CanvasRenderingContext2D.prototype, {
    fillText(text, ...rest) {
      if (!written.has(this.canvas)) written.set(this.canvas, []);
      written.get(this.canvas).push(text);
      return fillText.call(this, text, ...rest);
    },
    clearRect(...rest) {
      cleared += 1;
      return clearRect.apply(this, rest);
    },
  });
}

export function forget() {
  written.clear();
  cleared = 0;
}

/** Pictures that were begun: each begins with an empty canvas. */
export function pictures() {
  return cleared;
}

export function seen(canvas) {
  return {
    size: [canvas.width, canvas.height],
    texts: (written.get(canvas) ?? []).toSorted(),
    pixels: pixels(canvas),
  };
}

function pixels(canvas) {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
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
