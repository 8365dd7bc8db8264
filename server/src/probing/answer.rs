//! The answer of a probe, as it is remembered, kept and reported.

use ::probe::{ProbeFault, ProbeOutcome, ProbeSpec};
use common::probe::ProbeVerdict;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The code of an answer that says nothing, since the probe that this one hangs on is not up.
pub(crate) const PARENT_DOWN: &str = "parent_down";
/// A reason has at most so many bytes.
const WHY_BYTES: usize = 4 << 10;
/// A word for programs has at most so many.
const CODE_BYTES: usize = 40;
/// Days of a certificate are within this: 10,000 years.
const DAYS: i64 = 3_652_500;
/// A check may go on for so much longer than its attempts together, and the next one come so much later, milliseconds.
const SLACK_MS: u64 = 5_000;

/// One answer of a probe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ProbeAnswer {
    /// When it came, on the clock of the machine that asked, milliseconds since 1970.
    pub(crate) at: u64,
    /// `up`, `down` or `unknown`.
    pub(crate) verdict: ProbeVerdict,
    /// The time that it took, milliseconds; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) latency_ms: Option<f64>,
    /// The reason for which it is not up: a sentence in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// That reason in a word for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// Whole days until the certificate ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) certificate_days_left: Option<i64>,
    /// The time before it during which the service was up, by the answer before, milliseconds.
    #[serde(default)]
    pub(crate) up_ms: u64,
    /// The time before it during which the service was down, by the answer before, milliseconds.
    #[serde(default)]
    pub(crate) down_ms: u64,
}

/// The longest time for which an answer stands, milliseconds: until the next one should have come.
pub(crate) fn longest_stand_ms(spec: &ProbeSpec, interval_ms: u64) -> u64 {
    let attempt = u64::try_from(spec.timeout().as_millis()).unwrap_or(u64::MAX);
    let check = attempt.saturating_mul(u64::from(spec.retries()) + 1);
    interval_ms.saturating_add(check).saturating_add(SLACK_MS)
}

impl ProbeAnswer {
    /// The answer that a check came to.
    pub(crate) fn of(outcome: &ProbeOutcome, at: u64) -> Self {
        Self {
            at,
            verdict: verdict_of(outcome),
            latency_ms: outcome.latency_ms.map(|ms| (ms * 1000.0).round() / 1000.0),
            why: outcome.why.as_ref().map(ToString::to_string),
            code: outcome.why.as_ref().map(|why| why.code().to_owned()),
            certificate_days_left: outcome.certificate_days_left,
            up_ms: 0,
            down_ms: 0,
        }
    }

    /// The answer of a probe that is not asked, since the one that it hangs on is not up.
    pub(crate) fn without_parent(parent: &str, at: u64) -> Self {
        Self {
            at,
            verdict: ProbeVerdict::Unknown,
            latency_ms: None,
            why: Some(format!("{parent} is not up, and this one hangs on it.")),
            code: Some(PARENT_DOWN.to_owned()),
            certificate_days_left: None,
            up_ms: 0,
            down_ms: 0,
        }
    }

    /// Says that nobody was asked.
    pub(crate) fn lacks_parent(&self) -> bool {
        self.code.as_deref() == Some(PARENT_DOWN)
    }

