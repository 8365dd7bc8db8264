//! Resuming from a cursor (`Last-Event-ID`, a reconnect): where a subscription reads on, and which gap its client is told of.

use broker::TopicKind;
use common::{Cursor, Seq, frame::GapReason};

use crate::log::TopicLog;

/// Finds the position at which a subscription begins to read a topic, and the gap that the client must be told of.
pub(crate) fn start_position(
    head: Cursor,
    topic: &TopicLog,
    since: Option<Cursor>,
    snapshot: bool,
) -> (Seq, Option<GapReason>) {
    let kept = topic.evicted_through();
    let newest_only = topic.newest().previous();
    let all_there_is = match topic.state.kind {
        TopicKind::Latest => newest_only,
        TopicKind::Log => kept,
    };
    match since {
        _ if snapshot => (all_there_is.max(topic.before_newest(topic.snapshot())), None),
        None if topic.state.kind == TopicKind::Latest => (newest_only, None),
        None => (head.seq, None),
        Some(cursor) if cursor.epoch < head.epoch => (all_there_is, Some(GapReason::Restarted)),
        Some(cursor) if cursor.epoch > head.epoch || cursor.seq > head.seq => {
            (all_there_is, Some(GapReason::Foreign))
        }
        Some(cursor) if cursor.seq < kept && topic.state.kind == TopicKind::Log => {
            (kept, Some(GapReason::Evicted))
        }
        Some(cursor) if cursor.seq < kept => (newest_only, None),
        Some(cursor) => (cursor.seq, None),
    }
}
