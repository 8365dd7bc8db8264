//! Lives of the log: the note at NATS that says which one it is, and when the next begins.

use async_nats::{
    Client, HeaderMap,
    jetstream::{Context, stream::Info},
};
use broker::{BrokerError, Clock};
use common::Cursor;
use serde::{Deserialize, Serialize};

use crate::{
    api::{self, ApiError, MessageAt, code},
    message::{EXPECTED_HEADER, FORMAT},
    subjects::Names,
};

/// The note. It is changed by compare-and-set only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LifeNote {
    format: u32,
    /// The epoch.
    pub(crate) epoch: u64,
    /// An entry that was handed out: where the stream's newest one is below, it has lost entries.
    pub(crate) seq: u64,
    /// The time at which the stream was made, nanoseconds since 1970: another one means another stream.
    created: i64,
    /// It rises whenever the stream of `Latest` topics was made anew, so that each node publishes its values again.
    #[serde(default)]
    pub(crate) latest_generation: u64,
    /// A value of a `Latest` topic that was told: the numbers go on above it.
    #[serde(default)]
    pub(crate) latest: u64,
}

/// The note, at NATS.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LifeNotes<'a> {
    pub(crate) client: &'a Client,
    pub(crate) context: &'a Context,
    pub(crate) names: &'a Names,
    pub(crate) clock: &'a dyn Clock,
}

fn created_nanos(log: &Info) -> i64 {
    i64::try_from(log.created.unix_timestamp_nanos()).unwrap_or(i64::MAX)
}

