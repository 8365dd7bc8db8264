//! Labs under way: one task each, which publishes until its time is over.

use std::{collections::HashMap, sync::Arc, time::Duration};

use common::{
    frame::ByeReason,
    lab::{BYTES, LabBeat, LabId, LabRun, RATE, SECONDS},
};
use fanout::{Disconnect, Hub};
use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::time::{Instant, sleep_until};

use super::{
    error::LabError,
    limits::RUNS,
    payload::{now_ms, write},
};

/// Numbers of runs stay below this: short, and a lab does not meet the same one twice in a day.
const NUMBERS: f64 = 100_000.0;

/// Nodes that do not answer within this time are left out.
const PATIENCE: Duration = Duration::from_secs(2);
/// The message by which a node asks all to end a lab's lines.
const CUT: &str = "lab_cut";

/// Labs under way; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Labs(Arc<LabsInner>);

#[derive(Debug)]
struct LabsInner {
    hub: Hub,
    runs: Mutex<HashMap<LabId, ActiveRun>>,
}

#[derive(Debug, Clone, Copy)]
struct ActiveRun {
    rate: u32,
    bytes: u32,
    until: Instant,
}

impl Labs {
    pub(super) fn new(hub: Hub) -> Self {
        Self(Arc::new(LabsInner { hub, runs: Mutex::default() }))
    }

    /// Publishes for a lab from now on, or goes on with it at this pace.
    pub(super) fn ask(&self, run: &LabRun) -> Result<(), LabError> {
        let LabRun { lab, rate, bytes, seconds } = run;
        let longest = u32::try_from(self.0.hub.settings().publication_bytes).unwrap_or(u32::MAX);
        let sizes = *BYTES.start()..=(*BYTES.end()).min(longest);
        for (what, value, range) in
            [("rate", *rate, RATE), ("bytes", *bytes, sizes), ("seconds", *seconds, SECONDS)]
        {
            if !range.contains(&value) {
                return Err(LabError::Range { what, value, range });
            }
        }
        let until = Instant::now() + Duration::from_secs((*seconds).into());
        let pace = ActiveRun { rate: *rate, bytes: *bytes, until };
        let mut runs = self.0.runs.lock();
        if runs.len() >= RUNS && !runs.contains_key(lab) {
            return Err(LabError::TooMany);
        }
        if runs.insert(lab.clone(), pace).is_none() {
            tokio::spawn(self.clone().run(lab.clone()));
        }
        Ok(())
    }

    /// Returns the present moment, milliseconds since 1970 with their fraction.
    pub(super) fn now_ms(&self) -> f64 {
        now_ms(&**self.0.hub.clock())
    }

    /// Answers other nodes, and this one, from now on.
    pub(super) fn answer_nodes(&self) {
        let hub = self.0.hub.clone();
        self.0.hub.broker().control().handle(
            CUT,
            Arc::new(move |lab| {
                let lab = str::from_utf8(&lab).ok().and_then(|lab| lab.parse::<LabId>().ok());
                let disconnect = Disconnect { reason: ByeReason::Ended, retry_ms: 0 };
                let lines = lab.map_or(0, |lab| hub.disconnect_topic(&lab.topic(), disconnect));
                async move { lines.to_string().into() }.boxed()
            }),
        );
    }

    /// Tells every line of a lab to end, at whichever node it is, and says how many those are. They may come back at once: that is what is
    /// measured.
    pub(super) async fn cut(&self, lab: &LabId) -> usize {
        let control = self.0.hub.broker().control();
        let answers = control.ask_all(CUT, lab.to_string().into(), PATIENCE).await;
        let lines = |answer: &[u8]| str::from_utf8(answer).ok()?.parse::<usize>().ok();
        answers.iter().filter_map(|(_, answer)| lines(answer)).fold(0, usize::saturating_add)
    }

