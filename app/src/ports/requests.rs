//! Plain requests to the server.

use std::{future::Future, pin::Pin};

use common::{
    api::Reason,
    history::History,
    host::{HostId, HostSnapshot},
};

/// Asks the server for what the connection does not bring.
pub trait RequestPort {
    /// The points of a host's history measured after `since` (milliseconds since 1970).
    fn history(&self, host: &HostId, since: u64) -> LocalFuture<Result<History, FetchError>>;
    /// A host as it is now, for a page that was not rendered by the server.
    fn host(&self, host: &HostId) -> LocalFuture<Result<HostSnapshot, FetchError>>;
    /// The text of an answer, for a piece of the page that reads it itself. `json` is the request's body.
    fn text(
        &self,
        method: &'static str,
        address: &str,
        json: Option<&str>,
    ) -> LocalFuture<Result<String, FetchError>>;
    /// The reason for which the server says that it is not ready, in its own words; empty where it is, or does not answer.
    fn unready(&self) -> LocalFuture<String>;
}

/// A future of the browser's one thread.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// A request of the page's that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// The status, 0 when there was no answer.
    pub status: u16,
    /// The reason for which it was refused, if the server has told one.
    pub reason: Option<Reason>,
    /// The failure in words, for the console.
    pub message: String,
}
