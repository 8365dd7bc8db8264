//! The answers of probes as history keeps them.

use common::{
    host::HostId,
    probe::ProbeVerdict,
    series::{SeriesKey, SeriesValues},
};

use crate::{probing::answer::ProbeAnswer, sources::context::SourceContext};

/// 1 while it is up, 0 while it is down, by the number of the probe; nothing while it is not known.
const UP: &str = "probe.up";
/// The time that answers take, milliseconds, by the number of the probe.
const LATENCY: &str = "probe.latency";
/// Seconds since the answer before during which it was up, by the number of the probe. Their sum is the time that it was up.
pub(super) const UP_SECONDS: &str = "probe.up_seconds";
/// Seconds since the answer before during which it was down, by the number of the probe.
pub(super) const DOWN_SECONDS: &str = "probe.down_seconds";

/// Keeps an answer that a host had.
pub(super) fn keep(context: &SourceContext, host: &HostId, number: u64, answer: &ProbeAnswer) {
    let mut values = SeriesValues::default();
    match answer.verdict {
        ProbeVerdict::Up => values.insert(SeriesKey::labelled(UP, number), 1.0),
        ProbeVerdict::Down => values.insert(SeriesKey::labelled(UP, number), 0.0),
        _ => {}
    }
    if let Some(latency) = answer.latency_ms {
        values.insert(SeriesKey::labelled(LATENCY, number), latency);
    }
    let [up, down] = [answer.up_ms, answer.down_ms].map(|ms| ms as f64 / 1_000.0);
    if up + down > 0.0 {
        // Both, so that each stands in as many samples as the other.
        values.insert(SeriesKey::labelled(UP_SECONDS, number), up);
        values.insert(SeriesKey::labelled(DOWN_SECONDS, number), down);
    }
    context.keep(host, number, answer.at, values);
}
