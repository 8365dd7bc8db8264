//! One round of measuring: what is due is collected, kept and published.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use common::{Sample, Topic, host::HostId, series::id};
use hub::Hub;

use super::{
    collect::{Detail, ProcessTable, Readings, Running, Tier, build},
    local::{LocalHost, unix_millis},
    pace::Pace,
    settings::CollectorSettings,
};

/// How often the slow kinds are measured while no one watches, so that a first paint has recent numbers.
const SYSTEM_UNWATCHED: Duration = Duration::from_secs(10);

/// Programs are the costliest to look at. Unwatched they are visited only so that the next share of CPU has a
/// recent reading to be taken from.
const PROCESSES_UNWATCHED: Duration = Duration::from_secs(30);

/// Everything that measures this machine, with the pace of each kind.
pub(super) struct Rounds {
    hub: Hub,
    local: Arc<LocalHost>,
    metrics: Kind,
    /// CPU, memory and disk as three bare numbers, for the simplest of programs.
    bare: Kind,
    system: Kind,
    /// When the trends of the slow tier are to be remembered, watched or not.
    rates: Pace,
    processes: Kind,
    fast: Vec<Running>,
    slow: Vec<Running>,
    table: Option<ProcessTable>,
}

struct Kind {
    topic: Topic,
    pace: Pace,
    /// Whether the hub has refused this topic before: it is logged once, not twice a second.
    refused: bool,
}

impl Rounds {
    pub(super) fn new(hub: Hub, local: Arc<LocalHost>, settings: CollectorSettings) -> Self {
        let CollectorSettings { fast, slow } = settings;
        let kind = |topic, watched, unwatched| Kind {
            topic,
            pace: Pace::new(fast, watched, unwatched),
            refused: false,
        };
        let host = HostId::local();
        Self {
            metrics: kind(host.metrics_topic(), fast, slow),
            bare: kind(host.bare_topic(), fast, slow),
            system: kind(host.system_topic(), slow, SYSTEM_UNWATCHED),
            rates: Pace::new(fast, slow, slow),
            processes: kind(host.processes_topic(), slow, PROCESSES_UNWATCHED),
            fast: build(Tier::Fast),
            slow: build(Tier::Slow),
            table: ProcessTable::new()
                .inspect_err(|error| tracing::warn!(%error, "no list of programs"))
                .ok(),
            hub,
            local,
        }
    }

    /// One round, to be run every `fast`.
    pub(super) fn round(&mut self, now: Instant) {
        self.measure_metrics(now);
        let due = self.system.is_due(&self.hub, now);
        if due {
            self.rates.take(now);
            self.measure_system(now, Detail::Full);
        } else if self.rates.is_due(now, true) {
            self.measure_system(now, Detail::Trends);
        }
        if self.processes.is_due(&self.hub, now) {
            self.list_processes(now);
        }
    }

    fn measure_metrics(&mut self, now: Instant) {
        let bare_is_due = self.bare.is_due(&self.hub, now);
        let due = self.metrics.is_due(&self.hub, now);
        let detail = if due { Detail::Full } else { Detail::Trends };
        let sample = sample(&mut self.fast, now, detail);
        self.local.remember_shares(&sample);
        if bare_is_due {
            self.bare.publish(&self.hub, encode(&BareNumbers::of(&sample)));
        }
        if due {
            let encoded = encode(&sample);
            self.local.keep_metrics(sample);
            self.metrics.publish(&self.hub, encoded);
        }
    }

    fn measure_system(&mut self, now: Instant, detail: Detail) {
        let sample = sample(&mut self.slow, now, detail);
        if !self.rates.is_warm() {
            // A rate needs two readings: the first would say that there are no disks and no networks.
            return;
        }
        self.local.remember_rates(&sample);
        if detail == Detail::Trends {
            return;
        }
        let encoded = encode(&sample);
        self.local.keep_system(sample);
        self.system.publish(&self.hub, encoded);
    }

    fn list_processes(&mut self, now: Instant) {
        let Some(processes) = self.table.as_mut().and_then(|table| table.list(unix_millis(), now)) else {
            return;
        };
        let encoded = encode(&processes);
        self.local.keep_processes(processes);
        self.processes.publish(&self.hub, encoded);
    }
}

impl Kind {
    fn is_due(&mut self, hub: &Hub, now: Instant) -> bool {
        self.pace.is_due(now, hub.subscribers(&self.topic) > 0)
    }

    fn publish(&mut self, hub: &Hub, encoded: serde_json::Result<Vec<u8>>) {
        let data = match encoded {
            Ok(data) => Bytes::from(data),
            Err(error) => return self.refuse(&error),
        };
        match hub.publish(&self.topic, data) {
            Ok(_) => self.refused = false,
            // The server is stopping; so will this thread.
            Err(hub::PublishError::Closed) => {}
            Err(error) => self.refuse(&error),
        }
    }

    fn refuse(&mut self, error: &(dyn std::error::Error + 'static)) {
        if !std::mem::replace(&mut self.refused, true) {
            tracing::error!(topic = %self.topic, error, "a sample was not published");
        }
    }
}

/// What the notes that this project began from send: `{"data":[cpu,mem,disk]}`, percent, `null` where unknown.
#[derive(serde::Serialize)]
struct BareNumbers {
    data: [Option<f64>; 3],
}

impl BareNumbers {
    fn of(sample: &Sample) -> Self {
        Self { data: [id::CPU_TOTAL, id::MEMORY_PERCENT, id::DISK_PERCENT].map(|id| sample.value(id)) }
    }
}

fn sample(collectors: &mut [Running], now: Instant, detail: Detail) -> Sample {
    let mut readings = Readings::new(unix_millis(), now, detail);
    for collect in collectors {
        collect(&mut readings);
    }
    readings.into_sample()
}

/// Before the value is handed over: it is encoded once, outside of every lock.
fn encode(value: &impl serde::Serialize) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(value)
}
