//! Retention: what is over a topic's bounds goes. Every node finds the same by its index; the one that published a topic's newest entry
//! removes it at NATS, and now and then each node removes what all agree on, since that one may have ended.

use std::time::Duration;

use broker::{Retention, policy_of};
use common::Topic;

use crate::{
    api::{self, ApiError},
    health,
    index::TopicIndex,
    shared::Shared,
    streams,
    subjects::SubjectKind,
};

/// Topics that one round trims at NATS.
const TOPICS_A_ROUND: usize = 500;

/// Trims what is over its bounds. With `all` it removes at NATS what others should have removed, too.
pub(crate) async fn sweep(shared: &Shared, all: bool) -> Result<(), ApiError> {
    let context = &shared.connection.context;
    if let Ok(Some(log)) = streams::info(context, &shared.names.log).await {
        *shared.details.lock() = health::details(shared, &log);
        // The server drops the oldest entries itself where the stream is full.
        let first = log.state.first_sequence;
        if first > 1 && first <= shared.head().seq.0 {
            shared.index.lock().trim_all(first - 1);
        }
    }
    for (topic, through) in over_bounds(shared, all) {
        let subject = shared.names.subject(SubjectKind::Entry, &topic);
        api::purge(context, &shared.names.log, Some(&subject), through + 1).await?;
        shared.index.lock().note_purged(&topic, through);
    }
    for topic in shared.outbox.take_lapsed(|topic| lapses_after(shared, topic)) {
        let subject = shared.names.subject(SubjectKind::Value, &topic);
        let through = shared.head().latest.0;
        api::purge(context, &shared.names.latest, Some(&subject), through + 1).await?;
    }
    Ok(())
}

/// The age at which a `Latest` topic lapses; none where it stays.
fn lapses_after(shared: &Shared, topic: &Topic) -> Option<Duration> {
    let (_, policy) = policy_of(&shared.policies, topic)?;
    policy.retention.lapses.then_some(policy.retention.age)
}

/// Trims the index to every topic's bounds. Returns the topics whose entries this node has to remove, and up to which.
fn over_bounds(shared: &Shared, all: bool) -> Vec<(Topic, u64)> {
    let now = shared.server_clock.now(shared.clock.as_ref());
    let mut index = shared.index.lock();
    let over: Vec<_> = index
        .topics()
        .filter_map(|(topic, entries)| {
            let (_, policy) = policy_of(&shared.policies, topic)?;
            let bounded = policy.kind.tells_gaps();
            let through = bounded.then(|| trim_through(entries, &policy.retention, now)).flatten();
            Some((topic.clone(), through?))
        })
        .collect();
    over.iter().for_each(|(topic, through)| index.trim(topic, *through));
    index
        .topics()
        .filter(|(_, entries)| entries.trimmed_to > entries.purged_to && (all || entries.newest_is_own))
        .map(|(topic, entries)| (topic.clone(), entries.trimmed_to))
        .take(TOPICS_A_ROUND)
        .collect()
}

/// The time that a publication may take, and that clocks may differ by.
const NEAR: Duration = Duration::from_secs(120);

/// Returns true where entries of a topic may have been over its bounds before those that it has. Beside these bounds only a removal takes
/// entries away, and leaves a note.
pub(crate) fn may_have_trimmed(shared: &Shared, topic: &Topic, entries: &TopicIndex) -> bool {
    let Some((_, policy)) = policy_of(&shared.policies, topic) else { return true };
    let Retention { entries: most, age, bytes, .. } = policy.retention;
    let longest = shared.connection.client.max_payload();
    let now = shared.server_clock.now(shared.clock.as_ref());
    entries.entries.front().is_none_or(|oldest| {
        entries.entries.len() >= most.max(1)
            || entries.bytes.saturating_add(longest) > bytes
            || Duration::from_millis(now.saturating_sub(oldest.unix_millis)) + NEAR > age
    })
}

/// The newest entry that is over the bounds, with all before it.
fn trim_through(topic: &TopicIndex, retention: &Retention, now: u64) -> Option<u64> {
    let age = u64::try_from(retention.age.as_millis()).unwrap_or(u64::MAX);
    let mut bytes = topic.bytes;
    let mut left = topic.entries.len();
    let over = topic.entries.iter().take_while(|entry| {
        let is_over = left > retention.entries.max(1)
            || bytes > retention.bytes
            || now.saturating_sub(entry.unix_millis) > age;
        bytes -= entry.size;
        left -= 1;
        is_over
    });
    over.last().map(|entry| entry.seq)
}
