// Updates at a steady rate, and what became of the frames meanwhile.

/** A screen of sixty frames a second. */
const FRAME_MS = 1000 / 60;

/**
 * Calls `update` so many times a second, at most once between two animation frames: so every update is painted. Each is a
 * task of its own, as messages from a network are.
 * `missed` are the frames that a screen would have had in the longer gaps between two.
 */
export function drive(update, { rate, seconds }) {
  return new Promise((done) => {
    const { port1: due, port2: tasks } = new MessageChannel();
    tasks.onmessage = update;
    let started, last;
    let [updates, frames, missed] = [0, 0, 0];
    const frame = (now) => {
      started ??= now;
      const since = now - started;
      if (last !== undefined) {
        frames += 1;
        if (now - last > 1.5 * FRAME_MS) missed += Math.round((now - last) / FRAME_MS) - 1;
      }
      last = now;
      if (since >= seconds * 1000) {
        // What the last update asked for comes in the next frame.
        requestAnimationFrame(() => requestAnimationFrame(() => {
          due.close();
          done({ updates, frames, missed });
        }));
        return;
      }
      requestAnimationFrame(frame);
      // Half a frame early rather than a whole one late.
      if (since >= (updates * 1000) / rate - FRAME_MS / 2) {
        due.postMessage(null);
        updates += 1;
      }
    };
    requestAnimationFrame(frame);
  });
}