    /// Checks an answer that another machine tells.
    ///
    /// # Errors
    /// When no check could have come to it; the text says why.
    pub(crate) fn check(&self, spec: &ProbeSpec, interval_ms: u64) -> Result<(), String> {
        let longest = longest_stand_ms(spec, interval_ms);
        if matches!(self.verdict, ProbeVerdict::Pending | ProbeVerdict::Paused) {
            return Err("an answer is up, down or unknown".to_owned());
        }
        if self.latency_ms.is_some_and(|ms| !(0.0..=longest as f64).contains(&ms)) {
            return Err(format!("its latency is not within 0 and {longest} ms"));
        }
        if self.up_ms.saturating_add(self.down_ms) > longest {
            return Err(format!("the answer before it stood for longer than {longest} ms"));
        }
        if self.certificate_days_left.is_some_and(|days| !(-DAYS..=DAYS).contains(&days)) {
            return Err(format!("its certificate has more than {DAYS} days"));
        }
        if self.why.as_ref().is_some_and(|why| why.len() > WHY_BYTES) {
            return Err(format!("its reason has more than {WHY_BYTES} bytes"));
        }
        let is_word = |code: &String| {
            code.len() <= CODE_BYTES && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        if !self.code.as_ref().is_none_or(is_word) {
            return Err("its code is not a word of a-z and '_'".to_owned());
        }
        Ok(())
    }
}

/// A fault of this machine, or of its network, says nothing of the service.
fn verdict_of(outcome: &ProbeOutcome) -> ProbeVerdict {
    // A host that is off is unreachable to its own neighbours: that is the target's fault.
    let is_of_network =
        |why: &ProbeFault| why.is_network_fault() && !matches!(why, ProbeFault::HostUnreachable);
    let is_ours = |why: &ProbeFault| why.is_own_fault() || is_of_network(why);
    match &outcome.why {
        None if outcome.is_up => ProbeVerdict::Up,
        Some(why) if is_ours(why) => ProbeVerdict::Unknown,
        _ => ProbeVerdict::Down,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ::probe::{ProbeKind, ProbeTimings, TcpProbe};

    use super::*;

    fn outcome(why: Option<ProbeFault>) -> ProbeOutcome {
        ProbeOutcome {
            is_up: why.is_none(),
            latency_ms: why.is_none().then_some(1.23456),
            why,
            certificate_days_left: Some(9),
            timings: ProbeTimings::default(),
            attempts: 1,
        }
    }

    #[test]
    fn faults_of_the_network_and_of_this_machine_are_nobodys() {
        for (why, verdict) in [
            (None, ProbeVerdict::Up),
            (Some(ProbeFault::ConnectionRefused), ProbeVerdict::Down),
            (Some(ProbeFault::HostUnreachable), ProbeVerdict::Down),
            (Some(ProbeFault::NoRoute), ProbeVerdict::Unknown),
            (Some(ProbeFault::PingNotPermitted), ProbeVerdict::Unknown),
        ] {
            assert_eq!(ProbeAnswer::of(&outcome(why.clone()), 1).verdict, verdict, "{why:?}");
        }
        assert_eq!(ProbeAnswer::of(&outcome(None), 1).latency_ms, Some(1.235));
    }

    #[test]
    fn an_answer_that_no_check_comes_to_is_refused_with_the_reason() {
        let kind = ProbeKind::Tcp(TcpProbe { address: "a:1".to_owned() });
        let spec = ProbeSpec::new(kind, Duration::from_secs(2), 1).expect("a check");
        assert_eq!(longest_stand_ms(&spec, 1_000), 10_000);
        let good = ProbeAnswer { up_ms: 10_000, ..ProbeAnswer::of(&outcome(None), 1) };
        assert_eq!(good.check(&spec, 1_000), Ok(()));
        let text = |length: usize| Some("x".repeat(length));
        for (bad, why) in [
            (ProbeAnswer { verdict: ProbeVerdict::Paused, ..good.clone() }, "up, down or unknown"),
            (ProbeAnswer { latency_ms: Some(-0.1), ..good.clone() }, "latency"),
            (ProbeAnswer { latency_ms: Some(10_001.0), ..good.clone() }, "latency"),
            (ProbeAnswer { latency_ms: Some(f64::NAN), ..good.clone() }, "latency"),
            (ProbeAnswer { up_ms: u64::MAX, down_ms: 2, ..good.clone() }, "stood for longer"),
            (ProbeAnswer { certificate_days_left: Some(i64::MIN), ..good.clone() }, "days"),
            (ProbeAnswer { why: text(4_097), ..good.clone() }, "reason"),
            (ProbeAnswer { code: text(41), ..good.clone() }, "code"),
            (ProbeAnswer { code: Some("A b".to_owned()), ..good.clone() }, "code"),
        ] {
            let told = bad.check(&spec, 1_000).expect_err(why);
            assert!(told.contains(why), "{told}");
        }
    }
}
