//! What one question costs where clients ask by a clock: with nothing new, and with one publication.

use anyhow::Result;

use super::{Compared, PAYLOAD, Plan};
use crate::load::{
    run::{Load, Pace, run},
    subject::PULSEBOARD,
    wire::POLL,
};

/// So many that the hundredths of a second in which the kernel counts CPU time are small beside what they use.
const CLIENTS: usize = 2000;
/// Publications a second. As many as each client asks questions, so that each answer has one.
const RATES: [(&str, u32); 2] = [("nothing new", 0), ("one publication in each answer", 1)];

/// Measures ours: no peer has such questions.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<Compared>> {
    let subjects = plan.start(&[PULSEBOARD])?;
    let mut measured = Vec::new();
    for (what, rate) in RATES {
        let pace = Pace::Steady(rate);
        let load = Load { pace, bytes: PAYLOAD, time: plan.time };
        let what = format!("{CLIENTS} polling, {what}");
        measured
            .push(plan.take_turns(what, pace, &subjects, |subject| run(subject, &[(&POLL, CLIENTS)], load))?);
    }
    Ok(measured)
}
