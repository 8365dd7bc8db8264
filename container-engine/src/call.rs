//! Every request that this crate makes of an engine: those that read, and three that act.

use crate::{
    event,
    id::ContainerId,
    logs::LogQuery,
    time::EventTime,
    version::{EngineVersion, Product},
};

/// The requests that read, as documents name them.
pub const CALLS: [&str; 7] = [
    "GET /_ping",
    "GET /version",
    "GET /containers/json",
    "GET /containers/{id}/json",
    "GET /containers/{id}/stats",
    "GET /containers/{id}/logs",
    "GET /events",
];

/// The requests that act, as documents name them.
pub const ACTIONS: [&str; 3] =
    ["POST /containers/{id}/start", "POST /containers/{id}/stop", "POST /containers/{id}/restart"];

/// Something that an engine may be asked to do with a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineAction {
    /// Starts it.
    Start,
    /// Stops it: by its signal, and by force where it does not end in its time.
    Stop,
    /// Stops it and starts it.
    Restart,
}

impl EngineAction {
    /// The engine's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
        }
    }
}

/// A request. Ids are validated when they are parsed; nothing else of strangers is ever in a path.
#[derive(Debug)]
pub(crate) enum Call<'a> {
    Ping,
    Version,
    List,
    Inspect(&'a ContainerId),
    Stats(&'a ContainerId),
    Logs(&'a ContainerId, &'a LogQuery),
    Events(Option<EventTime>),
    Act(EngineAction, &'a ContainerId),
}

impl Call<'_> {
    /// The path and the query. Without a version an engine takes its newest, which only its own version is asked by.
    pub(crate) fn target(&self, version: Option<&EngineVersion>) -> String {
        let prefix = version.map(|version| format!("/v{}", version.api)).unwrap_or_default();
        let product = version.map_or(Product::Docker, |version| version.product);
        match self {
            Self::Ping => "/_ping".to_owned(),
            Self::Version => "/version".to_owned(),
            Self::List => format!("{prefix}/containers/json?all=1"),
            Self::Inspect(id) => format!("{prefix}/containers/{id}/json"),
            Self::Stats(id) => format!("{prefix}/containers/{id}/stats?stream=1"),
            Self::Logs(id, query) => {
                format!("{prefix}/containers/{id}/logs?{}", query.parameters(product))
            }
            Self::Act(action, id) => format!("{prefix}/containers/{id}/{}", action.word()),
            Self::Events(since) => {
                let since = since.map(|since| format!("&since={}", from(since, product))).unwrap_or_default();
                format!("{prefix}/events?filters={}{since}", filters())
            }
        }
    }
}

/// The time from which events are asked for, inclusive. Docker takes it exactly. Podman rounds it as a floating-point number, up or down, and
/// leaves out what is not after that: so it is asked for the whole second.
fn from(since: EventTime, product: Product) -> String {
    match product {
        Product::Docker => since.parameter(),
        Product::Podman => since.seconds().to_string(),
    }
}

/// The events that are asked for, as the engine's JSON in an address.
fn filters() -> String {
    let filters = serde_json::json!({"type": ["container", "image"], "event": event::NAMES});
    form_urlencoded::byte_serialize(filters.to_string().as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::{CALLS, Call, EngineAction};
    use crate::{
        logs::LogQuery,
        time::EventTime,
        version::{ApiVersion, EngineVersion, Product},
    };

    #[test]
    fn the_documented_requests_are_all_that_there_are() {
        let id = "0123456789abcdef".parse().unwrap();
        let query = LogQuery::default();
        let api = ApiVersion { major: 1, minor: 41 };
        let version =
            EngineVersion { api, product: Product::Docker, version: "20.10".to_owned(), clock: None };
        let calls = [
            Call::Ping,
            Call::Version,
            Call::List,
            Call::Inspect(&id),
            Call::Stats(&id),
            Call::Logs(&id, &query),
            Call::Events(Some(EventTime(1_500_000_000))),
        ];
        for (call, documented) in calls.iter().zip(CALLS) {
            let target = call.target(Some(&version));
            let path = target.split('?').next().unwrap();
            let path = path.strip_prefix("/v1.41").unwrap_or(path).replace(id.as_str(), "{id}");
            assert_eq!(format!("GET {path}"), documented);
        }
        let acts = [EngineAction::Start, EngineAction::Stop, EngineAction::Restart];
        for (act, documented) in acts.into_iter().zip(super::ACTIONS) {
            let target = Call::Act(act, &id).target(Some(&version)).replace(id.as_str(), "{id}");
            assert_eq!(target.replace("/v1.41", "POST "), documented);
        }
        let events = calls[6].target(Some(&version));
        assert!(events.ends_with("&since=1.500000000") && !events.contains("exec"), "{events}");
        let podman = EngineVersion { product: Product::Podman, ..version };
        assert!(calls[6].target(Some(&podman)).ends_with("&since=1"));
    }
}
