// uPlot, as its documentation advises for data that streams: fixed ranges, no legend, no cursor, no points. What it has
// no option for (thresholds, values above bars) is drawn in its hooks with the fewest calls.
import UPlot from 'uplot';
import {
  CHARTS, CRITICAL_AT, DASHES, FONT, KEPT, LINE_WIDTH, ROOM, SIZE, SPAN_MS, SPARK_KEPT, WARN_AT, Y_TICKS,
  colors, minuteText, minutes, percentText, together, yText,
} from '../board.js';

export async function draw(cells, history) {
  const ink = colors();
  const makers = { bars, line, spark };
  const charts = CHARTS.map((chart, number) => makers[chart.kind](cells[number], chart, ink));
  return together(charts, history);
}

/** Draws within the call: otherwise uPlot waits for the end of the task, whose time is counted as no script's. */
function update(plot, data) {
  plot.batch(() => plot.setData(data));
}

function bars(cell, { labels }, ink) {
  const places = labels.map((_, index) => index);
  const values = labels.map(() => 0);
  const x = { ...axis(ink, ROOM.bottom), splits: () => places, values: () => labels, incrs: [1], space: 1, grid: { show: false } };
  const options = {
    ...common({ x: { time: false, range: [-0.5, labels.length - 0.5] } }),
    padding: [ROOM.aboveBars, 0, 0, 0],
    axes: [x, yAxis(ink)],
    series: [{}, { fill: ink.series, width: 0, paths: UPlot.paths.bars({ size: [0.68, 40] }), points: { show: false } }],
    hooks: { drawAxes: [(plot) => thresholds(plot, ink)], draw: [(plot) => barTexts(plot, places, values, ink)] },
  };
  const plot = new UPlot(options, [places, values], cell);
  return {
    remember(_, all, next) {
      for (const place of places) values[place] = all[next + place];
      return next + labels.length;
    },
    show: () => update(plot, [places, values]),
  };
}

function line(cell, _, ink) {
  const { times, values, remember } = past(KEPT);
  const x = {
    ...axis(ink, ROOM.bottom),
    splits: (plot, index, min, max) => minutes(max),
    values: (plot, splits) => splits.map((at) => minuteText(at, plot.scales.x.max)),
    incrs: [60_000],
    space: 1,
    grid: { stroke: ink.grid, width: 1 },
  };
  const options = {
    ...common({ x: { time: false, range: (plot, min, max) => [max === null ? null : max - SPAN_MS, max] } }),
    padding: [ROOM.top, 0, 0, 0],
    axes: [x, yAxis(ink)],
    series: [{}, { stroke: ink.series, width: LINE_WIDTH, fill: ink.shade, points: { show: false } }],
    hooks: { drawAxes: [(plot) => thresholds(plot, ink)] },
  };
  const plot = new UPlot(options, [times, values], cell);
  return { remember, show: () => update(plot, [times, values]) };
}

function spark(cell, _, ink) {
  const { times, values, remember } = past(SPARK_KEPT);
  const newest = { show: false, filter: () => [times.length - 1], size: 4, width: 0, fill: ink.series };
  const options = {
    ...common({ x: { time: false } }),
    padding: [2, 3, 1, 3],
    axes: [{ show: false }, { show: false }],
    series: [{}, { stroke: ink.series, width: LINE_WIDTH, fill: ink.shade, points: newest }],
  };
  const plot = new UPlot(options, [times, values], cell);
  return { remember, show: () => update(plot, [times, values]) };
}

/** The newest values, as uPlot takes them. */
function past(capacity) {
  const times = [];
  const values = [];
  const remember = (at, all, next) => {
    times.push(at);
    values.push(Number.isNaN(all[next]) ? null : all[next]);
    if (times.length > capacity) {
      times.shift();
      values.shift();
    }
    return next + 1;
  };
  return { times, values, remember };
}

function common(scales) {
  return { ...SIZE, scales: { ...scales, y: { range: [0, 100] } }, legend: { show: false }, cursor: { show: false } };
}

function axis(ink, size) {
  return { size, gap: 4, font: FONT, stroke: ink.muted, ticks: { show: false } };
}

function yAxis(ink) {
  const values = (plot, splits) => splits.map(yText);
  return {
    ...axis(ink, ROOM.left), gap: 6, splits: () => Y_TICKS, values, incrs: [25], space: 1,
    grid: { stroke: ink.grid, width: 1 },
  };
}

function thresholds(plot, ink) {
  const { ctx, bbox } = plot;
  // uPlot remembers what it told the context: nothing of ours may stay.
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.font = FONT.replace('11px', `${11 * devicePixelRatio}px`);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  for (const [value, color, dashes] of [[WARN_AT, ink.warn, DASHES.warn], [CRITICAL_AT, ink.critical, DASHES.critical]]) {
    const y = Math.round(plot.valToPos(value, 'y', true)) + devicePixelRatio / 2;
    ctx.strokeStyle = color;
    ctx.setLineDash(dashes.map((length) => length * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillStyle = color;
    ctx.fillText(`${value}%`, bbox.left - 6 * devicePixelRatio, y);
  }
  ctx.restore();
}

function barTexts(plot, places, values, ink) {
  const { ctx } = plot;
  ctx.save();
  ctx.font = FONT.replace('11px', `${11 * devicePixelRatio}px`);
  ctx.fillStyle = ink.text;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (const place of places) {
    const value = values[place];
    ctx.fillText(percentText(value), plot.valToPos(place, 'x', true), plot.valToPos(value, 'y', true) - 8 * devicePixelRatio);
  }
  ctx.restore();
}
