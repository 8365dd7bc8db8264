//! The shape of a feature: all that it adds to the server, in one value. The list of features is [`crate::features`].

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, LazyLock},
};

use access::Authorizer;
use axum::Router;
use common::{
    Topic,
    host::{HostId, HostInfo, HostSnapshot},
    metric_catalog::MetricCatalog,
    spike::Spike,
};
use fanout::{Clock, Hub, TopicPolicy, WireFormat};
use prometheus_client::{collector::Collector, registry::Registry};
use tokio_util::sync::CancellationToken;
use transports::{inbound::InboundHandler, live::Live, socketio::RawNamespace};

use crate::{
    BasePath,
    accounts::AccountDirectory,
    config::{Config, setting::Setting},
    containers::{EngineDoor, RemoteContainers},
    history::SeriesHistory,
    openapi::operation::Operation,
    probing::exchange::ProbeExchange,
    streams::Streams,
    tasks::{Task, Worker},
    web::site::Site,
};

/// A feature of the server, before anything has started.
pub(crate) struct Feature {
    /// Its name, for messages of its start.
    pub(crate) name: &'static str,
    /// The settings that it alone reads. Their type and their defaults stand in the struct of their section.
    pub(crate) settings: &'static [Setting],
    /// Returns the description of each of its routes that programs use over plain HTTP.
    pub(crate) operations: fn() -> Vec<Operation>,
    /// Returns the topics that it owns, with the retention of each. The first pattern that matches a topic holds.
    pub(crate) topic_policies: fn() -> Vec<TopicPolicy>,
    /// Starts it.
    pub(crate) start: fn(&StartContext<'_>) -> anyhow::Result<FeatureParts>,
}

/// Everything that features are started with.
pub(crate) struct StartContext<'a> {
    pub(crate) config: &'a Config,
    /// The log, and with it the clock of the process.
    pub(crate) hub: Hub,
    /// True if the server itself speaks TLS.
    pub(crate) tls: bool,
    /// The accounts that requests are made for.
    pub(crate) accounts: AccountDirectory,
    /// Says who may do what.
    pub(crate) authorizer: Arc<dyn Authorizer>,
    /// The finite streams.
    pub(crate) streams: Streams,
    /// The container engine of this machine.
    pub(crate) engine: EngineDoor,
    /// The containers of the hosts that agents report for.
    pub(crate) containers: RemoteContainers,
    /// The past of numbers.
    pub(crate) history: SeriesHistory,
    /// The probes that agents ask.
    pub(crate) probes: ProbeExchange,
    /// Resolves when the server stops.
    pub(crate) stop: CancellationToken,
}

/// The parts that a started feature adds to the server.
pub(crate) struct FeatureParts {
    /// Its handlers of messages from clients, each with the pattern of its topics.
    pub(crate) inbound: Vec<(&'static str, Arc<dyn InboundHandler>)>,
    /// Its raw namespaces on Socket.IO.
    pub(crate) namespaces: Vec<RawNamespace>,
    /// Its wire forms, for the metrics.
    pub(crate) forms: &'static [&'static WireFormat],
    /// Its metrics.
    pub(crate) metrics: Option<Box<dyn Collector>>,
    /// Its share in whether the server is ready.
    pub(crate) health: Option<Arc<dyn HealthCheck>>,
    /// The hosts that pages show.
    pub(crate) hosts: Option<Arc<dyn HostReader>>,
    /// Its tasks.
    pub(crate) tasks: Vec<Task>,
    /// Its threads.
    pub(crate) workers: Vec<Box<dyn Worker>>,
    /// Wraps the whole router, for a feature that looks at requests of others.
    pub(crate) around: Option<fn_box::Around>,
    /// Makes its routes, each with the state that it needs.
    pub(crate) routes: fn_box::Routes,
}

/// The boxed functions of [`FeatureParts`].
pub(crate) mod fn_box {
    use super::{Assembly, Router};

    pub(crate) type Around = Box<dyn FnOnce(Router) -> Router + Send>;
    pub(crate) type Routes = Box<dyn FnOnce(&Assembly) -> Router + Send>;
}

impl Default for FeatureParts {
    fn default() -> Self {
        Self {
            inbound: Vec::new(),
            namespaces: Vec::new(),
            forms: &[],
            metrics: None,
            health: None,
            hosts: None,
            tasks: Vec::new(),
            workers: Vec::new(),
            around: None,
            routes: Box::new(|_| Router::new()),
        }
    }
}

/// A text that is made when somebody asks for it: making it takes more memory than an idle server has, and most are never asked.
pub(crate) type ApiDescription = Arc<LazyLock<String, Box<dyn FnOnce() -> String + Send>>>;

/// The whole that the routes of features are made from, once all features have started.
pub(crate) struct Assembly {
    pub(crate) live: Live,
    /// The address that the server listens on.
    pub(crate) address: SocketAddr,
    /// The metrics of all features.
    pub(crate) registry: Arc<Registry>,
    /// The health checks of all features.
    pub(crate) health: Arc<[Arc<dyn HealthCheck>]>,
    pub(crate) pages: PageState,
    /// The description of the operations of all features.
    pub(crate) api: ApiDescription,
}

/// The state of everything that renders a page; cheap to clone.
#[derive(Clone)]
pub(crate) struct PageState {
    pub(crate) hosts: Arc<dyn HostReader>,
    pub(crate) site: Site,
    pub(crate) base: BasePath,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Reads the hosts that pages show.
pub(crate) trait HostReader: Send + Sync {
    /// Returns all that a page shows of a host before the first live event to a reader of these topics, if there is such a host.
    fn snapshot(&self, host: &HostId, may_read: &dyn Fn(&Topic) -> bool) -> Option<HostSnapshot>;
    /// Returns the facts of a host, if it is watched.
    fn info(&self, host: &HostId) -> Option<Arc<HostInfo>>;
    /// Returns the spikes of a host from a time up to another, milliseconds since 1970; the newest first, and no more than a page shows.
    fn spikes(&self, host: &HostId, from: u64, to: u64) -> Vec<Spike>;
    /// Returns the catalog of metrics, and of the panels for a reader of these topics.
    fn catalog(&self, may_read: &dyn Fn(&Topic) -> bool) -> &'static MetricCatalog;
}

/// Tells whether a feature is ready.
pub(crate) trait HealthCheck: Send + Sync {
    /// Returns its health at this moment.
    fn health(&self) -> Health;
}

/// The health of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Health {
    /// In a line, why it is not ready; none if it is.
    pub(crate) failure: Option<String>,
    /// Lines for operators, each with its end.
    pub(crate) details: String,
}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Feature").field(&self.name).finish()
    }
}
