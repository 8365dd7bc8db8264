//! Reading a `Log` topic's history: the index says which entries there are, the stream has them.

use std::sync::Arc;

use async_nats::jetstream::message::StreamMessage;
use broker::{BrokerError, Entry, History, HistoryFilter};
use common::{Cursor, Seq, Topic};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use crate::{
    api::{self, MessageAt},
    message,
    shared::Shared,
};

/// Requests under way at once.
const AT_ONCE: usize = 32;
/// No history is longer, whatever the limit.
const LONGEST: usize = 10_000;

/// Reads the entries that a filter asks for. The index is told of those that are gone.
pub(crate) async fn read(
    shared: Arc<Shared>,
    topic: Topic,
    filter: HistoryFilter,
) -> Result<History, BrokerError> {
    let (chosen, more) = choose(&shared, &topic, filter);
    let found: Vec<(u64, Option<StreamMessage>)> = stream::iter(chosen)
        .map(|seq| {
            let shared = &shared;
            async move {
                let context = &shared.connection.context;
                api::read(context, &shared.names.log, &MessageAt::Seq(seq)).await.map(|found| (seq, found))
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    // Entries go oldest first.
    let gone = found.iter().filter(|(_, found)| found.is_none()).map(|(seq, _)| *seq).max();
    if let Some(gone) = gone {
        shared.index.lock().trim(&topic, gone);
    }
    let epoch = shared.head().epoch;
    let entries = found
        .into_iter()
        .filter_map(|(seq, found)| Some((seq, found?)))
        .filter(|(seq, _)| gone.is_none_or(|gone| *seq > gone))
        .filter_map(|(seq, found)| entry(&shared, Cursor::new(epoch, Seq(seq)), found))
        .collect();
    let trimmed_to = trimmed_to(&shared, &topic);
    Ok(History { entries, more, trimmed_to })
}

/// The numbers that a filter asks for, oldest first, and whether there are more of them.
fn choose(shared: &Shared, topic: &Topic, filter: HistoryFilter) -> (Vec<u64>, bool) {
    let index = shared.index.lock();
    let Some(topic) = index.topic(topic) else { return (Vec::new(), false) };
    let entries = &topic.entries;
    let from = filter.since.map_or(0, |since| entries.partition_point(|entry| entry.seq <= since.0));
    let to =
        filter.before.map_or(entries.len(), |before| entries.partition_point(|entry| entry.seq < before.0));
    let to = to.max(from);
    let length = (to - from).min(filter.limit.min(LONGEST));
    let range = if filter.reverse { to - length..to } else { from..from + length };
    (entries.range(range).map(|entry| entry.seq).collect(), length < to - from)
}

/// The end of what is gone of a topic; of one that is not known, of all that may have been its.
fn trimmed_to(shared: &Shared, topic: &Topic) -> Seq {
    let index = shared.index.lock();
    index.topic(topic).map_or(index.hole(), |topic| Seq(topic.trimmed_to))
}

fn entry(shared: &Shared, cursor: Cursor, message: StreamMessage) -> Option<Entry> {
    let decoded = message::decode(&shared.names, &message.subject, Some(&message.headers)).ok()?;
    let taken = u64::try_from(message.time.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let now = Instant::now();
    Some(Entry {
        cursor,
        topic: decoded.topic,
        data: message.payload,
        key: decoded.key,
        taken_at: now.checked_sub(shared.age(taken)).unwrap_or(now),
    })
}
