//! A probe that an agent asks.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use common::{Topic, host::HostId};
use parking_lot::Mutex;
use store::Source;
use tokio::time::{MissedTickBehavior, interval};

use super::{kept::keep, parent::MissingParent, state::ProbeMemory};
use crate::{
    probing::{answer::ProbeAnswer, exchange::AnswerTaker, presence::ProbeAbsence},
    sources::context::SourceContext,
};

/// The agent is looked after this often.
const EVERY: Duration = Duration::from_secs(1);
/// Answers that should have come are waited for so much longer: what an agent has kept comes after what is new.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server's side of a probe that an agent asks.
pub(super) struct ProbeElsewhere {
    pub(super) row: Source,
    pub(super) host: HostId,
    pub(super) topic: Topic,
    pub(super) context: SourceContext,
    pub(super) parent: MissingParent,
    pub(super) memory: Arc<Mutex<ProbeMemory>>,
    /// The time of the last answer, or of the last moment at which none could come.
    pub(super) heard: Mutex<Instant>,
}

impl AnswerTaker for ProbeElsewhere {
    fn take(&self, answer: ProbeAnswer, is_recent: bool) {
        let number = self.row.id.0;
        *self.heard.lock() = Instant::now();
        // The agent has looked at a parent of its own; one of another machine is looked at here, for what happens now.
        let parent = (self.parent)().filter(|_| is_recent);
        let answer = match parent {
            Some(parent) if !answer.lacks_parent() => {
                let lost = ProbeAnswer::without_parent(&parent, answer.at);
                ProbeAnswer { up_ms: answer.up_ms, down_ms: answer.down_ms, ..lost }
            }
            _ => answer,
        };
        let news = {
            let mut memory = self.memory.lock();
            if is_recent {
                memory.set_absence(None, answer.at);
            }
            memory.take(&answer, self.context.now()).then(|| memory.news(number, &self.row.name))
        };
        keep(&self.context, &self.host, number, &answer);
        if let Some(news) = news {
            self.context.publish(&self.topic, &news);
        }
    }
}

impl ProbeElsewhere {
    /// Looks after the agent, for ever: while it asks nothing, nothing is known. `longest` is the longest time for which an answer stands.
    pub(super) async fn watch_for_ever(self: Arc<Self>, longest: Duration) {
        let context = &self.context;
        let (number, host) = (self.row.id.0, self.host.as_str());
        let mut rounds = interval(EVERY);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        rounds.tick().await;
        loop {
            rounds.tick().await;
            let absence = match context.probes.absence(host, number) {
                Some(absence) => {
                    *self.heard.lock() = Instant::now();
                    Some(absence)
                }
                None if self.heard.lock().elapsed() > 3 * longest + PATIENCE => Some(ProbeAbsence::Silent),
                None => None,
            };
            let news = {
                let mut memory = self.memory.lock();
                let reason = absence.map(|absence| (absence.code(), absence.why(host)));
                memory.set_absence(reason, context.now()).then(|| memory.news(number, &self.row.name))
            };
            // Of several nodes the one that hears the agent tells.
            if let Some(news) = news
                && (context.hub.is_alone() || context.probes.has_heard(host))
            {
                context.publish(&self.topic, &news);
            }
        }
    }
}
