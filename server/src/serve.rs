//! Starting, running and stopping a server.

use std::{
    io::{self, Write},
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::Duration,
};

use access::{AccessTable, Authorizer};
use anyhow::Context;
use broker_journal::JournalBroker;
use common::{door::paths, frame::ByeReason};
use fanout::{Hub, SystemClock};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use transports::{
    gate::{Admission, OriginPolicy, TrustedProxies},
    live::Live,
};

use crate::{
    BasePath,
    access::{Authenticator, Gatekeeper, OpenHouse},
    accounts::{
        self, AccountDirectory, AgentKey, AnonymousTopics, BearerToken, DoorState, SessionCookie, WallDisplay,
    },
    certificates,
    config::Config,
    containers::{EngineDoor, RemoteContainers},
    feature::{Assembly, PageState, StartContext},
    features, history,
    listen::{self, Accepting, Listener, Routers},
    log_setup::{self, OpenLog},
    open_files,
    operator_token::OperatorToken,
    ops::{self, LiveMetrics},
    probing::exchange::ProbeExchange,
    router::{self, FrontDoor},
    shutdown::Signals,
    streams::Streams,
    systemd,
    tasks::{Supervisor, Task, Worker},
    tls,
    web::{self, site::Site},
};

/// Connections may take this long to end after the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(3);
/// The disk may then take this long to store the log's end.
const STORE: Duration = Duration::from_secs(1);
/// A stopped server is usually back after this long, milliseconds; clients come back after it,
const RETURN_MS: u64 = 1_000;
/// spread over this much more, and with many connections over a millisecond for each: whoever they come to accepts a thousand a second.
const RETURN_SPREAD_MS: u64 = 2_000;
/// A topic that is published to more often than this wakes its readers only so often: half the wakes and writes at a thousand
/// entries a second, and nobody sees two milliseconds.
const GATHER: Duration = Duration::from_millis(2);
/// The log evicts expired entries this often.
const SWEEP: Duration = Duration::from_secs(30);

/// A server that has taken its port.
pub struct Server {
    listeners: Vec<Listener>,
    tls: Option<tls::TlsSetup>,
    idle: Duration,
    hub: Hub,
    accounts: AccountDirectory,
    /// The first name under which it is asked.
    name: Option<String>,
    base: BasePath,
    journal: Option<JournalBroker>,
    proxies: TrustedProxies,
    routers: Routers,
    tasks: Vec<Task>,
    workers: Vec<Box<dyn Worker>>,
    stop: CancellationToken,
}

/// Serves until the process is asked to end.
///
/// # Errors
/// When the port or the data folder cannot be had.
pub async fn run(config: Config) -> anyhow::Result<()> {
    open_files::raise(config.limits.connections);
    let signals = Signals::listen().context("cannot listen to signals")?;
    let server = Server::bind(&config).await?;
    if let Some(tls) = &server.tls {
        signals.reload(tls.certificates.clone());
    }
    let beyond_loopback = server.listeners.iter().any(Listener::is_beyond_loopback);
    for listener in &server.listeners {
        // Programs that start the server wait for the first of these lines, and may close the pipe after it.
        let _ = writeln!(
            io::stdout(),
            "listening on {}{}",
            listener.shown(server.scheme())?,
            server.base.as_str()
        );
    }
    if let Some(link) = server.first_account_link()? {
        // Whoever starts the server has to read it, and no log. A starter that has closed the pipe does not.
        let _ = writeln!(io::stdout(), "make the first account at {link}");
        if server.listeners.iter().any(Listener::leads_outside) {
            tracing::warn!(
                "there are no accounts yet: nothing but the link that makes the first one is served"
            );
        } else {
            tracing::info!(
                "there are no accounts yet: whoever reaches this server on loopback reads the numbers and the chat"
            );
        }
    }
    if server.tls.is_none() && beyond_loopback {
        tracing::warn!(
            "passwords and numbers travel as they are: set tls.cert and tls.key, or let a proxy on this machine speak TLS"
        );
    }
    systemd::ready();
    server.serve(signals.asked_to_end()).await;
    Ok(())
}