    async fn run(self, lab: LabId) {
        let topic = lab.topic();
        let clock = Arc::clone(self.0.hub.clock());
        let run = (now_ms(&*clock) / 1000.0 % NUMBERS) as u64;
        let (mut seq, mut due) = (0, Instant::now());
        while let Some(ActiveRun { rate, bytes, .. }) = self.pace(&lab) {
            seq += 1;
            let beat = LabBeat { run, seq, at: now_ms(&*clock) };
            if let Err(error) = self.0.hub.publish(&topic, write(beat, bytes as usize)) {
                tracing::debug!(%error, %topic, "a lab ends");
                self.0.runs.lock().remove(&lab);
                return;
            }
            // A busy machine does not catch up with late publications in one burst.
            due = (due + Duration::from_secs(1) / rate).max(Instant::now());
            sleep_until(due).await;
        }
    }

    /// Returns the settings of a run; none if its time is over.
    fn pace(&self, lab: &LabId) -> Option<ActiveRun> {
        let mut runs = self.0.runs.lock();
        let pace = runs.get(lab).copied().filter(|pace| pace.until > Instant::now());
        if pace.is_none() {
            runs.remove(lab);
        }
        pace
    }
}

#[cfg(test)]
mod tests {
    use common::{Epoch, Seq};
    use fanout::{Retention, Settings, SystemClock, TopicKind, TopicPolicy};

    use super::*;

    fn labs() -> (Labs, Hub) {
        let pattern = "lab/*".parse().expect("a pattern");
        let hub = Hub::new(Settings {
            clock: Arc::new(SystemClock),
            epoch: Epoch(1),
            policies: vec![TopicPolicy {
                pattern,
                kind: TopicKind::Latest,
                retention: Retention::entries(64),
            }],
            publication_bytes: 65_536,
            topics_per_subscription: 0,
            topics: 100,
            bytes: 1 << 20,
        });
        (Labs::new(hub.clone()), hub)
    }

    fn run(lab: usize, rate: u32, seconds: u32) -> LabRun {
        let lab = format!("{lab:0>16}").parse().expect("a name");
        LabRun { lab, rate, bytes: 64, seconds }
    }

    #[tokio::test(start_paused = true)]
    async fn it_publishes_at_its_pace_and_ends_when_its_time_is_over() {
        let (labs, hub) = labs();
        labs.ask(&run(1, 10, 3)).expect("started");
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(hub.head().seq, Seq(30));
        assert!(labs.0.runs.lock().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn asked_again_it_goes_on_at_the_new_pace_without_a_second_task() {
        let (labs, hub) = labs();
        labs.ask(&run(1, 10, 2)).expect("started");
        tokio::time::sleep(Duration::from_millis(950)).await;
        assert_eq!(hub.head().seq, Seq(10));
        labs.ask(&run(1, 50, 2)).expect("goes on");
        tokio::time::sleep(Duration::from_secs(60)).await;
        let published = hub.head().seq.0;
        assert!((105..=110).contains(&published), "{published}");
    }

    #[tokio::test(start_paused = true)]
    async fn there_are_no_more_at_once_than_there_may_be() {
        let (labs, _hub) = labs();
        for lab in 0..RUNS {
            labs.ask(&run(lab, 1, 60)).expect("started");
        }
        assert!(matches!(labs.ask(&run(RUNS, 1, 60)), Err(LabError::TooMany)));
        labs.ask(&run(0, 2, 60)).expect("those that are there may go on");
        tokio::time::sleep(Duration::from_secs(62)).await;
        labs.ask(&run(RUNS, 1, 60)).expect("there is room again");
    }

    #[tokio::test]
    async fn what_is_out_of_range_is_refused_by_name() {
        let (labs, _hub) = labs();
        let told = |run: LabRun| labs.ask(&run).expect_err("refused").to_string();
        assert_eq!(told(run(1, 51, 1)), "rate is 51: it must be 1 to 50");
        assert_eq!(told(run(1, 0, 1)), "rate is 0: it must be 1 to 50");
        assert_eq!(told(run(1, 1, 61)), "seconds is 61: it must be 1 to 60");
        assert_eq!(told(LabRun { bytes: 63, ..run(1, 1, 1) }), "bytes is 63: it must be 64 to 16384");
    }
}
