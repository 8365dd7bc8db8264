//! The server's end: the log behind Socket.IO behind Engine.IO.

use std::{sync::Arc, time::Duration};

use axum::Router;
use fanout::WireFormat;
use tokio::time::Instant;

use super::{
    ENTRY, SocketIo, engine,
    log_bridge::{AdmissionOutcome, BridgeState, LogBridge, TurnedAwayCounts},
    sockets::{self, Namespaces},
    wire,
};
use crate::{live::Live, server_transport::ServerTransport};

/// The interval of pings, and the time within which a client has to answer: Engine.IO's own defaults.
const PING_INTERVAL: Duration = Duration::from_secs(25);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// The time within which an upgrade to a WebSocket has to end.
const UPGRADE_TIMEOUT: Duration = Duration::from_secs(10);
/// The time for which a connection may be in no namespace.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The time for which a connection that will be told to come back later may be in no namespace.
const TURN_AWAY_TIMEOUT: Duration = Duration::from_secs(2);
/// The most namespaces of one connection.
const NAMESPACES: usize = 16;
/// The sessions on long-polling that are being told so at once.
const TURNED_AWAY: usize = 1_000;

impl ServerTransport for SocketIo {
    const WIRE_FORMATS: &'static [&'static WireFormat] =
        &[&wire::MAIN_FRAME, &wire::KIND_FRAME, &wire::MAIN_PACKET, &wire::KIND_PACKET];

    fn routes(live: &Live) -> Router {
        routes(live.clone())
    }
}

/// The routes, with these plain namespaces besides those of the log.
fn routes(live: Live) -> Router {
    let limits = live.admission.limits().clone();
    let settings = engine::EngineSettings {
        ping_interval: PING_INTERVAL,
        ping_timeout: PING_TIMEOUT,
        upgrade_timeout: UPGRADE_TIMEOUT,
        max_payload: limits.message_bytes,
        messages_per_second: limits.messages_per_second,
        stall: limits.stall,
        sessions: if limits.connections == 0 { 0 } else { limits.connections + TURNED_AWAY },
    };
    let (shared, turned_away) = (Arc::new(BridgeState::new(live)), TurnedAwayCounts::default());
    engine::router(ENTRY.path, settings, move |peer, principal| {
        let admission = &shared.live.admission;
        let (entrance, connect_timeout) = match admission.admit(&admission.stats(peer, principal, &ENTRY)) {
            Some(permit) => (AdmissionOutcome::Admitted(permit), CONNECT_TIMEOUT),
            None => {
                (AdmissionOutcome::TurnedAway { _place: turned_away.register(peer.ip())? }, TURN_AWAY_TIMEOUT)
            }
        };
        let attachment_bytes = limits.message_bytes;
        let settings =
            sockets::NamespaceSettings { connect_timeout, namespaces: NAMESPACES, attachment_bytes };
        Some(Namespaces::new(LogBridge::new(Arc::clone(&shared), entrance), settings, Instant::now()))
    })
}
