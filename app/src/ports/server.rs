//! The server's side of rendering.

use std::sync::Arc;

use common::{
    Topic,
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
};

/// The server's side, provided as context for rendering; absent in the browser.
#[derive(Clone)]
pub struct Server(pub Arc<dyn ServerPorts>);

/// Everything that a page may ask of the server while it is rendered.
pub trait ServerPorts: Send + Sync {
    /// A host as it is now; `None` where there is none of that name.
    fn host(&self, host: &HostId) -> Option<HostSnapshot>;
    /// The catalog of metrics and panels.
    fn catalog(&self) -> &'static MetricCatalog;
    /// The path below which browsers find the board, without a slash at its end: empty, or `/pulse`.
    fn base_path(&self) -> &str {
        ""
    }
    /// The topics on which the reader is told of notices.
    fn notice_topics(&self) -> Vec<Topic> {
        Vec::new()
    }
    /// True where whoever has not signed in is shown some topics, and asks.
    fn is_wall_display(&self) -> bool {
        false
    }
    /// The reader's preference from the request's cookie of that name.
    fn preference(&self, name: &str) -> Option<String>;
    /// The request's `Accept-Language`.
    fn accept_language(&self) -> Option<String>;
    /// A name for the network that the request came from, where it is known.
    fn network(&self) -> Option<String>;
    /// Answers this request with another status, for example 404.
    fn set_status(&self, status: u16);
}
