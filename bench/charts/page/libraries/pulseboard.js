// Ours: the page's own painter, in the page's own WebAssembly.
import init, { Board } from '/pkg/pulseboard.js';
import { CHARTS, CRITICAL_AT, KEPT, SPARK_KEPT, WARN_AT } from '../board.js';

export async function draw(cells, history) {
  const { memory } = await init({ module_or_path: '/pkg/pulseboard.wasm' });
  const board = new Board(WARN_AT, CRITICAL_AT);
  CHARTS.forEach((chart, number) => {
    const canvas = document.createElement('canvas');
    cells[number].append(canvas);
    if (chart.kind === 'bars') board.add_bars(canvas, chart.labels);
    if (chart.kind === 'line') board.add_line(canvas, KEPT);
    if (chart.kind === 'spark') board.add_spark(canvas, SPARK_KEPT);
  });
  for (const { at, values } of history) board.remember(at, values);
  return {
    show: ({ at, values }) => board.show(at, values),
    /** What JavaScript's heap does not hold. */
    bytesBeside: () => memory.buffer.byteLength,
  };
}
