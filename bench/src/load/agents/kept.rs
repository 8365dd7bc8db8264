//! Counts what a server has kept of what agents have told it, through its API.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    request::KeptConnection,
    simulated::{FAST, SLOW, SimulatedAgent},
};

/// The most steps that are asked for at once.
const STEPS: u64 = 3_000;

/// The samples of hosts that were looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct KeptSamples {
    pub(super) expected: u64,
    /// Those that are not there.
    pub(super) lost: u64,
    /// Those that are there more than once.
    pub(super) doubled: u64,
    /// Those whose number is another one.
    pub(super) wrong: u64,
}

impl KeptSamples {
    /// Counts those of an agent's host, of the seconds from `first` to before `last`.
    ///
    /// # Errors
    /// When the server does not tell them.
    pub(super) fn count(&mut self, agent: &SimulatedAgent, first: u64, last: u64) -> Result<()> {
        let mut connection = KeptConnection::open(agent.hub)?;
        for from in (first..last).step_by(STEPS as usize) {
            let to = last.min(from + STEPS);
            let counts = ask(&mut connection, agent, from, to, "count")?;
            let values = ask(&mut connection, agent, from, to, "last")?;
            for (metric, series) in FAST.iter().chain(SLOW) {
                for label in 0..*series {
                    let label_of = (*series > 1).then_some(label);
                    let counts = find(&counts, metric, label_of);
                    let values = find(&values, metric, label_of);
                    for (step, second) in (from..to).enumerate() {
                        let at = |all: Option<&Value>| all.and_then(|all| all["values"][step].as_f64());
                        self.expected += 1;
                        self.lost += u64::from(at(counts).unwrap_or(0.0) < 1.0);
                        self.doubled += u64::from(at(counts).unwrap_or(0.0) > 1.0);
                        let is_other =
                            |value: f64| (value - agent.value(metric, label, second)).abs() > 0.005;
                        self.wrong += u64::from(at(values).is_some_and(is_other));
                    }
                }
            }
        }
        Ok(())
    }
}

fn ask(
    connection: &mut KeptConnection,
    agent: &SimulatedAgent,
    from: u64,
    to: u64,
    aggregate: &str,
) -> Result<Value> {
    let metrics: String = FAST.iter().chain(SLOW).map(|(metric, _)| format!("metric={metric}&")).collect();
    let path = format!(
        "/api/v1/hosts/{}/range?{metrics}from={}&to={}&step=1000&aggregate={aggregate}",
        agent.name(),
        from * 1000,
        to * 1000
    );
    let answer: Value = serde_json::from_slice(&connection.get(&path, "")?).context("a range is JSON")?;
    let place = (answer["start_ms"].as_u64(), answer["step_ms"].as_u64());
    ensure!(place == (Some(from * 1000), Some(1000)), "a range begins elsewhere: {place:?}");
    Ok(answer)
}

/// Finds a series by its metric and its label.
fn find<'a>(answer: &'a Value, metric: &str, label: Option<usize>) -> Option<&'a Value> {
    let label = label.map(|label| label.to_string());
    answer["series"]
        .as_array()?
        .iter()
        .find(|series| series["metric"] == metric && series["labels"][0].as_str() == label.as_deref())
}
