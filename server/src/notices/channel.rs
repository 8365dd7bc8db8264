//! Channels: the ways by which readers are told of a notice.

use std::fmt;

use futures_util::future::BoxFuture;
use store::Notice;

/// A way to tell the readers of a notice. It may be asked about one notice several times, on several nodes, and tells its readers once.
pub(super) trait NotificationChannel: fmt::Debug + Send + Sync {
    /// Returns its name, for logs.
    fn name(&self) -> &'static str;

    /// Tells the readers.
    fn deliver<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), DeliveryError>>;
}

/// Why readers were not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DeliveryError {
    /// The next try may succeed.
    #[error("{0}")]
    TryAgain(String),
    /// No try will ever succeed.
    #[error("{0}")]
    Never(String),
}
