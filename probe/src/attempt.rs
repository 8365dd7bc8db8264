//! One attempt: it notes as it goes what is measured, so that a deadline which ends it leaves that.

use std::time::{Duration, Instant};

use crate::{ProbePhase, ProbeTimings};

/// The notes of an attempt.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) phase: ProbePhase,
    pub(crate) timings: ProbeTimings,
    /// The earliest end of a certificate that was seen, and the moment of that, in seconds since 1970.
    pub(crate) certificate_days_left: Option<i64>,
    /// The target has answered, if not with what it should.
    pub(crate) is_answered: bool,
    deadline: Instant,
}

impl Attempt {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self {
            phase: ProbePhase::default(),
            timings: ProbeTimings::default(),
            certificate_days_left: None,
            is_answered: false,
            deadline: Instant::now() + timeout,
        }
    }

    /// The time that is left.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Notes the time of a phase that has ended.
    pub(crate) fn measured(&mut self, phase: ProbePhase, since: Instant) {
        let slot = match phase {
            ProbePhase::Resolve => &mut self.timings.resolve_ms,
            ProbePhase::Connect => &mut self.timings.connect_ms,
            ProbePhase::Tls => &mut self.timings.tls_ms,
            ProbePhase::Answer => &mut self.timings.answer_ms,
            ProbePhase::Body => return,
        };
        *slot = Some(slot.unwrap_or(0.0) + milliseconds(since.elapsed()));
    }

    /// Notes a certificate. The one that ends first counts.
    pub(crate) fn saw_certificate(&mut self, days_left: i64) {
        self.certificate_days_left =
            Some(self.certificate_days_left.map_or(days_left, |days| days.min(days_left)));
    }
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