impl Server {
    /// Takes the port and prepares what is served.
    ///
    /// # Errors
    /// When the port or the data folder cannot be had.
    pub async fn bind(config: &Config) -> anyhow::Result<Self> {
        let tls = tls::acceptor(&config.tls, &config.data_dir, &config.hosts)?;
        let OpenLog { hub, journal } =
            log_setup::open(config, features::topic_policies(), Arc::new(SystemClock)).await?;
        let listeners = listen::open(&config.listen).await?;
        let stop = CancellationToken::new();
        let open_house = OpenHouse::new(!listeners.iter().any(Listener::leads_outside));
        let accounts = accounts::open(config, Arc::clone(hub.clock()), open_house.clone()).await?;
        let shown = config.anonymous_topics.iter().map(AnonymousTopics::pattern).cloned();
        let authorizer: Arc<dyn Authorizer> = Arc::new(AccessTable { anonymous_topics: shown.collect() });
        let context = StartContext {
            config,
            hub: hub.clone(),
            tls: tls.is_some(),
            accounts: accounts.clone(),
            authorizer: Arc::clone(&authorizer),
            streams: Streams::new(hub.clone()),
            engine: EngineDoor::new(),
            containers: RemoteContainers::new(hub.clone()),
            history: history::open(config, &hub)?,
            probes: ProbeExchange::default(),
            stop: stop.clone(),
        };
        let mut started = features::start(&context)?;
        let live = Live {
            hub: hub.clone(),
            authorizer: Arc::clone(&authorizer),
            admission: Admission::new(config.transport_limits(), Arc::clone(hub.clock())),
            pace: Arc::new(config.pace()),
            inbound: Arc::new(started.inbound),
            compression: config.live.compression,
            raw_namespaces: started.namespaces.into(),
        };
        let (admission, forms) = (live.admission.clone(), started.forms);
        started.registry.register_collector(Box::new(LiveMetrics { hub: hub.clone(), admission, forms }));
        let assembly = Assembly {
            live,
            address: listen::shown_address(&listeners)?,
            registry: Arc::new(started.registry),
            health: started.health.into(),
            pages: PageState {
                hosts: started.hosts.context("no feature tells of hosts")?,
                site: Site::find(config.site.as_ref()),
                base: config.base_path.clone(),
                clock: Arc::clone(hub.clock()),
            },
            api: {
                let base = config.base_path.clone();
                Arc::new(LazyLock::new(Box::new(move || {
                    features::api_description(&base).unwrap_or_else(|error| {
                        tracing::error!(%error, "the description of the REST API could not be made");
                        String::new()
                    })
                })))
            },
        };
        let operator = OperatorToken::open(config.operator.token.as_ref(), &config.data_dir)?;
        let authenticators: [Arc<dyn Authenticator>; 6] = [
            Arc::new(AgentKey(accounts.clone())),
            Arc::new(operator),
            Arc::new(BearerToken(accounts.clone())),
            Arc::new(SessionCookie {
                accounts: accounts.clone(),
                tls: tls.is_some(),
                base: config.base_path.clone(),
            }),
            Arc::new(open_house),
            Arc::new(WallDisplay::new(accounts.clone(), &config.anonymous_topics)),
        ];
        let door = FrontDoor {
            gatekeeper: Gatekeeper {
                authenticators: authenticators.into(),
                authorizer,
                pages: Arc::new(DoorState {
                    accounts: accounts.clone(),
                    pages: assembly.pages.clone(),
                    tls: tls.is_some(),
                }),
            },
            proxies: TrustedProxies::new(config.trusted_proxies.iter().copied(), config.proxy_protocol),
            origins: OriginPolicy::new(config.hosts.iter().cloned())
                .with_files(web::pages::FILES)
                .with_probe(ops::PROBE),
            base: config.base_path.clone(),
        };
        let routers = Routers {
            all: router::all(&door, &assembly, started.routes, started.around),
            full: router::full(&door),
        };
        let mut tasks = log_tasks(&hub);
        tasks.extend(started.tasks);
        tasks.extend(systemd::watchdog(&hub));
        tasks.extend(tls.as_ref().map(|tls| certificates::watch(&tls.certificates)));
        let name = config.hosts.first().map(ToString::to_string);
        let idle = Duration::from_secs(config.limits.idle_seconds);
        let (proxies, workers) = (door.proxies, started.workers);
        Ok(Self {
            listeners,
            tls,
            idle,
            hub,
            accounts,
            name,
            base: config.base_path.clone(),
            journal,
            proxies,
            routers,
            tasks,
            workers,
            stop,
        })
    }

