//! Asking, again and again: the loop of a probe, on the server and on agents.

use std::time::Duration;

use ::probe::{ProbeOutcome, ProbeSpec, Prober};
use common::probe::ProbeVerdict;
use futures_util::future::BoxFuture;
use tokio::{
    sync::{OnceCell, Semaphore},
    time::{Instant, MissedTickBehavior, interval_at},
};

use super::answer::{ProbeAnswer, longest_stand_ms};

/// Probes that begin at once are asked for the first time within so many milliseconds, each at a moment of its own.
const SPREAD: u64 = 1_000;

/// The surroundings of a probe that is asked.
pub(crate) trait ProbeAsker: Send + Sync + 'static {
    /// The turns of all probes of this process.
    fn turns(&self) -> &Semaphore;

    /// Milliseconds since 1970.
    fn now(&self) -> u64;

    /// Returns true if this process asks. Otherwise another one does, and knows better than what was known here.
    fn asks(&self) -> bool;

    /// Returns the name of the probe that this one hangs on, where that is not up. One that was not asked yet is no hindrance.
    fn missing_parent(&self) -> Option<String>;

    /// Takes an answer.
    fn take(&self, answer: ProbeAnswer);
}

/// The system's authorities are read once, when the first probe is asked: most processes have none.
static PROBER: OnceCell<Prober> = OnceCell::const_new();

/// Runs a check. It is boxed, for the compiler does not see that what it borrows may go to another thread.
fn run(prober: Prober, spec: ProbeSpec) -> BoxFuture<'static, ProbeOutcome> {
    Box::pin(async move { prober.run(&spec).await })
}

/// Asks a probe of this number at its pace, for ever.
pub(crate) async fn ask_for_ever(number: u64, spec: ProbeSpec, interval_ms: u64, asker: impl ProbeAsker) {
    let every = Duration::from_millis(interval_ms.max(1));
    // A whole number of a large prime spreads neighbours.
    let first = Duration::from_millis(number.wrapping_mul(7_919) % SPREAD.min(interval_ms.max(1)));
    let mut ticks = interval_at(Instant::now() + first, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let longest = Duration::from_millis(longest_stand_ms(&spec, interval_ms));
    let mut before: Option<(Instant, ProbeVerdict)> = None;
    loop {
        ticks.tick().await;
        if !asker.asks() {
            before = None;
            continue;
        }
        let Some(mut answer) = ask(&spec, &asker).await else { return };
        let now = Instant::now();
        // An answer stands until the next one, and no longer than until that should have come.
        if let Some((at, verdict)) = before.replace((now, answer.verdict)) {
            let stood = u64::try_from((now - at).min(longest).as_millis()).unwrap_or(0);
            match verdict {
                ProbeVerdict::Up => answer.up_ms = stood,
                ProbeVerdict::Down => answer.down_ms = stood,
                _ => {}
            }
        }
        asker.take(answer);
    }
}

/// Asks once; none where nobody is asked any more.
async fn ask(spec: &ProbeSpec, asker: &impl ProbeAsker) -> Option<ProbeAnswer> {
    if let Some(parent) = asker.missing_parent() {
        return Some(ProbeAnswer::without_parent(&parent, asker.now()));
    }
    let _turn = asker.turns().acquire().await.ok()?;
    let prober = PROBER.get_or_init(|| async {
        tokio::task::spawn_blocking(Prober::new).await.unwrap_or_else(|_| Prober::new())
    });
    let outcome = run(prober.await.clone(), spec.clone()).await;
    Some(ProbeAnswer::of(&outcome, asker.now()))
}
