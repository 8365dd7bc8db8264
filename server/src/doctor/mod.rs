//! The doctor's end at the server: it tells a page how the page's requests arrived, and answers with silence, so that the page can tell
//! what lies between the two.

mod api;
mod silence;
mod witness;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use witness::Witness;

pub(crate) use api::routes;
pub(crate) use witness::see;

/// So many answers may be silent at once: seven pages that are examined.
const SILENT: usize = 64;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Doctor {
    witness: Witness,
    silent: Arc<Semaphore>,
    stop: CancellationToken,
    /// Whether the server itself speaks TLS.
    tls: bool,
}

impl Doctor {
    /// Silent answers end with `stop`.
    pub(crate) fn new(tls: bool, stop: CancellationToken) -> Self {
        Self { witness: Witness::default(), silent: Arc::new(Semaphore::new(SILENT)), stop, tls }
    }
}
