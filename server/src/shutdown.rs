//! Signals: when to stop, whatever hangs, and when to read the certificate anew.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::certificates::Certificates;

/// So long after it was asked to end, the process ends, whatever still hangs.
const LATEST: Duration = Duration::from_millis(4_800);

/// The signals of the process.
pub(crate) struct Signals {
    asked_to_end: CancellationToken,
    certificates: Arc<OnceLock<Certificates>>,
}

struct Listening {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Listens on a thread of its own: where all threads of the runtime hang on a disk, it still hears.
    ///
    /// # Errors
    /// When the process may not listen to signals, or gets no thread.
    pub(crate) fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listening = {
            let _entered = runtime.enter();
            Listening {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
                hang_up: signal(SignalKind::hangup())?,
            }
        };
        let signals = Self { asked_to_end: CancellationToken::new(), certificates: Arc::default() };
        let (asked, certificates) = (signals.asked_to_end.clone(), Arc::clone(&signals.certificates));
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async move {
                listening.until_asked_to_end(&certificates).await;
                asked.cancel();
                tokio::time::sleep(LATEST).await;
            });
            tracing::error!("something hangs: the process ends without it");
            std::process::exit(1);
        })?;
        Ok(signals)
    }

    /// From now on SIGHUP reads these anew.
    pub(crate) fn reload(&self, certificates: Certificates) {
        let _ = self.certificates.set(certificates);
    }

    /// Resolves when the process is asked to end.
    pub(crate) fn asked_to_end(&self) -> WaitForCancellationFutureOwned {
        self.asked_to_end.clone().cancelled_owned()
    }
}

impl Listening {
    /// SIGHUP reads the certificate anew; where there is none, it ends as SIGTERM does.
    async fn until_asked_to_end(mut self, certificates: &OnceLock<Certificates>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return tracing::info!("asked to end"),
                _ = self.interrupt.recv() => return tracing::info!("interrupted"),
                _ = self.hang_up.recv() => match certificates.get() {
                    None => return tracing::info!("hung up"),
                    Some(certificates) => match certificates.reload() {
                        Ok(()) => tracing::info!("the certificate was read anew"),
                        Err(error) => tracing::error!("the certificate stays as it was: {error:#}"),
                    },
                },
            }
        }
    }
}
