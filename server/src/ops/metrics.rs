//! `/metrics`, in the OpenMetrics text format.

use std::{fmt::Error, sync::Arc};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use common::frame::ErrorCode;
use fanout::{Hub, WireFormat};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, text::encode},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};
use transports::gate::{Admission, ApiRejection};

/// The media type of the figures.
pub(super) const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) async fn expose(State(registry): State<Arc<Registry>>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures could not be written");
            let message = "the figures could not be written: the server's log says why";
            ApiRejection::new(ErrorCode::Internal, message).into_response()
        }
    }
}

/// The metrics of the log and of the connections.
#[derive(Debug)]
pub(crate) struct LiveMetrics {
    pub(crate) hub: Hub,
    pub(crate) admission: Admission,
    /// The wire forms of all transports and features.
    pub(crate) forms: Vec<&'static WireFormat>,
}

impl Collector for LiveMetrics {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> Result<(), Error> {
        let hub = self.hub.metrics();
        let connections = self.admission.connections();
        let mut family = to.encode_descriptor("connections", "Live connections", None, MetricType::Gauge)?;
        for (transport, count) in connections.by_transport {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            ConstGauge::new(count).encode(family.encode_family(&[("transport", transport)])?)?;
        }
        let mut family = to.encode_descriptor("encodes", "Wire forms built", None, MetricType::Counter)?;
        for form in &self.forms {
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
        for (name, help, value) in [
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
