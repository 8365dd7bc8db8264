//! Inline writes: a publisher's task writes its record itself while the disk answers at once.
//!
//! A thread for each write costs two context switches, more than everything else that a publication costs. The system takes a
//! short write into its memory within microseconds, so a task of the runtime may wait for it. On a disk that hangs it would
//! hold up a worker of the runtime, perhaps the one that watches sockets and timers. Readers are kept from that by three
//! rules. One task at a time writes inline, for it holds the journal's lock. A watchdog wakes another worker as soon as a write
//! stands still. After such a write, all writes go to a thread for a while: for a second at first, for a minute where the
//! disk is slow again and again, and for a second more after each write of that thread that was slow, so that a disk which stays slow
//! is not tried by a worker.

use std::{
    cell::Cell,
    fs, io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, Thread},
    time::{Duration, Instant},
};

use tokio::runtime::{Handle, RuntimeFlavor};

/// The time without inline writes after a slow one; it doubles after each further slow one.
const PROBATION: Duration = Duration::from_secs(1);
/// The longest probation. After as much time without a slow write, the next slow one counts as the first.
const LONGEST_PROBATION: Duration = Duration::from_mins(1);
/// The interval at which the watchdog looks at the write under way. A write that takes longer and sleeps is slow.
const LOOK: Duration = Duration::from_millis(5);
/// The watchdog sleeps when nothing was written for so long.
const IDLE: Duration = Duration::from_secs(1);
/// The watchdog's stack, bytes: it calls nothing deep.
const STACK: usize = 64 * 1024;

/// The permission to write inline, for one hub and one runtime.
#[derive(Debug)]
pub(crate) struct InlineWrites {
    state: Arc<State>,
    runtime: Handle,
    watchdog: Thread,
}

/// The state that writers and the watchdog share. Times are microseconds since `began`.
#[derive(Debug)]
struct State {
    began: Instant,
    /// The time at which the write under way began, and one more; 0 for none.
    writing: AtomicU64,
    /// The thread that writes, as the system numbers it; 0 where that is not known.
    writer: AtomicU64,
    /// The time at which the last write began.
    last: AtomicU64,
    /// No write is made inline before this.
    slow_until: AtomicU64,
    /// The length of the last probation.
    probation: AtomicU64,
    /// The watchdog looks every [`LOOK`].
    awake: AtomicBool,
    ended: AtomicBool,
}

/// One write; dropping it ends it.
#[derive(Debug)]
pub(crate) struct InlineWrite<'a> {
    state: &'a State,
}

thread_local! {
    /// Set where this thread has woken readers since it last wrote inline.
    static WOKE: Cell<bool> = const { Cell::new(false) };
}

/// Notes that this thread has woken readers.
pub(crate) fn note_woken() {
    WOKE.set(true);
}

impl InlineWrites {
    /// Starts the watchdog; `None` on a runtime without a second worker that could take over.
    pub(crate) fn start(runtime: &Handle) -> io::Result<Option<Self>> {
        if runtime.runtime_flavor() != RuntimeFlavor::MultiThread || runtime.metrics().num_workers() < 2 {
            return Ok(None);
        }
        let state = Arc::new(State {
            began: Instant::now(),
            writing: AtomicU64::new(0),
            writer: AtomicU64::new(0),
            last: AtomicU64::new(0),
            slow_until: AtomicU64::new(0),
            probation: AtomicU64::new(0),
            awake: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let thread = thread::Builder::new().name("journal-watch".into()).stack_size(STACK).spawn({
            let (state, runtime) = (Arc::clone(&state), runtime.clone());
            move || state.watch(&runtime)
        })?;
        Ok(Some(Self { state, runtime: runtime.clone(), watchdog: thread.thread().clone() }))
    }

    /// Begins a write, unless the disk was slow lately. The caller holds the journal's lock.
    pub(crate) fn begin(&self) -> Option<InlineWrite<'_>> {
        let began = self.state.now();
        if began < self.state.slow_until.load(Ordering::Relaxed) {
            return None;
        }
        self.state.last.store(began, Ordering::Relaxed);
        self.state.writer.store(this_thread(), Ordering::Relaxed);
        // These two are in one order for everyone: the watchdog sees the write, or the writer sees that it sleeps.
        self.state.writing.store(began + 1, Ordering::SeqCst);
        if !self.state.awake.swap(true, Ordering::SeqCst) {
            self.watchdog.unpark();
        }
        if WOKE.take() {
            // A worker keeps the task that it woke last for itself. This one takes that place, so that no reader is held up
            // with the worker.
            self.runtime.spawn(std::future::ready(()));
        }
        Some(InlineWrite { state: &self.state })
    }
}

impl InlineWrites {
    /// Notes a write that a thread apart has made.
    pub(crate) fn note_apart(&self, took: Duration) {
        self.state.note_apart(self.state.now(), took);
    }
}

impl Drop for InlineWrites {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Release);
        self.watchdog.unpark();
    }
}

