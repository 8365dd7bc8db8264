// Updates at a steady rate, and what became of the frames meanwhile.

/** A screen of sixty frames a second. */
const FRAME_MS = 1000 / 60;

/**
 * Calls `update` so many times a second, in animation frames: one in each at most, so that every update is painted.
 * `missed` are the frames that a screen would have had in the longer gaps between two.
 */
export function drive(update, { rate, seconds }) {
  return new Promise((done) => {
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
        requestAnimationFrame(() => requestAnimationFrame(() => done({ updates, frames, missed })));
        return;
      }
      requestAnimationFrame(frame);
      // Half a frame early rather than a whole one late.
      if (since >= (updates * 1000) / rate - FRAME_MS / 2) {
        update();
        updates += 1;
      }
    };
    requestAnimationFrame(frame);
  });
}
