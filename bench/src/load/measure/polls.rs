//! Measures the cost of a poll for clients that poll by a clock: with nothing new, and with one publication.

use anyhow::Result;

use super::{Compared, PAYLOAD, Plan};
use crate::load::{
    run::{Load, Pace, run},
    subject::PULSEBOARD,
    wire::POLL,
};

/// Times as long as other measurements: the kernel counts CPU time in hundredths of a second, which must be small beside
/// what these few use.
const LONGER: u32 = 2;
/// Publications a second. As many as each client asks questions, so that each answer has one.
const RATES: [(&str, u32); 2] = [("nothing new", 0), ("one publication in each answer", 1)];

/// Measures ours: no peer has such questions.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<Compared>> {
    let clients = POLL.most;
    let subjects = plan.start(&[PULSEBOARD])?;
    let mut measured = Vec::new();
    for (what, rate) in RATES {
        let pace = Pace::Steady(rate);
        let load = Load { pace, bytes: PAYLOAD, time: LONGER * plan.time };
        let what = format!("{clients} clients, {what}");
        measured
            .push(plan.take_turns(what, pace, &subjects, |subject| run(subject, &[(&POLL, clients)], load))?);
    }
    Ok(measured)
}