    /// Returns the first address that the server listens on; where it has unix sockets alone, that of loopback without a port.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        listen::shown_address(&self.listeners)
    }

    /// The log, for tests that publish without a request.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Returns the link that makes the first account; none where there is an account.
    ///
    /// # Errors
    /// When the system has no randomness, or cannot tell the address.
    pub fn first_account_link(&self) -> anyhow::Result<Option<String>> {
        let Some(link) = self.accounts.first_account_link()? else { return Ok(None) };
        let address = self.address()?;
        let site = match &self.name {
            // On unix sockets alone a proxy is in front, which speaks TLS to browsers.
            Some(name) if address.port() == 0 => format!("https://{name}"),
            None if address.port() == 0 => "http://localhost".to_owned(),
            Some(name) if !address.ip().is_loopback() => {
                format!("{}://{name}:{}", self.scheme(), address.port())
            }
            _ => format!("{}://{address}", self.scheme()),
        };
        Ok(Some(format!("{site}{}?link={link}", self.base.join(paths::SET_UP))))
    }

    fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Serves until `asked_to_end`, then tells every client when to come back and ends within five seconds.
    pub async fn serve(self, asked_to_end: impl Future<Output = ()>) {
        let (hub, journal) = (self.hub, self.journal);
        if let Some(journal) = &journal
            && let Err(error) = journal.allow_inline_writes(&Handle::current())
        {
            tracing::warn!(%error, "each publication is written by a thread of its own");
        }
        let mut background = Supervisor::start(self.tasks, self.workers);
        let tls = self.tls.map(|tls| tls.acceptor);
        let accepting = listen::accept(Accepting {
            listeners: self.listeners,
            proxies: self.proxies,
            tls,
            routers: self.routers,
            idle: self.idle,
            clock: Arc::clone(hub.clock()),
            stop: self.stop.clone(),
        });
        let accepting = tokio::spawn(accepting);
        asked_to_end.await;
        systemd::stopping();
        self.stop.cancel();
        background.hang_up();
        let connections = u64::try_from(hub.metrics().subscriptions).unwrap_or(u64::MAX);
        hub.close(ByeReason::Shutdown, RETURN_MS, RETURN_SPREAD_MS.max(connections));
        let drained = tokio::time::timeout(DRAIN, async {
            hub.drained().await;
            accepting.await
        });
        if drained.await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        match tokio::time::timeout(STORE, hub.flush()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the log may lack its end"),
            Err(_) => {
                tracing::warn!("the disk did not take the log's end in time");
                if let Some(journal) = &journal {
                    journal.abandon_disk();
                }
            }
        }
        background.stop().await;
    }
}

/// The background work of the log itself.
fn log_tasks(hub: &Hub) -> Vec<Task> {
    let (sweeping, coalescing) = (hub.clone(), hub.clone());
    let coalesce = move || {
        let hub = coalescing.clone();
        async move { hub.coalesce(GATHER).await }
    };
    vec![Task::new("sweep", move || sweep(sweeping.clone())), Task::new("coalesce", coalesce)]
}

async fn sweep(hub: Hub) {
    let mut due = tokio::time::interval(SWEEP);
    loop {
        due.tick().await;
        let hub = hub.clone();
        // It may wait for the disk.
        if tokio::task::spawn_blocking(move || hub.sweep()).await.is_err() {
            return;
        }
    }
}
