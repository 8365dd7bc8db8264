//! The one address of a server: what a request asks for, and who answers it.

use std::{collections::VecDeque, net::SocketAddr, sync::Arc};

use access::Principal;
use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::any,
};
use serde::Serialize;
use tokio::time::Instant;

use super::{
    application::{DisconnectReason, EngineApplication},
    carrier::Carrier,
    connection::Connection,
    error::EngineError,
    id,
    packet::EnginePacket,
    polling::{self, NamedSession},
    session::Session,
    session_table::{SessionLookup, SessionTable},
    settings::EngineSettings,
    upgrade::{self, Probe},
    websocket::{Terms, WebSocketConnection},
};
use crate::{
    conn::{ConnectionTakeover, Peer, linger_close_websocket},
    gate::principal,
    websocket::{
        decode::FrameDecoder,
        handshake::{self, Accepted},
        wire,
    },
};

struct Server<A> {
    settings: EngineSettings,
    sessions: Arc<SessionTable<A>>,
    open: Box<dyn Fn(SocketAddr, Arc<Principal>) -> Option<A> + Send + Sync>,
}

/// A server at `path`; `open` gives each connection, by the address of its client and on whose behalf it is, what stands behind it. Where it gives
/// nothing, the client is answered with 503.
pub fn router<A: EngineApplication>(
    path: &str,
    settings: EngineSettings,
    open: impl Fn(SocketAddr, Arc<Principal>) -> Option<A> + Send + Sync + 'static,
) -> Router {
    let sessions = SessionTable::new(settings.sessions, settings.stall);
    let server = Arc::new(Server { settings, sessions, open: Box::new(open) });
    let path = path.trim_end_matches('/');
    Router::new()
        .route(path, any(answer::<A>))
        .route(&format!("{path}/"), any(answer::<A>))
        .with_state(server)
}

/// The query of a request.
#[derive(Debug, Default)]
struct EngineQuery {
    version: Option<String>,
    transport: Option<String>,
    sid: Option<String>,
}

impl EngineQuery {
    fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "EIO" => asked.version = Some(value.into_owned()),
                "transport" => asked.transport = Some(value.into_owned()),
                "sid" => asked.sid = Some(value.into_owned()),
                _ => {}
            }
        }
        asked
    }

    fn carrier(&self) -> Result<Carrier, EngineError> {
        match self.transport.as_deref() {
            Some("polling") => Ok(Carrier::Polling),
            Some("websocket") => Ok(Carrier::WebSocket),
            _ => Err(EngineError::Transport),
        }
    }
}

async fn answer<A: EngineApplication>(State(server): State<Arc<Server<A>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let permitted = permit(&parts);
    let mut response = if parts.method == Method::OPTIONS {
        preflight()
    } else {
        let asked = EngineQuery::read(parts.uri.query().unwrap_or_default());
        match asked.carrier() {
            Ok(Carrier::Polling) => poll(&server, parts, asked, body).await,
            Ok(Carrier::WebSocket) => connect(server, parts, asked).await,
            Err(refusal) => Err(refusal),
        }
        .unwrap_or_else(IntoResponse::into_response)
    };
    response.headers_mut().extend(permitted);
    response
}

/// Returns the CORS headers of a response. The gate has let in no origin but this site's own; where a proxy changes
/// the scheme, a browser takes it for another, and wants a permission to read the response.
fn permit(parts: &Parts) -> Vec<(HeaderName, HeaderValue)> {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return Vec::new() };
    vec![
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()),
        (header::VARY, HeaderValue::from_static("origin")),
    ]
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

async fn poll<A: EngineApplication>(
    server: &Server<A>,
    mut parts: Parts,
    asked: EngineQuery,
    body: Body,
) -> Result<Response, EngineError> {
    let Some(sid) = asked.sid.clone() else { return server.handshake(&parts, &asked) };
    let SessionLookup::Session(session) =
        server.sessions.find(&sid, &principal(&parts.extensions), Instant::now()).ok_or(EngineError::Sid)?
    else {
        return Err(EngineError::Request);
    };
    let named = NamedSession { sid, session, sessions: Arc::clone(&server.sessions) };
    match parts.method {
        Method::GET => {
            let takeover = ConnectionTakeover::from_request_parts(&mut parts, &()).await;
            polling::ask(named, takeover.map_err(|_| EngineError::Request)?, permit(&parts)).await
        }
        Method::POST => {
            Ok(polling::post_body(named, &parts.headers, body, server.settings.max_payload).await)
        }
        _ => Err(EngineError::Request),
    }
}

