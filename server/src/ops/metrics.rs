//! `/metrics`, in the OpenMetrics text format.

use std::fmt::Error;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, text::encode},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};

use crate::state::App;

pub(super) async fn expose(State(app): State<App>) -> Response {
    let mut registry = Registry::with_prefix("pulseboard");
    registry.register_collector(Box::new(Figures(app)));
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the figures could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

struct Figures(App);

impl std::fmt::Debug for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Figures")
    }
}

impl Collector for Figures {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> Result<(), Error> {
        let hub = self.0.live.hub.metrics();
        let connections = self.0.live.admission.connections();
        let mut family = to.encode_descriptor("connections", "Live connections", None, MetricType::Gauge)?;
        for (transport, count) in connections.by_transport {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            ConstGauge::new(count).encode(family.encode_family(&[("transport", transport)])?)?;
        }
        let mut family = to.encode_descriptor("encodes", "Wire forms built", None, MetricType::Counter)?;
        for form in transports::routes::wire_formats().chain(crate::hosts::cpumemdisk::FORMS) {
            ConstCounter::new(hub.encodes[form.slot()])
                .encode(family.encode_family(&[("form", form.name)])?)?;
        }
        for (name, help, value) in [
            ("publications", "Entries taken into the log", hub.publications),
            ("deliveries", "Entries handed to connections", hub.deliveries),
            ("gaps", "Gaps told to connections", hub.gaps),
            ("conflations", "Times a reader was skipped ahead to the newest value", hub.conflations),
            ("refused_connections", "Connections refused because a limit was reached", connections.refused),
        ] {
            ConstCounter::new(value).encode(to.encode_descriptor(
                name,
                help,
                None,
                MetricType::Counter,
            )?)?;
        }
        let ages = self.0.host.ages();
        let mut family = to.encode_descriptor(
            "sample_age_seconds",
            "Age of the last sample of each part of the collector",
            None,
            MetricType::Gauge,
        )?;
        for (name, sample) in ages.iter().filter_map(|age| Some((age.name, age.sample?))) {
            ConstGauge::new(sample.as_secs_f64()).encode(family.encode_family(&[("part", name)])?)?;
        }
        let mut family = to.encode_descriptor(
            "part_stuck_seconds",
            "How long a part of the collector has stood still, 0 where it moves",
            None,
            MetricType::Gauge,
        )?;
        for age in &ages {
            let stuck = age.stuck.unwrap_or_default().as_secs_f64();
            ConstGauge::new(stuck).encode(family.encode_family(&[("part", age.name)])?)?;
        }
        for (name, help, value) in [
            (
                "unanswered",
                "Mounts and sensors of this machine that give no answer",
                self.0.host.unanswered() as u64,
            ),
            ("sessions", "Open sessions of the log", hub.subscriptions as u64),
            ("topics", "Topics in the log", hub.topics as u64),
            ("mailbox_high_water", "The most entries a connection was ever behind", hub.lag_high_water),
        ] {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            ConstGauge::new(value).encode(to.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        Ok(())
    }
}
