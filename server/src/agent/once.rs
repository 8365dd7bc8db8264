//! One measurement, printed: what an agent would send.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use collect::{CollectorSettings, Measurement, SampleKind, SampleSink, host_info};
use common::{
    Sample,
    host::{HostId, HostInfo, Names},
    sample::Processes,
};
use fanout::{Clock, SystemClock};
use parking_lot::Mutex;
use serde::Serialize;
use tokio::{sync::Notify, time::timeout};

use super::begin::begin;

/// The time until everything was measured; a rate needs two looks.
const DEADLINE: Duration = Duration::from_secs(10);

/// Everything of one moment; null for what this machine does not tell.
#[derive(Debug, Clone, Default, Serialize)]
struct Everything {
    info: Option<HostInfo>,
    metrics: Option<Sample>,
    system: Option<Sample>,
    names: Names,
    processes: Option<Processes>,
}

#[derive(Debug)]
struct Once {
    clock: Arc<dyn Clock>,
    seen: Mutex<Everything>,
    grown: Notify,
}

/// Measures once, and returns it as a line of JSON.
pub(super) async fn once(settings: CollectorSettings) -> anyhow::Result<String> {
    let info = Some(host_info(HostId::local(), &settings));
    let seen = Mutex::new(Everything { info, ..Everything::default() });
    let once = Arc::new(Once { clock: Arc::new(SystemClock), seen, grown: Notify::new() });
    let collector = begin(settings, once.clone())?;
    let whole = async {
        while !once.is_whole() {
            once.grown.notified().await;
        }
    };
    // The rest is printed, should something not be told in time.
    let _ = timeout(DEADLINE, whole).await;
    collector.stop();
    let seen = once.seen.lock().clone();
    Ok(format!("{}\n", serde_json::to_string(&seen)?))
}

impl Once {
    fn is_whole(&self) -> bool {
        let seen = self.seen.lock();
        // A share of the CPU needs two looks.
        let has_cpu = seen.metrics.as_ref().is_some_and(|sample| sample.value("cpu.total").is_some());
        has_cpu && seen.system.is_some() && seen.processes.is_some()
    }
}

impl SampleSink for Once {
    fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    fn is_watched(&self, _: SampleKind, _: Instant) -> bool {
        true
    }

    fn take(&self, measurement: Measurement) {
        let mut seen = self.seen.lock();
        match measurement {
            Measurement::Metrics { sample, .. } => seen.metrics = Some(sample),
            Measurement::System { sample, names, .. } => {
                seen.system = Some(sample);
                seen.names = names;
            }
            Measurement::Processes(processes) => seen.processes = Some(processes),
            Measurement::Bare(_) | Measurement::Spike(_) => {}
        }
        drop(seen);
        self.grown.notify_one();
    }
}
