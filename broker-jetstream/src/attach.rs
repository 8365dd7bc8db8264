//! Attaching to the streams: looks whether they are what they were, and opens a consumer on each.

use std::time::Duration;

use async_nats::jetstream::stream::Info;
use broker::{BrokerError, Subscriber};
use common::{Cursor, Epoch, Seq};
use tokio::time::sleep;

use crate::{
    api::{self, ApiError},
    consumer::StreamConsumer,
    health,
    life::{self, LifeNote},
    shared::Shared,
    streams,
};

/// The looks at a stream that has lost entries before it is believed. One server knows at once what it has.
const LOOKS_AT_ONE: u32 = 8;
/// A leader that was just chosen among several takes in what was acknowledged before, on a busy machine for many seconds; and a new life
/// has every client begin anew.
const LOOKS_AT_SEVERAL: u32 = 60;
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Open consumers, and where each has read what there was.
#[derive(Debug)]
pub(crate) struct Attached {
    pub(crate) log: StreamConsumer,
    pub(crate) latest: StreamConsumer,
    /// The newest number given as of now; none where everything was read.
    pub(crate) log_end: Option<u64>,
    /// Nothing is left of what was given a number.
    pub(crate) log_is_empty: bool,
    pub(crate) latest_end: Option<u64>,
    /// The oldest number of the log, where the server drops the oldest by itself.
    pub(crate) drops_from: Option<u64>,
}

/// Makes the streams where they are missing, and finds out which life of the log this is.
pub(crate) async fn settle(shared: &Shared) -> Result<(Info, LifeNote), BrokerError> {
    let context = &shared.connection.context;
    streams::ensure(context, &streams::meta(&shared.settings, &shared.names)).await?;
    let told = shared.head();
    let mut looks = 0;
    loop {
        // The note first: a stream that is looked at later has what was handed out by then.
        let read = shared.notes().read().await?;
        let log = streams::ensure(context, &streams::log(&shared.settings, &shared.names)).await?;
        looks += 1;
        let patience = if log.config.num_replicas > 1 { LOOKS_AT_SEVERAL } else { LOOKS_AT_ONE };
        if looks < patience && life::is_doubtful(read.map(|(note, _)| note), &log, told) {
            sleep(BETWEEN_LOOKS).await;
            continue;
        }
        if let Some(note) = shared.notes().settle(read, &log, told).await? {
            return Ok((log, note));
        }
    }
}

/// Looks at the streams, tells the subscriber what became of the log, and opens the consumers where it was left.
pub(crate) async fn attach(shared: &Shared, subscriber: &dyn Subscriber) -> Result<Attached, BrokerError> {
    let (log, note) = settle(shared).await?;
    let epoch = Epoch(note.epoch);
    if epoch != shared.head().epoch {
        *shared.index.lock() = Default::default();
        shared.told.send_modify(|told| told.cursor = Cursor::new(epoch, Seq::START));
        subscriber.reset(epoch);
    }
    if let Some(time) = streams::server_time(&shared.connection.context, &shared.names.log).await {
        shared.server_clock.note(time);
    }
    let cursor = shared.head();
    let first = log.state.first_sequence;
    if cursor.seq > Seq::START && first > cursor.seq.0 + 1 {
        tell_all_lost(shared, subscriber, first - 1);
    }
    let drops = log.config.max_bytes >= 0;
    if !shared.told.borrow().ready && !drops {
        // Nothing is told to readers before the end, and the server drops nothing by itself.
        shared.index.lock().put_off_doubts();
    }
    *shared.details.lock() = health::details(shared, &log);
    let latest = settle_latest(shared, cursor.latest.max(Seq(note.latest))).await?;
    let connection = &shared.connection;
    let open = async |stream: &str, start: u64| {
        StreamConsumer::open(&connection.client, &connection.context, stream, start).await.map_err(
            |error: ApiError| BrokerError::Unavailable(format!("the stream {stream} at NATS: {error}")),
        )
    };
    let log_start = cursor.seq.0 + 1;
    Ok(Attached {
        log_end: end(&log, cursor.seq),
        log_is_empty: log.state.messages == 0,
        drops_from: drops.then_some(first),
        latest_end: end(&latest, cursor.latest).filter(|_| latest.state.messages > 0),
        log: open(&shared.names.log, log_start).await?,
        latest: open(&shared.names.latest, cursor.latest.0 + 1).await?,
    })
}

/// Tells that every topic may have lost entries up to a number. Nobody can say whose they were, but all up to there are gone.
pub(crate) fn tell_all_lost(shared: &Shared, subscriber: &dyn Subscriber, through: u64) {
    let topics = shared.index.lock().trim_all(through);
    let through = Cursor { seq: Seq(through), ..shared.head() };
    topics.iter().for_each(|topic| subscriber.evicted(topic, through));
}

fn end(stream: &Info, told: Seq) -> Option<u64> {
    let last = stream.state.last_sequence;
    (last > told.0).then_some(last)
}

/// Makes the stream of `Latest` topics where it is missing, and keeps its numbers from stepping back: it stands in memory, so a server
/// that ends takes it along, unless others have copies.
async fn settle_latest(shared: &Shared, told: Seq) -> Result<Info, BrokerError> {
    let context = &shared.connection.context;
    let micros = u64::try_from(shared.clock.unix_time().as_micros()).unwrap_or(u64::MAX);
    let first = micros.max(told.0 + 1);
    let config = streams::latest(&shared.settings, &shared.names, first);
    let mut latest = streams::ensure(context, &config).await?;
    let is_new = latest.config.first_sequence == Some(first);
    if latest.state.last_sequence < told.0 || (latest.state.last_sequence == 0 && !is_new) {
        // It was begun anew, by a server that lost it or by a node whose clock is behind. A purge up to a number beyond its end moves it
        // there.
        api::purge(context, &shared.names.latest, None, first).await?;
        latest = streams::ensure(context, &config).await?;
        if latest.state.last_sequence < told.0 {
            return Err(BrokerError::Unavailable("the stream of Latest topics does not move on".to_owned()));
        }
        shared.notes().renew_latest().await?;
    } else if is_new {
        shared.notes().renew_latest().await?;
    }
    Ok(latest)
}