impl Drop for InlineWrite<'_> {
    fn drop(&mut self) {
        self.state.writing.store(0, Ordering::SeqCst);
    }
}

impl State {
    fn now(&self) -> u64 {
        micros(self.began.elapsed())
    }

    fn note_slow(&self, now: u64) {
        let until = self.slow_until.load(Ordering::Relaxed);
        // The watchdog sees the same write again.
        if now < until {
            return;
        }
        let (first, longest) = (micros(PROBATION), micros(LONGEST_PROBATION));
        let last = self.probation.load(Ordering::Relaxed);
        let next = if now > until + longest { first } else { (2 * last).clamp(first, longest) };
        self.probation.store(next, Ordering::Relaxed);
        self.slow_until.store(now + next, Ordering::Relaxed);
    }

    /// Notes a write that a thread apart has made, while inline writes pause.
    fn note_apart(&self, now: u64, took: Duration) {
        let until = self.slow_until.load(Ordering::Relaxed);
        let pause = micros(PROBATION);
        // A thread that waits for its turn looks the same from here: that alone begins no pause.
        if until > 0 && now < until + pause && took > LOOK {
            self.slow_until.fetch_max(now + pause, Ordering::Relaxed);
        }
    }

    /// Returns true if the write that began at `began` goes on and its thread waits for something. A thread that waits only
    /// for its turn on a busy machine can run: that is no fault of the disk.
    fn writer_sleeps(&self, began: u64) -> bool {
        let thread = self.writer.load(Ordering::Relaxed);
        // `PID (NAME) STATE …`, see proc(5); a name may hold anything.
        let stat = fs::read_to_string(format!("/proc/self/task/{thread}/stat"));
        let state = stat.ok().and_then(|stat| stat.rsplit_once(") ")?.1.chars().next());
        // A thread whose write has ended meanwhile may sleep for other reasons.
        state != Some('R') && self.writing.load(Ordering::SeqCst) == began + 1
    }

    fn watch(&self, runtime: &Handle) {
        while !self.ended.load(Ordering::Acquire) {
            let now = self.now();
            match self.writing.load(Ordering::SeqCst).checked_sub(1) {
                Some(began) if now.saturating_sub(began) > micros(LOOK) && self.writer_sleeps(began) => {
                    self.note_slow(now);
                    // A task from outside wakes a worker that sleeps. It takes over the sockets, the timers and the tasks
                    // that wait for the worker which is held up.
                    runtime.spawn(std::future::ready(()));
                }
                None if now.saturating_sub(self.last.load(Ordering::Relaxed)) > micros(IDLE) => {
                    self.awake.store(false, Ordering::SeqCst);
                    if self.writing.load(Ordering::SeqCst) == 0 {
                        thread::park();
                    }
                    self.awake.store(true, Ordering::SeqCst);
                }
                _ => {}
            }
            thread::park_timeout(LOOK);
        }
    }
}

