//! The threads that keep history on the disk: one writes what came, and one tidies the files, which takes seconds at the hour.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use ::history::{History, HistoryError};
use fanout::Clock;

use crate::tasks::Worker;

/// A crash loses what came since the last of these, and what the disk had not taken yet: ten seconds at the most.
const COMMIT: Duration = Duration::from_secs(5);
const MAINTAIN: Duration = Duration::from_secs(60);

/// The threads that keep history on the disk.
#[derive(Debug)]
pub(super) struct HistoryKeeper {
    /// Nothing is ever sent: hanging up is the message.
    lines: Vec<SyncSender<Infallible>>,
    threads: Vec<JoinHandle<()>>,
}

/// The work of one of the threads.
type Upkeep = fn(&History, i64) -> Result<(), HistoryError>;

impl HistoryKeeper {
    /// # Errors
    /// When the system would not give another thread.
    pub(super) fn start(history: &History, clock: &Arc<dyn Clock>) -> io::Result<Self> {
        let mut keeper = Self { lines: Vec::new(), threads: Vec::new() };
        let work: [(&str, Duration, Upkeep); 2] =
            [("history", COMMIT, History::commit), ("history tidy", MAINTAIN, History::maintain)];
        for (name, pace, upkeep) in work {
            let (line, hung_up) = sync_channel(0);
            let (history, clock) = (history.clone(), Arc::clone(clock));
            let keep = move || keep(&history, &*clock, pace, upkeep, &hung_up);
            keeper.threads.push(std::thread::Builder::new().name(name.to_owned()).spawn(keep)?);
            keeper.lines.push(line);
        }
        Ok(keeper)
    }
}

impl Worker for HistoryKeeper {
    fn hang_up(&mut self) {
        self.lines.clear();
    }

    fn stop(mut self: Box<Self>) {
        self.hang_up();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread of history had panicked");
            }
        }
    }
}

fn keep(
    history: &History,
    clock: &dyn Clock,
    pace: Duration,
    upkeep: Upkeep,
    hung_up: &Receiver<Infallible>,
) {
    let now = || i64::try_from(clock.unix_millis()).unwrap_or(i64::MAX);
    let mut fails = false;
    loop {
        let is_over = match hung_up.recv_timeout(pace) {
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => true,
            Ok(never) => match never {},
        };
        if !is_over {
            tell(upkeep(history, now()), &mut fails);
            continue;
        }
        // The last numbers are written, and nothing is tidied that would have others wait.
        tell(history.commit(now()), &mut fails);
        return;
    }
}

/// Logs a failure once, until it is over.
fn tell(done: Result<(), HistoryError>, fails: &mut bool) {
    match done {
        Ok(()) => *fails = false,
        Err(error) if !std::mem::replace(fails, true) => {
            tracing::error!(%error, "history cannot be written; what is not stays in memory, and is tried again");
        }
        Err(_) => {}
    }
}
