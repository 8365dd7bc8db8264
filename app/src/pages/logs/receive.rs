//! Entries of the streams, as they come.

use common::stream::{StreamEndReason, StreamEntry};

use super::{
    board::{LogsBoard, LogsMode},
    reading::{ItemCounter, StreamLane, StreamState},
    ring::KeptLine,
    wire,
};

impl LogsBoard {
    /// Takes an entry. One that is none of a stream's is of a later version, and left out.
    pub(super) fn receive(self, lane: StreamLane, text: &str) {
        match wire::entry(text) {
            Some(StreamEntry::Items { first, items }) => self.add(lane, |counter| counter.take(first, items)),
            Some(StreamEntry::End { reason, error, total }) => {
                self.add(lane, |counter| counter.gap(total));
                self.end(lane, reason, error);
            }
            Some(StreamEntry::Begin { .. }) => {}
            None => leptos::logging::warn!("an entry of a stream could not be read"),
        }
    }

    fn add(self, lane: StreamLane, take: impl FnOnce(&mut ItemCounter) -> Vec<KeptLine>) {
        let taken = self.slot(lane).update(|slot| {
            let reading = slot.reading.as_mut()?;
            let mut lines = take(&mut reading.counter);
            if lane == StreamLane::Earlier {
                reading.taken.append(&mut lines);
            }
            reading.left = reading.left.map(|left| left.saturating_sub(lines.len()));
            Some((lines, reading.left == Some(0)))
        });
        let Some((lines, is_full)) = taken.flatten() else { return };
        if lines.is_empty() {
            return;
        }
        self.lines.update(|all| lines.into_iter().for_each(|line| all.ring.push(line)));
        self.changed.set(());
        if is_full {
            self.close(StreamLane::Main);
            self.state.set(StreamState::Cut);
        }
    }

    fn end(self, lane: StreamLane, reason: StreamEndReason, error: Option<String>) {
        let reading = self.slot(lane).update(|slot| slot.reading.take()).flatten();
        let Some(reading) = reading else { return };
        match lane {
            StreamLane::Main => {
                if self.mode.peek() != LogsMode::Live {
                    self.pause();
                }
                self.state.set(match reason {
                    StreamEndReason::Complete => StreamState::Complete,
                    StreamEndReason::Failed => StreamState::Failed(error.unwrap_or_default()),
                    StreamEndReason::Cancelled => StreamState::Cancelled,
                });
            }
            StreamLane::Earlier => {
                self.loads_earlier.set(false);
                match reason {
                    StreamEndReason::Complete => self.put_before(reading.taken),
                    _ => self
                        .earlier_failed
                        .set(Some(error.unwrap_or_else(|| self.words.cancelled.to_owned()))),
                }
            }
        }
    }

    fn put_before(self, mut earlier: Vec<KeptLine>) {
        if earlier.is_empty() {
            self.at_begin.set(true);
            return;
        }
        let asked = self.earlier_before.get();
        let put = self.lines.update(|lines| {
            // The first lines may have made room for new ones since.
            let gone = lines.ring.first().saturating_sub(asked);
            if gone > 0 {
                earlier.push(KeptLine::gap(gone));
            }
            let first = lines.ring.first();
            (first, lines.ring.put_before(earlier))
        });
        let Some((first, dropped)) = put else { return };
        if dropped > 0 {
            // The newest had to go, so those that come now would not follow on what is here.
            self.close(StreamLane::Main);
            self.state.set(StreamState::Cut);
        }
        self.target.set(Some(first));
        self.changed.set(());
    }
}
