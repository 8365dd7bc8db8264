//! A data folder that a server of this process had.

use std::{fs::File, path::Path, sync::mpsc, thread, time::Duration};

use tokio::sync::oneshot;

/// The stores in a data folder that one server has to itself.
const STORES: [&str; 3] = ["log", "history", "kept-logs"];
/// A task that holds a store for longer than this, although its server has ended, is a fault.
const DEADLINE: Duration = Duration::from_secs(20);

/// Waits until the last task of a server that has ended lets go of the folder. Where a server is a process, the system sees to it.
pub async fn let_go(data: &Path) {
    let locks = STORES.map(|store| data.join(store).join("lock"));
    let (free, freed) = mpsc::channel();
    let (tell, told) = oneshot::channel();
    // No threads of the runtime, whose end would wait for them, nor its clock, which a test may have stopped.
    thread::spawn(move || {
        for path in locks {
            if let Ok(lock) = File::open(&path) {
                lock.lock().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            }
        }
        let _ = free.send(());
    });
    thread::spawn(move || tell.send(freed.recv_timeout(DEADLINE)));
    let told = told.await.expect("the thread tells");
    assert!(told.is_ok(), "a task of a server that has ended holds {}", data.display());
}
