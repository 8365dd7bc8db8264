//! A tap on the frames of one connection, for those who follow it. It exists only while someone follows, and holds a
//! few hundred frames. A follower that is too slow is told how many it missed, and slows nobody.

use std::sync::{Arc, Weak};

use access::may_be_addressed;
use common::connection::{Frame, FrameDirection};
use fanout::Clock;
use tokio::sync::{
    OwnedSemaphorePermit,
    broadcast::{self, Receiver, error::RecvError},
};

use super::stats::{ConnectionStats, FrameSender};

/// The frames that wait for a follower of a connection.
const KEPT: usize = 256;
/// The bytes of text that each frame has at most.
const TEXT: usize = 2_000;

/// The text of a frame with a notice, which is for the reader of the connection alone.
const WITHHELD: &str = "(withheld: it tells of a notice)";

/// The right to follow a connection; given back when dropped.
#[derive(Debug)]
pub struct FrameTap {
    /// The connection's statistics. The tap does not hold them, so what is followed ends as it would have ended.
    stats: Weak<ConnectionStats>,
    frames: Option<Receiver<Arc<Frame>>>,
    _place: OwnedSemaphorePermit,
}

/// An item for a follower of a connection.
#[derive(Debug)]
pub enum TappedFrame {
    /// The next frame.
    Frame(Arc<Frame>),
    /// The follower missed so many frames, because they came faster than it took them.
    Missed(u64),
}

impl ConnectionStats {
    /// `bytes` are how many it was written as; without them, its text's count.
    #[cold]
    pub(super) fn trace(&self, way: FrameDirection, bytes: Option<usize>, mut text: String) {
        let bytes = bytes.unwrap_or(text.len());
        // It is for whoever has the connection, and for none of those who follow it.
        if may_be_addressed(&text) {
            WITHHELD.clone_into(&mut text);
        }
        let cut = text.len() > TEXT;
        text.truncate(text.floor_char_boundary(TEXT));
        if let Some(FrameSender { frames, clock }) = &self.cold_state.lock().frame_tap {
            let frame = Frame { at: clock.unix_millis(), way, bytes, text, cut };
            // A failed send means that nobody follows any more; the sender is dropped in a moment.
            let _ = frames.send(Arc::new(frame));
        }
    }
}

impl FrameTap {
    pub(super) fn new(
        stats: &Arc<ConnectionStats>,
        place: OwnedSemaphorePermit,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        let frame_tap = &mut stats.cold_state.lock().frame_tap;
        let sender = frame_tap.get_or_insert_with(|| FrameSender {
            frames: broadcast::channel(KEPT).0,
            clock: Arc::clone(clock),
        });
        let frames = sender.frames.subscribe();
        stats.follow(true);
        Self { stats: Arc::downgrade(stats), frames: Some(frames), _place: place }
    }

    /// Returns the next frame; `None` when the connection has ended.
    pub async fn next(&mut self) -> Option<TappedFrame> {
        match self.frames.as_mut()?.recv().await {
            Ok(frame) => Some(TappedFrame::Frame(frame)),
            Err(RecvError::Lagged(missed)) => Some(TappedFrame::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Drop for FrameTap {
    fn drop(&mut self) {
        let Some(stats) = self.stats.upgrade() else { return };
        let frame_tap = &mut stats.cold_state.lock().frame_tap;
        self.frames = None;
        if frame_tap.as_ref().is_some_and(|sender| sender.frames.receiver_count() == 0) {
            *frame_tap = None;
            stats.follow(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use fanout::ManualClock;
    use tokio::sync::Semaphore;

    use super::*;

    /// The moment of every frame, milliseconds since 1970.
    const AT: u64 = 1_795_183_407_000;

    fn follow(stats: &Arc<ConnectionStats>) -> FrameTap {
        let place = Arc::new(Semaphore::new(1)).try_acquire_owned().expect("a place");
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(AT));
        FrameTap::new(stats, place, &clock)
    }

    fn stats() -> Arc<ConnectionStats> {
        Arc::new(ConnectionStats::new(
            1,
            &crate::sse::ENTRY,
            ([127, 0, 0, 1], 1).into(),
            Arc::new(access::Principal::anonymous()),
            AT,
        ))
    }

    #[tokio::test]
    async fn who_is_slow_is_told_how_many_were_missed_and_the_rest_in_order() {
        let stats = stats();
        stats.up(|| unreachable!("nobody follows, so nothing is written"));
        let mut slow = follow(&stats);
        for n in 0..KEPT + 5 {
            stats.down(3, || n.to_string());
        }
        let Some(TappedFrame::Missed(5)) = slow.next().await else { panic!("five are missed") };
        for n in 5..KEPT + 5 {
            let Some(TappedFrame::Frame(frame)) = slow.next().await else { panic!("frame {n} follows") };
            assert_eq!(
                (frame.at, frame.text.as_str(), frame.bytes, frame.way),
                (AT, n.to_string().as_str(), 3, FrameDirection::Down)
            );
        }
    }

    #[tokio::test]
    async fn a_notice_is_told_to_nobody_who_follows() {
        let stats = stats();
        let mut following = follow(&stats);
        let text =
            r#"{"type":"event","cursor":"1-1","topic":"notices/role/admin","data":{"title":"secret"}}"#;
        stats.down(90, || text.into());
        let Some(TappedFrame::Frame(frame)) = following.next().await else { panic!("a frame") };
        assert_eq!((frame.bytes, frame.text.as_str()), (90, WITHHELD));
    }

    #[tokio::test]
    async fn a_long_text_is_cut_between_two_letters() {
        let stats = stats();
        let mut following = follow(&stats);
        stats.up(|| format!("a{}", "가".repeat(TEXT)));
        let Some(TappedFrame::Frame(frame)) = following.next().await else { panic!("a frame") };
        assert_eq!((frame.bytes, frame.text.len(), frame.cut), (1 + 3 * TEXT, 1 + (TEXT - 1) / 3 * 3, true));
    }

    #[tokio::test]
    async fn it_is_there_while_someone_follows_and_ends_with_its_connection() {
        let stats = stats();
        let (one, mut other) = (follow(&stats), follow(&stats));
        drop(one);
        assert!(stats.is_followed());
        stats.down(1, || "a".into());
        drop(stats);
        assert!(matches!(other.next().await, Some(TappedFrame::Frame(_))));
        assert!(other.next().await.is_none());
        let stats = self::stats();
        drop(follow(&stats));
        assert!(!stats.is_followed() && stats.cold_state.lock().frame_tap.is_none());
    }
}
