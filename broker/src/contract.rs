//! The contract between a log and the process that serves its readers.

use std::{fmt, sync::Arc};

use common::{Cursor, Epoch, Seq, Topic};
use futures_util::future::BoxFuture;

use crate::{
    control::Control,
    entry::{Entry, NewEntry, Published},
    error::{BrokerError, PublishError},
    presence::Presence,
};

/// A log.
///
/// # Promises
///
/// - **Order.** All entries of `Log` topics have one order, that of [`Cursor::seq`], which every subscriber on every node is told them in;
///   numbers rise, with holes. Values of `Latest` topics have an order, too: the same numbers, or [`Cursor::latest`] where the broker
///   numbers them apart. The cursors that one subscriber is told never step back in either number.
/// - **Acknowledged is kept.** A `publish` that came back with a place is in the log: it outlives the process, however that ends, and is
///   told to every subscriber. What was answered by an error may be in the log, or not.
/// - **Once.** A publication with a key is one entry, however often it is sent, for as long as its topic keeps that entry.
/// - **A life has an epoch.** Within an epoch nothing is missing but what [`Subscriber::evicted`] and [`Subscriber::forgotten`] tell, and no
///   number is given twice. Where entries may be missing that nobody can name, the broker begins a new life ([`Subscriber::reset`]) with a
///   greater epoch. Epochs only rise.
/// - **Readers never wait.** [`Subscriber::append`] is never called under a lock that the disk or the network holds.
pub trait Broker: fmt::Debug + Send + Sync {
    /// The place of the newest entry that the subscriber was told.
    fn head(&self) -> Cursor;

    /// True if values of `Latest` topics have numbers of their own, in [`Cursor::latest`].
    fn numbers_latest_apart(&self) -> bool;

    /// Tells `subscriber` all that the log keeps and then all that comes. It may return before everything kept was told; then
    /// [`Broker::ready`] resolves when it has been.
    ///
    /// # Errors
    /// When it has a subscriber already.
    fn subscribe(&self, subscriber: Arc<dyn Subscriber>) -> Result<(), BrokerError>;

    /// Resolves when the subscriber was told everything that the log held when it came.
    fn ready(&self) -> BoxFuture<'static, Result<(), BrokerError>>;

    /// Takes a publication into the log. It is taken in even if the future is dropped before it is ready.
    fn publish(&self, new: NewEntry) -> BoxFuture<'static, Result<Published, PublishError>>;

    /// [`Broker::publish`] for threads: it may wait for the disk or the network where the topic is a `Log`. For a `Latest` topic it never
    /// waits, so tasks may call it; where such a value is told by servers, the answer is the place of the newest entry known.
    ///
    /// # Errors
    /// As for [`Broker::publish`].
    fn publish_blocking(&self, new: &NewEntry) -> Result<Published, PublishError>;

    /// Reads what is kept of a `Log` topic.
    fn history(
        &self,
        topic: &Topic,
        filter: HistoryFilter,
    ) -> BoxFuture<'static, Result<History, BrokerError>>;

    /// Removes all entries of a topic; returns how many. Readers who had not come as far are told of a gap.
    fn remove(&self, topic: &Topic) -> BoxFuture<'static, Result<u64, BrokerError>>;

    /// Resolves to true once the subscriber was told everything up to `place`, which another node may have told first; to false where
    /// this log never gave that place out.
    fn caught_up(&self, place: Cursor) -> BoxFuture<'static, bool>;

    /// Resolves when everything that was published up to now would outlive a power cut, as far as the engine is set up for that.
    fn flush(&self) -> BoxFuture<'static, Result<(), PublishError>>;

    /// Returns who is there.
    fn presence(&self) -> &dyn Presence;

    /// Returns the way to other nodes.
    fn control(&self) -> &dyn Control;

    /// Returns its health at this moment.
    fn health(&self) -> BrokerHealth;

    /// Frees what is past its age. To be called now and then; it may wait for the disk.
    fn sweep(&self);

    /// Ends it: what is published from now on is [`PublishError::Closed`], and nothing more is told.
    fn close(&self);
}

/// The reader of a log: a process has one, and it serves all others.
///
/// A broker calls `forgotten`, `evicted`, `append` and `reset` one at a time, in the log's order.
pub trait Subscriber: fmt::Debug + Send + Sync {
    /// Topics are forgotten that had lost entries up to here: a topic that the subscriber was told nothing of so far may be one of them.
    fn forgotten(&self, through: Seq);

    /// Every entry of a topic up to here is gone. Where the subscriber was told less than that, entries are missing that it never had.
    fn evicted(&self, topic: &Topic, through: Cursor);

    /// The next entry.
    ///
    /// # Errors
    /// When the subscriber does not take it: it is closed, or has no room for the topic. A broker that has not stored the entry yet
    /// gives it up.
    fn append(&self, entry: Entry) -> Result<Appended, PublishError>;

    /// Wakes the readers of what was appended. A broker calls it once its locks are free.
    fn wake(&self, appended: Appended);

    /// A new life of the log begins: all that was told so far is of an earlier one.
    fn reset(&self, epoch: Epoch);

    /// The members at a topic have changed, here or on another node.
    fn presence_changed(&self, topic: &Topic);
}

/// A ticket from [`Subscriber::append`] to [`Subscriber::wake`]; its numbers are the subscriber's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// The topic.
    pub slot: usize,
    /// The entry.
    pub place: Seq,
}

/// The part of a topic's history to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Reads entries after this one.
    pub since: Option<Seq>,
    /// Reads entries before this one.
    pub before: Option<Seq>,
    /// The most entries.
    pub limit: usize,
    /// True to take the newest of these instead of the oldest. Either way they are answered oldest first.
    pub reverse: bool,
}

/// A stretch of a topic's history.
#[derive(Debug, Clone)]
pub struct History {
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// More entries within the filter's bounds are kept, before these where it reads in reverse, behind them where not.
    pub more: bool,
    /// Every entry of the topic up to here is gone.
    pub trimmed_to: Seq,
}

/// The health of a broker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BrokerHealth {
    /// In a line, why publishing does not work now; none if it does.
    pub failure: Option<String>,
    /// Lines for operators, each with its end: what it is connected to, what is weaker than it could be.
    pub details: String,
}
