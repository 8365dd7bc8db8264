// Chart.js, with all that its page on performance advises: no animation, no parsing, sorted data, fixed scales, no
// rotation of labels, and only those of its parts that are used. What it has no option for (thresholds, values above
// bars) is drawn in its hooks with the fewest calls, without the packages one would add for it.
import {
  BarController, BarElement, CategoryScale, Chart, Filler, LineController, LineElement, LinearScale, PointElement,
} from 'chart.js';
import {
  CHARTS, CRITICAL_AT, DASHES, FONT, KEPT, LINE_WIDTH, ROOM, SIZE, SPAN_MS, SPARK_KEPT, WARN_AT, Y_TICKS,
  colors, minuteText, minutes, percentText, together, yText,
} from '../board.js';

Chart.register(BarController, BarElement, CategoryScale, Filler, LineController, LineElement, LinearScale, PointElement);

/** Points are given in the form that Chart.js has inside, and in order. */
const READY = { parsing: false, normalized: true };

export async function draw(cells, history) {
  const ink = colors();
  const makers = { bars, line, spark };
  const charts = CHARTS.map((chart, number) => makers[chart.kind](canvas(cells[number]), chart, ink));
  return together(charts, history);
}

function canvas(cell) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, SIZE);
  cell.append(canvas);
  return canvas;
}

function bars(canvas, { labels }, ink) {
  const values = labels.map(() => 0);
  const options = common({
    x: { ...axis(ink, 'height', ROOM.bottom), grid: { display: false, drawTicks: false } },
    y: yAxis(ink),
  }, { top: ROOM.aboveBars });
  const dataset = {
    data: values, backgroundColor: ink.series, categoryPercentage: 1, barPercentage: 0.68, maxBarThickness: 40,
  };
  const texts = { id: 'texts', afterDatasetsDraw: (chart) => barTexts(chart, values, ink) };
  const chart = new Chart(canvas, {
    type: 'bar', data: { labels, datasets: [dataset] }, options, plugins: [thresholds(ink), texts],
  });
  return {
    remember(_, all, next) {
      for (let place = 0; place < labels.length; place += 1) values[place] = all[next + place];
      return next + labels.length;
    },
    show: () => chart.update('none'),
  };
}

function line(canvas, _, ink) {
  const { points, remember } = past(KEPT);
  const x = {
    ...axis(ink, 'height', ROOM.bottom),
    type: 'linear',
    grid: { color: ink.grid, drawTicks: false },
    afterBuildTicks: (scale) => {
      scale.ticks = minutes(scale.max).map((value) => ({ value }));
    },
  };
  x.ticks.callback = function (at) {
    return minuteText(at, this.max);
  };
  x.ticks.stepSize = 60_000;
  const options = common({ x, y: yAxis(ink) }, { top: ROOM.top });
  const data = { datasets: [trend(points, ink)] };
  const chart = new Chart(canvas, { type: 'line', data, options, plugins: [thresholds(ink)] });
  return { remember, show: () => showUpTo(chart, points, SPAN_MS) };
}

function spark(canvas, _, ink) {
  const { points, remember } = past(SPARK_KEPT);
  const options = common({ x: { type: 'linear', display: false }, y: { display: false, min: 0, max: 100 } }, {
    top: 2, right: 3, bottom: 1, left: 3,
  });
  // The newest point is a series of its own: a style for each point of one would cost far more.
  const newest = [];
  const dot = { ...READY, data: newest, pointRadius: 2, pointBorderWidth: 0, backgroundColor: ink.series, clip: 3 };
  const chart = new Chart(canvas, { type: 'line', data: { datasets: [trend(points, ink), dot] }, options });
  return {
    remember,
    show() {
      newest[0] = points.at(-1);
      showUpTo(chart, points, points.at(-1).x - points[0].x);
    },
  };
}

function showUpTo(chart, points, span) {
  const x = chart.options.scales.x;
  x.max = points.at(-1).x;
  x.min = x.max - span;
  chart.update('none');
}

/** The newest values, as Chart.js takes them. */
function past(capacity) {
  const points = [];
  const remember = (at, all, next) => {
    points.push({ x: at, y: all[next] });
    if (points.length > capacity) points.shift();
    return next + 1;
  };
  return { points, remember };
}

function trend(data, ink) {
  return {
    ...READY, data, borderColor: ink.series, borderWidth: LINE_WIDTH, backgroundColor: ink.shade, fill: 'start',
    pointRadius: 0,
  };
}

function common(scales, padding) {
  return {
    animation: false, responsive: false, devicePixelRatio, events: [],
    layout: { padding, autoPadding: false }, scales,
  };
}

function axis(ink, side, size) {
  const [fontSize, ...family] = FONT.split(' ');
  const font = { size: parseInt(fontSize, 10), family: family.join(' ') };
  return {
    // No room for labels that stick out at the ends: the data stands where it does in the others' charts.
    afterFit: (scale) => {
      Object.assign(scale, { [side]: size, paddingLeft: 0, paddingRight: 0, paddingTop: 0, paddingBottom: 0 });
    },
    border: { display: false },
    ticks: { color: ink.muted, font, autoSkip: false, minRotation: 0, maxRotation: 0, sampleSize: 1, padding: 4 },
  };
}

function yAxis(ink) {
  const y = {
    ...axis(ink, 'width', ROOM.left), min: 0, max: 100, grid: { color: ink.grid, drawTicks: false },
    afterBuildTicks: (scale) => {
      scale.ticks = Y_TICKS.map((value) => ({ value }));
    },
  };
  y.ticks.callback = yText;
  y.ticks.stepSize = 25;
  return y;
}

function thresholds(ink) {
  const lines = [[WARN_AT, ink.warn, DASHES.warn], [CRITICAL_AT, ink.critical, DASHES.critical]];
  return {
    id: 'thresholds',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save();
      ctx.lineWidth = 1;
      ctx.font = FONT;
      ctx.textAlign = 'right';
      ctx.textBaseline = 'middle';
      for (const [value, color, dashes] of lines) {
        const y = Math.round(scales.y.getPixelForValue(value)) + 0.5;
        ctx.strokeStyle = color;
        ctx.setLineDash(dashes);
        ctx.beginPath();
        ctx.moveTo(chartArea.left, y);
        ctx.lineTo(chartArea.right, y);
        ctx.stroke();
        ctx.fillStyle = color;
        ctx.fillText(`${value}%`, chartArea.left - 6, y);
      }
      ctx.restore();
    },
  };
}

function barTexts(chart, values, ink) {
  const { ctx } = chart;
  ctx.save();
  ctx.font = FONT;
  ctx.fillStyle = ink.text;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  chart.getDatasetMeta(0).data.forEach((bar, index) => {
    ctx.fillText(percentText(values[index]), bar.x, bar.y - 8);
  });
  ctx.restore();
}
