// What is drawn: twelve charts and a sample for each of their values, the same for every library.

export const SIZE = { width: 320, height: 180 };
/** A line shows five minutes, measured twice a second. */
export const SPAN_MS = 300_000;
const STEP_MS = 500;
export const KEPT = SPAN_MS / STEP_MS;
/** A sparkline shows the last of them. */
export const SPARK_KEPT = 120;
export const WARN_AT = 80;
export const CRITICAL_AT = 90;
export const Y_TICKS = [0, 25, 50, 75, 100];
/** What is written at these; a threshold's name takes the place of one that it would touch. */
export const yText = (value) => ({ 0: '0', 75: '' })[value] ?? `${value}%`;
export const FONT = '11px system-ui, sans-serif';
/** The same room around the data as in our own charts, CSS pixels: for the axes' labels, and above the bars for the values. */
export const ROOM = { left: 40, bottom: 18, top: 7, aboveBars: 25 };
export const LINE_WIDTH = 1.5;
/** Dash and gap of a threshold's line. */
export const DASHES = { warn: [3, 4], critical: [10, 4] };

const bars = (...labels) => ({ kind: 'bars', labels });
const line = { kind: 'line' };
const spark = { kind: 'spark' };

/** From left to right, four in a row. */
export const CHARTS = [
  bars('CPU', 'MEM', 'DISK'), line, line, line,
  bars('sda', 'sdb', 'sdc', 'sdd'), line, line, line,
  bars('web-1', 'web-2', 'web-3', 'db-1', 'db-2', 'mail'),
  bars('0', '1', '2', '3', '4', '5', '6', '7'),
  spark, spark,
];

export const VALUES = CHARTS.reduce((sum, chart) => sum + (chart.kind === 'bars' ? chart.labels.length : 1), 0);

/** The colours, from the page's style as our own painter reads them. */
export function colors() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name).trim();
  const series = color('--chart-1');
  return {
    text: color('--text'),
    muted: color('--text-muted'),
    grid: color('--grid'),
    warn: color('--warn'),
    critical: color('--crit'),
    series,
    // Fourteen hundredths.
    shade: `${series}24`,
  };
}

const START_MS = Date.UTC(2026, 0, 1, 12);

/** Sample `index` of a history without end: when, and a value for each bar and each line. NaN was not measured. */
export function sample(index) {
  const values = new Float64Array(VALUES);
  let at = 0;
  CHARTS.forEach((chart, number) => {
    const many = chart.kind === 'bars' ? chart.labels.length : 1;
    for (let n = 0; n < many; n += 1, at += 1) {
      values[at] = chart.kind === 'line' && isMissing(index, number) ? NaN : share(index, at);
    }
  });
  return { at: START_MS + index * STEP_MS, values };
}

/** So many samples that every line is full, the last of them `index`. */
export function history(index) {
  return Array.from({ length: KEPT }, (_, n) => sample(index - KEPT + 1 + n));
}

/** A calm wave with noise on it, below the thresholds: from 10 to 75, in tenths. */
function share(index, value) {
  const noise = Math.imul(index * 31 + value * 977 + 12345, 2654435761) >>> 0;
  const wave = 40 + 20 * Math.sin(index / 37 + value) + 10 * Math.sin(index / 11 + 2 * value);
  return Math.round(10 * (wave + 5 * (noise / 2 ** 32))) / 10;
}

/** Two seconds of every hundred are missing. */
function isMissing(index, chart) {
  return (index + chart * 23) % 200 < 4;
}

/** The whole minutes that a line to `to` shows. */
export function minutes(to) {
  const found = [];
  for (let at = Math.ceil((to - SPAN_MS) / 60_000) * 60_000; at <= to; at += 60_000) found.push(at);
  return found;
}

/** The name of a minute on a line to `to`, `14:03`. One that would reach beyond the line's end has none. */
export function minuteText(at, to) {
  const half = 16;
  if (((to - at) / SPAN_MS) * (SIZE.width - ROOM.left) < half) return '';
  const minute = Math.floor(at / 60_000) % 1440;
  const two = (number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

export function percentText(value) {
  return `${value.toFixed(1)}%`;
}

/** A library's charts as one board: each takes its values of a sample, and says where those of the next one begin. */
export function together(charts, history) {
  const remember = ({ at, values }) => {
    let next = 0;
    for (const chart of charts) next = chart.remember(at, values, next);
  };
  history.forEach(remember);
  return {
    show(sample) {
      remember(sample);
      for (const chart of charts) chart.show();
    },
    bytesBeside: () => 0,
  };
}
