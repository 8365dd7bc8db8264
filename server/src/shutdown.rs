//! When to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Resolves at the first of ctrl-c and the system's request to end.
///
/// # Errors
/// When the process may not listen to signals.
pub(crate) fn requested() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("asked to end"),
            _ = interrupt.recv() => tracing::info!("interrupted"),
        }
    })
}