/// The number of the thread that calls, 0 on systems without `/proc`.
fn this_thread() -> u64 {
    thread_local! {
        static NUMBER: u64 = fs::read_link("/proc/thread-self")
            .ok()
            .and_then(|path| path.file_name()?.to_str()?.parse().ok())
            .unwrap_or(0);
    }
    NUMBER.with(|number| *number)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime(workers: usize) -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers)
            .enable_all()
            .build()
            .expect("a runtime")
    }

    #[test]
    fn a_runtime_without_a_second_worker_writes_nothing_inline() {
        let alone = runtime(1);
        assert!(InlineWrites::start(alone.handle()).expect("started").is_none());
        let current = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        assert!(InlineWrites::start(current.handle()).expect("started").is_none());
        let two = runtime(2);
        assert!(InlineWrites::start(two.handle()).expect("started").is_some());
    }

    #[test]
    fn after_a_slow_write_none_is_inline_for_a_while() {
        let runtime = runtime(2);
        let inline = InlineWrites::start(runtime.handle()).expect("started").expect("two workers");
        let quick = inline.begin().expect("nothing was slow yet");
        drop(quick);
        let slow = inline.begin().expect("nothing was slow yet");
        while inline.state.slow_until.load(Ordering::Relaxed) == 0 {
            thread::park_timeout(LOOK);
        }
        drop(slow);
        assert!(inline.begin().is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_that_waits_for_its_turn_is_no_fault_of_the_disk() {
        let runtime = runtime(2);
        let inline = InlineWrites::start(runtime.handle()).expect("started").expect("two workers");
        let write = inline.begin().expect("nothing was slow yet");
        let began = Instant::now();
        while began.elapsed() < LOOK * 10 {
            std::hint::spin_loop();
        }
        drop(write);
        assert!(inline.begin().is_some());
    }

    #[test]
    fn a_disk_that_is_slow_again_and_again_is_tried_less_and_less_often() {
        let runtime = runtime(2);
        let inline = InlineWrites::start(runtime.handle()).expect("started").expect("two workers");
        let (second, minute) = (micros(PROBATION), micros(LONGEST_PROBATION));
        let mut now = minute;
        for expected in [1, 2, 4, 8, 16, 32, 60, 60] {
            now += 1;
            inline.state.note_slow(now);
            inline.state.note_slow(now + 1);
            let until = inline.state.slow_until.load(Ordering::Relaxed);
            assert_eq!(until, now + expected * second, "one slow write counts once");
            now = until;
        }
        now += minute + 1;
        inline.state.note_slow(now);
        assert_eq!(inline.state.slow_until.load(Ordering::Relaxed), now + second, "that was long ago");
    }

    #[test]
    fn a_disk_that_stays_slow_is_not_tried_by_a_worker() {
        let runtime = runtime(2);
        let inline = InlineWrites::start(runtime.handle()).expect("started").expect("two workers");
        let state = &inline.state;
        let until = || state.slow_until.load(Ordering::Relaxed);
        let (pause, slow) = (micros(PROBATION), LOOK * 10);
        let began = 10 * pause;
        state.note_apart(began, slow);
        assert_eq!(until(), 0, "nothing was slow inline");
        state.note_slow(began);
        let first = until();
        state.note_apart(first - 1, LOOK);
        assert_eq!(until(), first, "a quick write leaves it at that");
        for round in 0..20 {
            let now = until() - 1;
            state.note_apart(now, slow);
            assert_eq!(until(), now + pause, "{round}");
        }
        let last = until();
        state.note_apart(last + pause, slow);
        assert_eq!(until(), last, "that was long ago");
    }

    #[test]
    fn sockets_and_timers_go_on_while_a_write_hangs() {
        let runtime = runtime(2);
        let inline = InlineWrites::start(runtime.handle()).expect("started").expect("two workers");
        let inline = Arc::new(inline);
        // The write ends when a task that only the other worker can run has asked for it, by a timer.
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let hanging = runtime.spawn({
            let inline = Arc::clone(&inline);
            async move {
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    let _ = end.send(());
                });
                note_woken();
                let write = inline.begin();
                // A blocking wait on a worker, as a write to a disk that hangs is.
                let told = ended.recv_timeout(Duration::from_secs(60));
                drop(write);
                told
            }
        });
        assert_eq!(runtime.block_on(hanging).expect("no panic"), Ok(()), "the timer rang meanwhile");
    }
}
