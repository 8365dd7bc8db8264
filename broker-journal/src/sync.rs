//! The thread that brings what was written onto the disk itself, for everyone who waits in one go.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use common::Seq;
use parking_lot::{Condvar, Mutex};
use tokio::sync::watch;

use crate::head::Head;

/// The longest that written records may stay in the system's memory only, while nobody waits for them.
const SYNC_INTERVAL: Duration = Duration::from_secs(1);

/// The timeout of the last sync: a disk that hangs must not hold up the end of the process.
const FINAL_SYNC_TIMEOUT: Duration = Duration::from_secs(30);

/// The thread's handle; dropping it syncs for the last time and ends the thread.
#[derive(Debug)]
pub(crate) struct Syncer {
    sync_state: Arc<SyncState>,
    thread: Option<JoinHandle<()>>,
    /// Receives, or is closed, when the thread has done its last sync.
    ended: Receiver<()>,
}

/// The state that the journal, the sync thread and waiting tasks share.
#[derive(Debug)]
pub(crate) struct SyncState {
    state: Mutex<SyncQueue>,
    wakeup: Condvar,
    /// One at a time goes to the disk.
    turn: Mutex<()>,
    /// The number of records that were written.
    written: AtomicU64,
    /// Records were written since the thread last looked.
    dirty: AtomicBool,
    reached: watch::Sender<SyncProgress>,
    dir: File,
    head: Arc<Head>,
    /// The thread was asked to reserve the next block, and has not done it.
    reserve_requested: AtomicBool,
    /// The disk is not waited for any more.
    abandoned: AtomicBool,
    /// The requests to the disk that are under way: the publisher's, and the sync thread's.
    pending_io: [PendingIo; 2],
}

/// A request to the disk that is not answered yet.
#[derive(Debug)]
pub(crate) struct PendingIo {
    began: Instant,
    /// Milliseconds from `began` to the request, and one more; 0 for none.
    since: AtomicU64,
}

impl PendingIo {
    fn new() -> Self {
        Self { began: Instant::now(), since: AtomicU64::new(0) }
    }

    /// Asks for it.
    pub(crate) fn track<T>(&self, operation: impl FnOnce() -> T) -> T {
        let since = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1) + 1;
        self.since.store(since, Ordering::Release);
        let answer = operation();
        self.since.store(0, Ordering::Release);
        answer
    }

    fn stalled_for(&self) -> Option<Duration> {
        let since = self.since.load(Ordering::Acquire).checked_sub(1)?;
        Some(self.began.elapsed().saturating_sub(Duration::from_millis(since)))
    }
}

#[derive(Debug, Default)]
struct SyncQueue {
    /// The files that may hold unsynced records; the last one is written to.
    files: Vec<Arc<File>>,
    /// Names were made since the folder was last synced.
    new_names: bool,
    /// Segments to take away once the records that replace theirs are on the disk.
    delete_after_sync: Vec<PathBuf>,
    /// True while someone waits.
    urgent: bool,
    /// The block of numbers is soon used up.
    low: bool,
    /// True once nothing more will be written.
    ending: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct SyncProgress {
    /// The number of records that are on the disk.
    through: u64,
    /// The disk failed. What it says after that proves nothing (it forgets what it could not write), so nothing more
    /// is called stored until the journal is opened again.
    failed: Option<io::ErrorKind>,
    /// The head says that nothing is missing.
    closed: bool,
}

impl Syncer {
    /// The thread keeps `lock` until it has ended.
    pub(crate) fn start(dir: File, head: Arc<Head>, lock: File) -> io::Result<Self> {
        let sync_state = Arc::new(SyncState {
            state: Mutex::default(),
            wakeup: Condvar::new(),
            turn: Mutex::new(()),
            written: AtomicU64::new(0),
            dirty: AtomicBool::new(false),
            reached: watch::Sender::default(),
            dir,
            head,
            reserve_requested: AtomicBool::new(false),
            abandoned: AtomicBool::new(false),
            pending_io: [PendingIo::new(), PendingIo::new()],
        });
        let (end, ended) = channel();
        let thread = std::thread::Builder::new().name("journal".into()).spawn({
            let sync_state = Arc::clone(&sync_state);
            move || {
                sync_state.run();
                drop(lock);
                // Whoever waited may have gone.
                let _ = end.send(());
            }
        })?;
        Ok(Self { sync_state, thread: Some(thread), ended })
    }

    pub(crate) fn sync_state(&self) -> &Arc<SyncState> {
        &self.sync_state
    }
}

impl Drop for Syncer {
    fn drop(&mut self) {
        self.sync_state.end();
        let Some(thread) = self.thread.take() else { return };
        let timeout = if self.sync_state.abandoned.load(Ordering::Acquire) {
            Duration::ZERO
        } else {
            FINAL_SYNC_TIMEOUT
        };
        match self.ended.recv_timeout(timeout) {
            Err(RecvTimeoutError::Timeout) => tracing::warn!("the disk did not take the log's end in time"),
            _ => {
                let _ = thread.join();
            }
        }
    }
}

impl SyncState {
    /// Makes sure that the number may be issued, whatever becomes of the process.
    pub(crate) fn reserve_seq(&self, seq: Seq) -> io::Result<()> {
        self.head.reserve_seq(seq)?;
        if self.head.is_running_low() && !self.reserve_requested.swap(true, Ordering::AcqRel) {
            let mut state = self.state.lock();
            state.low = true;
            self.wakeup.notify_one();
        }
        Ok(())
    }