impl LifeNotes<'_> {
    /// Reads the note, with its revision.
    pub(crate) async fn read(&self) -> Result<Option<(LifeNote, u64)>, BrokerError> {
        let at = MessageAt::LastOf(self.subject());
        let Some(message) = api::read(self.context, &self.names.meta, &at).await? else { return Ok(None) };
        let unusable = |why: String| {
            BrokerError::Unusable(format!(
                "the stream {} at NATS holds what is no note of ours: {why}",
                self.names.meta
            ))
        };
        let note: LifeNote = serde_json::from_slice(&message.payload).map_err(|error| {
            let stream = &self.names.meta;
            unusable(format!(
                "{error}; after `nats stream purge {stream}` a new life of the log begins, with all entries"
            ))
        })?;
        if note.format > FORMAT {
            return Err(unusable(format!(
                "format {}, and this release reads up to {FORMAT}: update this node",
                note.format
            )));
        }
        Ok(Some((note, message.sequence)))
    }

    /// Finds out which life of the log this is: the one of the note, or the next one, where the stream is another or has lost entries.
    /// Returns none where another node changed the note meanwhile: then both are to be looked at again. `read` is the note with its
    /// revision, `log` the stream as it was found after that, and `told` the place up to which this node read.
    pub(crate) async fn settle(
        &self,
        read: Option<(LifeNote, u64)>,
        log: &Info,
        told: Cursor,
    ) -> Result<Option<LifeNote>, BrokerError> {
        let created = created_nanos(log);
        let last = log.state.last_sequence;
        let now = self.clock.unix_millis();
        let (note, revision) = match read {
            None => (
                LifeNote {
                    format: FORMAT,
                    // A note that was lost must not bring an older epoch back.
                    epoch: now.max(told.epoch.0 + 1),
                    seq: last,
                    created,
                    latest_generation: 0,
                    latest: told.latest.0,
                },
                0,
            ),
            Some((note, _)) if !lost(&note, log, told) && note.epoch >= told.epoch.0 => {
                return Ok(Some(note));
            }
            Some((note, revision)) => (
                LifeNote { epoch: now.max(note.epoch + 1).max(told.epoch.0 + 1), seq: last, created, ..note },
                revision,
            ),
        };
        if !self.write(&note, revision).await? {
            return Ok(None);
        }
        let before = read.map(|(note, _)| note);
        tracing::warn!(
            epoch = %format_args!("{:x}", note.epoch),
            stream_has = last,
            handed_out = before.map(|before| before.seq),
            told = told.seq.0,
            had_note = before.is_some(),
            is_another_stream = before.is_some_and(|before| before.created != created),
            "a new life of the log begins at NATS"
        );
        Ok(Some(note))
    }

    /// Notes a place that was handed out. Returns the note as it was.
    pub(crate) async fn raise(&self, place: Cursor) -> Result<Option<LifeNote>, BrokerError> {
        let Some((note, revision)) = self.read().await? else { return Ok(None) };
        if note.epoch == place.epoch.0 && (note.seq < place.seq.0 || note.latest < place.latest.0) {
            let raised =
                LifeNote { seq: note.seq.max(place.seq.0), latest: note.latest.max(place.latest.0), ..note };
            // Whoever was faster noted a place, too.
            self.write(&raised, revision).await?;
        }
        Ok(Some(note))
    }

    /// Has every node publish its `Latest` values again; returns the new generation.
    pub(crate) async fn renew_latest(&self) -> Result<u64, BrokerError> {
        loop {
            let Some((note, revision)) = self.read().await? else { return Ok(0) };
            let note = LifeNote { latest_generation: note.latest_generation + 1, ..note };
            if self.write(&note, revision).await? {
                return Ok(note.latest_generation);
            }
        }
    }

    /// Writes the note where it still has this revision, 0 for none.
    async fn write(&self, note: &LifeNote, revision: u64) -> Result<bool, BrokerError> {
        let mut headers = HeaderMap::new();
        headers.insert(EXPECTED_HEADER, revision.to_string());
        let payload = serde_json::to_vec(note).map_err(|error| BrokerError::Unusable(error.to_string()))?;
        match api::store(self.client, self.subject(), headers, payload.into()).await {
            Ok(_) => Ok(true),
            Err(error) if error.is(code::WRONG_LAST_SEQUENCE) => Ok(false),
            Err(ApiError::TimedOut) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn subject(&self) -> String {
        format!("{}.meta", self.names.prefix)
    }
}

/// True if the stream is not the one of the note any more, or has fewer entries than were handed out.
pub(crate) fn lost(note: &LifeNote, log: &Info, told: Cursor) -> bool {
    note.created != created_nanos(log) || is_short(note, log, told)
}

/// True if what the servers say may be that of a leader which was just chosen and has not taken in all that was acknowledged before.
pub(crate) fn is_doubtful(note: Option<LifeNote>, log: &Info, told: Cursor) -> bool {
    match note {
        // This node read one, or there are entries, which nobody publishes before there is one.
        None => told.epoch.0 > 0 || log.state.last_sequence > 0,
        Some(note) => note.epoch < told.epoch.0 || is_short(&note, log, told),
    }
}

/// True if the stream's newest entry is below one that was handed out. A leader that was just chosen may say so for a moment.
pub(crate) fn is_short(note: &LifeNote, log: &Info, told: Cursor) -> bool {
    let told = if told.epoch.0 == note.epoch { told.seq.0 } else { 0 };
    note.created == created_nanos(log) && log.state.last_sequence < note.seq.max(told)
}

#[cfg(test)]
mod tests {
    use common::{Epoch, Seq};

    use super::*;

    fn stream(last: u64) -> Info {
        let text = serde_json::json!({
            "config": {
                "name": "BOARD", "subjects": ["board.>"], "retention": "limits", "max_consumers": -1, "max_msgs": -1, "max_bytes": -1,
                "max_age": 0, "max_msgs_per_subject": -1, "discard": "old", "storage": "file", "num_replicas": 3
            },
            "created": "2026-01-02T03:04:05Z",
            "state": {
                "messages": last, "bytes": 0, "first_seq": 1, "first_ts": "2026-01-02T03:04:05Z", "last_seq": last,
                "last_ts": "2026-01-02T03:04:05Z", "consumer_count": 0
            },
            "ts": "2026-01-02T03:04:05Z"
        });
        serde_json::from_value(text).expect("a stream's state")
    }

    #[test]
    fn a_leader_that_does_not_know_all_yet_is_not_believed_at_once() {
        let note = |epoch, seq| LifeNote {
            format: FORMAT,
            epoch,
            seq,
            created: created_nanos(&stream(0)),
            latest_generation: 0,
            latest: 0,
        };
        let told = |epoch, seq| Cursor::new(Epoch(epoch), Seq(seq));
        let nowhere = told(0, 0);
        for (what, note, last, told, is_doubtful) in [
            ("a board that begins", None, 0, nowhere, false),
            ("entries without a note", None, 9, nowhere, true),
            ("a note that was read before is gone", None, 0, told(7, 0), true),
            ("all is there", Some(note(7, 9)), 9, told(7, 9), false),
            ("another node has begun a new life", Some(note(8, 0)), 0, told(7, 9), false),
            ("a note of an earlier life", Some(note(6, 9)), 9, told(7, 0), true),
            ("fewer entries than were handed out", Some(note(7, 9)), 8, nowhere, true),
            ("fewer entries than this node was told", Some(note(7, 3)), 8, told(7, 9), true),
        ] {
            assert_eq!(super::is_doubtful(note, &stream(last), told), is_doubtful, "{what}");
        }
    }
}
