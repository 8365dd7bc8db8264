//! The sink of what is measured on a host: it is kept, and told.

use std::{sync::Arc, time::Instant};

use collect::{Measurement, SampleKind, SampleSink};
use common::panel::Tier;
use fanout::{Clock, Hub, PublishOptions};

use super::{
    publisher::{Publisher, Teller},
    watched::WatchedHost,
};

/// Keeps what is measured, and publishes it.
#[derive(Debug)]
pub(super) struct HostSink {
    host: Arc<WatchedHost>,
    clock: Arc<dyn Clock>,
    metrics: Publisher,
    bare: Publisher,
    system: Publisher,
    processes: Publisher,
    spikes: Publisher,
}

impl HostSink {
    /// A sink for what is measured on a host, which `teller` publishes.
    pub(super) fn new(host: &Arc<WatchedHost>, hub: &Hub, teller: Teller) -> Self {
        let id = host.info().id.clone();
        let publisher = |kind: SampleKind| Publisher::new(hub.clone(), kind.topic(&id), teller);
        Self {
            host: Arc::clone(host),
            clock: Arc::clone(hub.clock()),
            metrics: publisher(SampleKind::Metrics),
            bare: publisher(SampleKind::Bare),
            system: publisher(SampleKind::System),
            processes: publisher(SampleKind::Processes),
            spikes: Publisher::new(hub.clone(), id.spikes_topic(), teller),
        }
    }

    fn publisher(&self, kind: SampleKind) -> &Publisher {
        match kind {
            SampleKind::Metrics => &self.metrics,
            SampleKind::Bare => &self.bare,
            SampleKind::System => &self.system,
            SampleKind::Processes => &self.processes,
        }
    }
}

impl SampleSink for HostSink {
    fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    fn is_watched(&self, kind: SampleKind, now: Instant) -> bool {
        self.publisher(kind).is_watched(now)
    }

    // Kept before it is published: whoever is told that it is there finds it.
    fn take(&self, measurement: Measurement) {
        match measurement {
            Measurement::Metrics { sample, in_full } => {
                self.host.remember(Tier::Fast, &sample);
                if !in_full {
                    return;
                }
                let encoded = Publisher::encode(&sample);
                self.host.keep_metrics(sample);
                self.metrics.publish(encoded);
            }
            Measurement::Bare(data) => self.bare.publish(Publisher::encode(&CpuMemDiskPayload { data })),
            Measurement::System { sample, names, in_full } => {
                self.host.remember(Tier::Slow, &sample);
                if !in_full {
                    return;
                }
                let encoded = Publisher::encode(&sample);
                self.host.keep_system(sample, names);
                self.system.publish(encoded);
            }
            Measurement::Processes(processes) => {
                let encoded = Publisher::encode(&processes);
                self.host.keep_processes(processes);
                self.processes.publish(encoded);
            }
            // An agent that does not know what was written sends it again.
            Measurement::Spike(spike) => {
                let key = format!("{:?}-{}", spike.resource, spike.at).parse().ok();
                self.spikes.publish_with(
                    Publisher::encode(&spike),
                    PublishOptions { key, ..PublishOptions::default() },
                );
            }
        }
    }
}

/// The payload of the notes that this project began from: `{"data":[cpu,mem,disk]}`, percent, `null` for unknown.
#[derive(serde::Serialize)]
struct CpuMemDiskPayload {
    data: [Option<f64>; 3],
}