    /// A new file is written to from now on.
    pub(crate) fn track_file(&self, file: Arc<File>) {
        let mut state = self.state.lock();
        state.files.push(file);
        state.new_names = true;
    }

    /// A record was written to the last file.
    pub(crate) fn record_written(&self) {
        self.written.fetch_add(1, Ordering::Release);
        if !self.dirty.swap(true, Ordering::AcqRel) {
            // Under the lock, or the thread could miss it between looking and falling asleep.
            let _state = self.state.lock();
            self.wakeup.notify_one();
        }
    }

    /// Deletes a segment after the next sync. While an earlier one still waits for that, this call waits too: the
    /// number of segments is bounded, and a disk that is slower than the publishers must slow them down.
    pub(crate) fn delete_after_sync(&self, path: PathBuf) {
        if !self.state.lock().delete_after_sync.is_empty() {
            self.sync();
        }
        let mut state = self.state.lock();
        state.delete_after_sync.push(path);
        state.urgent = true;
        self.wakeup.notify_one();
    }

    /// Returns the error with which the disk failed.
    pub(crate) fn failed(&self) -> Option<io::ErrorKind> {
        self.reached.borrow().failed
    }

    /// Ends the journal: the last sync, and the note that nothing is missing.
    pub(crate) fn end(&self) {
        let mut state = self.state.lock();
        state.ending = true;
        self.wakeup.notify_one();
    }

    /// Returns for how long a request to the disk is unanswered.
    pub(crate) fn stalled_for(&self) -> Option<Duration> {
        self.pending_io.iter().filter_map(PendingIo::stalled_for).max()
    }

    /// Returns the tracker of publishers' requests to the disk.
    pub(crate) fn pending_io(&self) -> &PendingIo {
        &self.pending_io[0]
    }

    /// The disk is not waited for when the journal is closed.
    pub(crate) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Release);
    }

    /// Resolves when everything that was written up to now is on the disk.
    pub(crate) async fn flush(&self) -> Result<(), io::ErrorKind> {
        let through = self.written.load(Ordering::Acquire);
        let ending = {
            let mut state = self.state.lock();
            state.urgent = true;
            self.wakeup.notify_one();
            state.ending
        };
        let there = |reached: &SyncProgress| {
            reached.failed.is_some() || (reached.through >= through && (reached.closed || !ending))
        };
        match self.reached.subscribe().wait_for(there).await {
            Ok(reached) => reached.failed.map_or(Ok(()), Err),
            Err(_) => Err(io::ErrorKind::BrokenPipe),
        }
    }

    fn run(&self) {
        loop {
            let mut state = self.state.lock();
            self.wakeup.wait_while(&mut state, |state| {
                !state.urgent && !state.ending && !state.low && !self.dirty.load(Ordering::Acquire)
            });
            if std::mem::take(&mut state.low) && !state.ending {
                drop(state);
                self.reserve_ahead();
                continue;
            }
            let due = Instant::now() + SYNC_INTERVAL;
            while !state.urgent && !state.ending && !self.wakeup.wait_until(&mut state, due).timed_out() {}
            state.urgent = false;
            let ending = state.ending;
            drop(state);
            self.sync();
            if ending {
                return self.close();
            }
        }
    }

    /// Best effort: a block that cannot be reserved ahead is reserved when its first number is needed.
    fn reserve_ahead(&self) {
        match self.head.reserve_ahead() {
            Ok(()) => self.reserve_requested.store(false, Ordering::Release),
            Err(error) => tracing::warn!(%error, "numbers cannot be reserved ahead"),
        }
    }

    fn sync(&self) {
        let _turn = self.turn.lock();
        self.dirty.swap(false, Ordering::AcqRel);
        let through = self.written.load(Ordering::Acquire);
        let (files, delete_after_sync, new_names) = {
            let mut state = self.state.lock();
            (state.files.clone(), state.delete_after_sync.clone(), std::mem::take(&mut state.new_names))
        };
        if through == self.reached.borrow().through && delete_after_sync.is_empty() || self.failed().is_some()
        {
            return;
        }
        let on_disk = self.pending_io[1].track(|| {
            files.iter().try_for_each(|file| file.sync_data())?;
            if new_names { self.dir.sync_all() } else { Ok(()) }
        });
        match on_disk {
            Ok(()) => {
                let gone = delete_after_sync.iter().take_while(|path| deleted(path)).count();
                let mut state = self.state.lock();
                state.delete_after_sync.drain(..gone);
                // All but the last are full and will not be written to again.
                state.files.drain(..files.len().saturating_sub(1));
                drop(state);
                self.reached.send_modify(|reached| reached.through = through);
            }
            Err(error) => {
                tracing::error!(%error, "the log cannot be brought onto the disk: nothing more is stored until a restart");
                self.reached.send_modify(|reached| reached.failed = Some(error.kind()));
            }
        }
    }

    fn close(&self) {
        if self.failed().is_none() {
            match self.head.close() {
                Ok(()) => self.reached.send_modify(|reached| reached.closed = true),
                Err(error) => {
                    tracing::error!(%error, "the log could not be closed");
                    self.reached.send_modify(|reached| reached.failed = Some(error.kind()));
                }
            }
        }
    }
}

/// Deletes a segment file. Files are deleted in order, because the next start would miss one in the middle.
fn deleted(path: &Path) -> bool {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, path = %path.display(), "a used-up part of the log cannot be taken away");
            false
        }
        _ => true,
    }
}
