//! The door of the watch.

use std::time::Duration;

use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    engine::Engine,
    time::EventTime,
    watch::{follower, report::WatchReport},
};

/// As many reports may wait for who reads them. The engine's events wait in a queue of their own.
const WAITING: usize = 16;
/// The time after which a task that has failed is started again.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Follows one engine for ever: connects, lists, follows its events, and says what it could not see. Nothing in it grows without bound,
/// however slowly it is read.
#[derive(Debug)]
pub struct EngineWatch {
    engine: Engine,
    /// The last event that someone has seen before.
    since: Option<EventTime>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    reports: mpsc::Receiver<WatchReport>,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl EngineWatch {
    /// Makes one. It begins with the first call of [`next`](Self::next), and ends with this value.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self::since(engine, None)
    }

    /// Makes one that goes on where an earlier one has ended: at the time of the last event that it told, on the engine's clock. That event, and
    /// others of the same moment, may be told again.
    #[must_use]
    pub fn since(engine: Engine, last: Option<EventTime>) -> Self {
        Self { engine, since: last, running: None }
    }

    /// The next report. Nothing is lost when the future is dropped.
    ///
    /// # Panics
    /// Outside of tokio's runtime.
    pub async fn next(&mut self) -> WatchReport {
        loop {
            let running = self.running.get_or_insert_with(|| {
                let (sender, reports) = mpsc::channel(WAITING);
                Running {
                    reports,
                    task: tokio::spawn(follower::follow(self.engine.clone(), self.since, sender)),
                }
            });
            if let Some(report) = running.reports.recv().await {
                return report;
            }
            // The task never ends by itself.
            self.running = None;
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }
}
