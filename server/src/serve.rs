//! Starting, running and stopping a server.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use common::frame::ByeReason;
use hub::Hub;
use tokio::{net::TcpListener, runtime::Handle};
use tokio_util::sync::CancellationToken;
use transports::{
    gate::{Admission, OriginPolicy, RateLimiter, TrustedProxies},
    live::{Live, Pace},
};

use crate::{
    chat::{Announcements, Chat, Posts},
    config::Config,
    doctor::Doctor,
    hosts::{self, HostCollector},
    hub_setup,
    lab::Labs,
    listen::{self, Routers},
    message_router::MessageRouter,
    open_files,
    operator_token::OperatorToken,
    router,
    shutdown::Signals,
    state::App,
    tls, web,
};

/// Connections may take this long to end after the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(3);
/// The disk may then take this long to store the log's end.
const STORE: Duration = Duration::from_secs(1);
/// A stopped server is usually back after this long, milliseconds; clients come back after it,
const RETURN_MS: u64 = 1_000;
/// spread over this much more.
const RETURN_SPREAD_MS: u64 = 2_000;
/// A topic that is published to more often than this wakes its readers only so often: half the wakes and writes at a thousand
/// entries a second, and nobody sees two milliseconds.
const GATHER: Duration = Duration::from_millis(2);
/// The log evicts expired entries this often.
const SWEEP: Duration = Duration::from_secs(30);

/// A server that has taken its port.
pub struct Server {
    listener: TcpListener,
    tls: Option<tls::TlsSetup>,
    idle: Duration,
    app: App,
    collector: HostCollector,
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
    let address = server.address()?;
    #[allow(clippy::print_stdout, reason = "the one line that programs which start the server wait for")]
    {
        println!("listening on {}://{address}", if server.tls.is_some() { "https" } else { "http" });
    }
    tracing::info!(%address, "open on loopback only: there are no accounts yet, so whoever reaches it reads the numbers and the chat");
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
        let hub = hub_setup::open(config)?;
        let proxies = TrustedProxies::new(config.trusted_proxies.iter().copied(), config.proxy_protocol);
        let listener = listen::bind(config.listen).await?;
        let pace = Pace {
            heartbeat: Duration::from_millis(config.live.heartbeat_ms),
            retry: Duration::from_millis(config.live.retry_ms),
            max_age: match config.live.max_age_seconds {
                0 => None,
                seconds => Some(Duration::from_secs(seconds)),
            },
        };
        let admission = Admission::new(config.transport_limits());
        let stop = CancellationToken::new();
        let collect = hosts::CollectorSettings {
            fast: Duration::from_millis(config.collect.fast_ms),
            slow: Duration::from_millis(config.collect.slow_ms),
            prober: config.prober.clone(),
        };
        let collector = hosts::start(hub.clone(), collect)?;
        let (chat, labs) =
            (Chat::new(hub.clone(), config.limits.connections_per_address), Labs::new(hub.clone()));
        let inbox = MessageRouter::default()
            .with("chat/*", Posts(chat.clone()))
            .with("presence/*", Announcements(chat.clone()));
        let app = App {
            live: Live {
                hub,
                admission,
                pace: Arc::new(pace),
                inbound: Arc::new(inbox),
                compression: config.live.compression,
                raw_namespaces: [hosts::cpumemdisk::namespace()].into(),
            },
            host: Arc::clone(collector.local()),
            chat,
            labs,
            doctor: Doctor::new(tls.is_some(), stop.clone()),
            operator: OperatorToken::open(config.operator.token.as_ref(), &config.data_dir)?,
            proxies,
            publishers: Arc::new(RateLimiter::new(config.limits.publications_per_second)),
            sites: OriginPolicy::new(config.hosts.iter().cloned()).with_files(web::pages::FILES),
            address: listener.local_addr()?,
            site: web::site::options(),
        };
        let idle = Duration::from_secs(config.limits.idle_seconds);
        Ok(Self { listener, tls, idle, app, collector, stop })
    }

    /// Returns the address that the server listens on.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The log, for tests that publish without a request.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.app.live.hub
    }

    /// Serves until `asked_to_end`, then tells every client when to come back and ends within five seconds.
    pub async fn serve(mut self, asked_to_end: impl Future<Output = ()>) {
        let hub = self.app.live.hub.clone();
        if let Err(error) = hub.allow_inline_writes(&Handle::current()) {
            tracing::warn!(%error, "each publication is written by a thread of its own");
        }
        let keeping = tokio::spawn(self.app.chat.clone().keep());
        let proxies = self.app.proxies.clone();
        let full = router::full(&self.app);
        let routers = Routers { all: router::all(self.app), full };
        let tls = self.tls.map(|tls| tls.acceptor);
        let accepting = listen::accept(self.listener, proxies, tls, routers, self.idle, self.stop.clone());
        let accepting = tokio::spawn(accepting);
        let sweeping = tokio::spawn(sweep(hub.clone()));
        let gathering = tokio::spawn({
            let hub = hub.clone();
            async move { hub.coalesce(GATHER).await }
        });
        asked_to_end.await;
        self.stop.cancel();
        // First, so that a round which is under way has ended by the time the connections have.
        self.collector.hang_up();
        hub.close(ByeReason::Shutdown, RETURN_MS, RETURN_SPREAD_MS);
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
                hub.abandon_disk();
            }
        }
        sweeping.abort();
        gathering.abort();
        keeping.abort();
        self.collector.stop();
    }
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
