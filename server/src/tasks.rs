//! Background work: started, supervised and stopped in one place.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

/// A task that has panicked or ended is started again after this long: what it does is missed for no longer, and one
/// that fails at once does not keep a core busy.
const RESTART: Duration = Duration::from_secs(1);

/// A task ends at its next wait. One that has none for this long is left behind.
const ENDING: Duration = Duration::from_secs(1);

/// A task that goes on until the server has stopped.
pub(crate) struct Task {
    name: &'static str,
    run: Box<dyn Fn() -> BoxFuture<'static, ()> + Send>,
}

impl Task {
    /// A task of this name, for the log. `run` is called again where the task has failed.
    pub(crate) fn new<F>(name: &'static str, run: impl Fn() -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { name, run: Box::new(move || Box::pin(run())) }
    }

    async fn supervise(self) {
        loop {
            // Shared state is behind locks that a panic opens again.
            match AssertUnwindSafe((self.run)()).catch_unwind().await {
                Ok(()) => tracing::error!(task = self.name, "a task has ended and is started again"),
                Err(_) => tracing::error!(task = self.name, "a task has panicked and is started again"),
            }
            sleep(RESTART).await;
        }
    }
}

/// Threads of a feature.
pub(crate) trait Worker: Send {
    /// Asks them to end, and goes on.
    fn hang_up(&mut self);

    /// Waits until they have ended, but not for those that hang.
    fn stop(self: Box<Self>);
}

/// All background work of a server that runs.
pub(crate) struct Supervisor {
    tasks: JoinSet<()>,
    workers: Vec<Box<dyn Worker>>,
}

impl Supervisor {
    /// Starts the tasks; the workers run already.
    pub(crate) fn start(tasks: Vec<Task>, workers: Vec<Box<dyn Worker>>) -> Self {
        Self { tasks: tasks.into_iter().map(Task::supervise).collect(), workers }
    }

    /// Asks the workers to end, so that a round which is under way has ended by the time the connections have.
    pub(crate) fn hang_up(&mut self) {
        for worker in &mut self.workers {
            worker.hang_up();
        }
    }

    /// Ends the tasks, and waits for them and for the workers: what they held is free then, such as the data folder.
    pub(crate) async fn stop(mut self) {
        if timeout(ENDING, self.tasks.shutdown()).await.is_err() {
            tracing::warn!("a task did not end in time");
        }
        for worker in self.workers {
            worker.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_ends_or_panics_is_started_again_until_the_stop() {
        let starts = Arc::new(AtomicU32::new(0));
        let task = Task::new("flaky", {
            let starts = Arc::clone(&starts);
            move || {
                let nth = starts.fetch_add(1, Ordering::Relaxed);
                async move {
                    match nth {
                        0 => {}
                        1 => panic!("a fault of the test"),
                        _ => std::future::pending().await,
                    }
                }
            }
        });
        let supervisor = Supervisor::start(vec![task], Vec::new());
        sleep(RESTART * 60).await;
        assert_eq!(starts.load(Ordering::Relaxed), 3);
        supervisor.stop().await;
        assert_eq!(Arc::strong_count(&starts), 1, "the task and what it holds are gone");
    }

    #[tokio::test]
    async fn workers_are_asked_to_end_before_they_are_waited_for() {
        struct Recorder(Arc<parking_lot::Mutex<Vec<&'static str>>>);
        impl Worker for Recorder {
            fn hang_up(&mut self) {
                self.0.lock().push("hang up");
            }
            fn stop(self: Box<Self>) {
                self.0.lock().push("stop");
            }
        }
        let calls = Arc::new(parking_lot::Mutex::default());
        let workers: Vec<Box<dyn Worker>> = vec![Box::new(Recorder(Arc::clone(&calls)))];
        let mut supervisor = Supervisor::start(Vec::new(), workers);
        supervisor.hang_up();
        assert_eq!(*calls.lock(), ["hang up"]);
        supervisor.stop().await;
        assert_eq!(*calls.lock(), ["hang up", "stop"]);
    }
}
