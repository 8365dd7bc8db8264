//! Resuming from a cursor (`Last-Event-ID`, a reconnect): where a subscription reads on, and which gap its client is told of.

use broker::TopicKind;
use common::{Cursor, Seq, frame::GapReason};

use crate::log::{Log, TopicLog};

/// Finds the place at which a subscription begins to read a topic, and the gap that the client must be told of. `is_ahead` is true of a
/// client who comes from a node that has been told more than this one.
pub(crate) fn start_position(
    log: &Log,
    topic: &TopicLog,
    since: Option<Cursor>,
    snapshot: bool,
    is_ahead: bool,
) -> (Seq, Option<GapReason>) {
    let head = log.head();
    let kept = topic.evicted_through();
    let newest_only = topic.newest().previous();
    let all_there_is = match topic.state.kind {
        TopicKind::Latest => newest_only,
        TopicKind::Log | TopicKind::Stream => kept,
    };
    let is_evicted = |cursor| topic.number(cursor) < topic.evicted_number();
    let is_stream = topic.state.kind == TopicKind::Stream;
    match since {
        // Its first entry is there before anyone is told its name. Who polls is told once.
        _ if is_stream && topic.is_empty() && !is_ahead => {
            let is_told = snapshot || since.is_none_or(|since| log.has_gone(since));
            (log.head_place(), is_told.then_some(GapReason::Gone))
        }
        None if is_stream => (all_there_is, None),
        _ if snapshot => (all_there_is.max(topic.before_newest(topic.snapshot())), None),
        None if topic.state.kind == TopicKind::Latest => (newest_only, None),
        None => (log.head_place(), None),
        Some(cursor) if cursor.epoch < head.epoch => (all_there_is, Some(GapReason::Restarted)),
        Some(cursor) if cursor.epoch > head.epoch || (cursor.seq > head.seq && !is_ahead) => {
            (all_there_is, Some(GapReason::Foreign))
        }
        Some(cursor) if topic.state.kind.tells_gaps() && is_evicted(cursor) => {
            (kept, Some(GapReason::Evicted))
        }
        Some(cursor) if topic.state.kind == TopicKind::Latest && is_evicted(cursor) => (newest_only, None),
        Some(cursor) => (log.place_after(topic, cursor), None),
    }
}
