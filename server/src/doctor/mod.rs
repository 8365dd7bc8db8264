//! The doctor's end at the server: it tells a page how the page's requests arrived, and answers with silence, so that the page can tell
//! what lies between the two.

mod api;
mod idle_probe;
mod request_log;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use request_log::RequestLog;

pub(crate) use api::routes;
pub(crate) use request_log::record_request;

/// So many answers may be silent at once: seven pages that are examined.
const SILENT: usize = 64;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Doctor {
    request_log: RequestLog,
    silent: Arc<Semaphore>,
    stop: CancellationToken,
    /// True if the server itself speaks TLS.
    tls: bool,
}

impl Doctor {
    /// Silent answers end with `stop`.
    pub(crate) fn new(tls: bool, stop: CancellationToken) -> Self {
        Self { request_log: RequestLog::default(), silent: Arc::new(Semaphore::new(SILENT)), stop, tls }
    }
}
