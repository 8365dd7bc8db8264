//! The state that the requests to the doctor share.

use std::sync::Arc;

use fanout::Clock;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::request_log::RequestLog;
use crate::lab::now_ms;

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
    clock: Arc<dyn Clock>,
}

impl Doctor {
    /// Silent answers end with `stop`.
    pub(super) fn new(tls: bool, stop: CancellationToken, clock: Arc<dyn Clock>) -> Self {
        let silent = Arc::new(Semaphore::new(SILENT));
        Self { request_log: RequestLog::default(), silent, stop, tls, clock }
    }

    /// Returns the present moment, milliseconds since 1970 with their fraction.
    pub(super) fn now_ms(&self) -> f64 {
        now_ms(&*self.clock)
    }
}