async fn connect<A: EngineApplication>(
    server: Arc<Server<A>>,
    mut parts: Parts,
    asked: EngineQuery,
) -> Result<Response, EngineError> {
    if asked.sid.is_none() {
        check(&parts, &asked)?;
    }
    // Uncompressed: a publication's frame is coded once for all, and most others are short.
    let Accepted { head, .. } =
        handshake::accept(&parts.method, &parts.headers, false).map_err(|_| EngineError::Request)?;
    let takeover =
        ConnectionTakeover::from_request_parts(&mut parts, &()).await.map_err(|_| EngineError::Request)?;
    let terms = Terms { longest: server.settings.max_payload, stall: server.settings.stall };
    if let Some(sid) = asked.sid {
        let found =
            server.sessions.find(&sid, &takeover.principal, Instant::now()).ok_or(EngineError::Sid)?;
        let Some(probe) = Probe::begin(sid, found, &server.sessions) else {
            // A second WebSocket gets a close frame; the first one goes on.
            let last = [head, wire::close(DisconnectReason::BAD.code())].concat();
            return Ok(takeover.upgrade(move |io| linger_close_websocket(io, last.into())).await);
        };
        let patience = server.settings.upgrade_timeout;
        return Ok(takeover.upgrade(move |io| upgrade::run(io, head, probe, terms, patience)).await);
    }
    let application =
        (server.open)(takeover.peer, Arc::clone(&takeover.principal)).ok_or(EngineError::Full)?;
    let (_, first) = server.terms(Carrier::WebSocket)?;
    let first = [head, Carrier::WebSocket.encode(&first)].concat();
    let connection = Connection::new(application, &server.settings, Instant::now());
    let run = move |io| {
        let line = WebSocketConnection::new(io, connection, FrameDecoder::new(terms.longest), terms);
        line.run(first.into(), VecDeque::new())
    };
    Ok(takeover.upgrade(run).await)
}

fn check(parts: &Parts, asked: &EngineQuery) -> Result<(), EngineError> {
    if parts.method != Method::GET {
        return Err(EngineError::Method);
    }
    match asked.version.as_deref() {
        Some("4") => Ok(()),
        _ => Err(EngineError::Version),
    }
}

impl<A: EngineApplication> Server<A> {
    fn handshake(&self, parts: &Parts, asked: &EngineQuery) -> Result<Response, EngineError> {
        check(parts, asked)?;
        let Some(Peer(peer)) = parts.extensions.get::<Peer>() else { return Err(EngineError::Request) };
        let owner = principal(&parts.extensions);
        let application = (self.open)(*peer, Arc::clone(&owner)).ok_or(EngineError::Full)?;
        let (sid, first) = self.terms(Carrier::Polling)?;
        let now = Instant::now();
        let connection = Connection::new(application, &self.settings, now);
        if !self.sessions.insert(sid, Session::new(connection, now), owner) {
            return Err(EngineError::Full);
        }
        Ok(polling::answer(Carrier::Polling.encode(&first)))
    }

    /// A new id, and the packet that tells it with the terms.
    fn terms(&self, carrier: Carrier) -> Result<(String, EnginePacket), EngineError> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct OpenPayload<'a> {
            sid: &'a str,
            upgrades: &'a [&'a str],
            ping_interval: u128,
            ping_timeout: u128,
            max_payload: usize,
        }
        let sid = id::random().map_err(|_| EngineError::Full)?;
        let settings = &self.settings;
        let open = OpenPayload {
            sid: &sid,
            upgrades: if carrier == Carrier::Polling { &["websocket"] } else { &[] },
            ping_interval: settings.ping_interval.as_millis(),
            ping_timeout: settings.ping_timeout.as_millis(),
            // A client needs some number, by which it cuts its bodies.
            max_payload: if settings.max_payload == 0 { 1 << 30 } else { settings.max_payload },
        };
        let terms = serde_json::to_string(&open).map_err(|_| EngineError::Request)?;
        Ok((sid, EnginePacket::Open(terms)))
    }
}
