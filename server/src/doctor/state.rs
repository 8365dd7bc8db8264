//! The state that the requests to the doctor share.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::request_log::RequestLog;

/// So many answers may be silent at once: seven pages that are examined.
pub(super) const SILENT: usize = 64;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Doctor {
    pub(super) request_log: RequestLog,
    pub(super) silent: Arc<Semaphore>,
    pub(super) stop: CancellationToken,
    /// True if the server itself speaks TLS.
    pub(super) tls: bool,
}

impl Doctor {
    /// Silent answers end with `stop`.
    pub(super) fn new(tls: bool, stop: CancellationToken) -> Self {
        Self { request_log: RequestLog::default(), silent: Arc::new(Semaphore::new(SILENT)), stop, tls }
    }
}
