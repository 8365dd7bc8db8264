//! The takeover of a connection by a handler, for as long as the connection lives or its response takes.

use std::{future::pending, net::SocketAddr, sync::Arc, time::Duration};

use access::Principal;
use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{Method, StatusCode, Version, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use common::{frame::ErrorCode, status::ExactStatus};
use fanout::Clock;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;

use super::{
    buffered_response::BufferedResponse,
    deferred_response::{DeferredResponse, PollHandler, wait},
    head,
    pipe::pipe,
    request_cache::RequestHead,
    serve::{Activity, Peer, SharedBody, Streams},
    socket::Socket,
};
use crate::{
    catalog::Entry,
    connections::ConnectionStats,
    gate::{Admission, ApiRejection, principal},
};

/// The task that goes on with the socket. It may return the socket, to be served again.
pub(super) type TakeoverTask = Box<dyn FnOnce(Socket) -> BoxFuture<'static, Option<Socket>> + Send>;

/// The slot between a handler and the driver of its connection.
#[derive(Clone)]
pub(super) struct TakeoverSlot(Arc<TakeoverState>);

struct TakeoverState {
    taken: Mutex<Option<TakeoverTask>>,
    activity: Activity,
    /// The body of the request that is answered.
    body: Mutex<Option<SharedBody>>,
    /// The time for which the connection is kept between two requests.
    idle: Duration,
    clock: Arc<dyn Clock>,
}

impl TakeoverSlot {
    pub(super) fn new(idle: Duration, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(TakeoverState {
            taken: Mutex::default(),
            activity: Activity::default(),
            body: Mutex::default(),
            idle,
            clock,
        }))
    }

    /// Returns the activity of the connection.
    pub(super) fn activity(&self) -> &Activity {
        &self.0.activity
    }

    /// Notes the body of the request that is answered from now on.
    pub(super) fn set_body(&self, body: Option<SharedBody>) {
        *self.0.body.lock() = body;
    }

    /// Reports that the client's end has to wait: what was asked for before it is not yet answered. A request whose body the end has cut off
    /// is not whole, and waits for nothing.
    pub(super) fn hold_eof(&self) -> bool {
        let is_cut_off = self.0.body.lock().as_ref().is_some_and(SharedBody::is_starved);
        !is_cut_off && self.0.activity.hold_eof()
    }

    /// Takes out what a handler left, once hyper has written everything before it: the rest would be lost with hyper.
    pub(super) fn take(&self) -> Option<TakeoverTask> {
        if self.0.activity.is_unwritten() {
            return None;
        }
        self.0.taken.lock().take()
    }
}

/// The right of one handler to its connection.
pub struct ConnectionTakeover {
    way: ConnectionKind,
    /// The peer's address.
    pub peer: SocketAddr,
    /// On whose behalf the request is.
    pub principal: Arc<Principal>,
    /// The statistics of its connection, if it has polled on it before.
    stats: Option<Arc<ConnectionStats>>,
}

enum ConnectionKind {
    /// HTTP/1: the socket itself.
    Socket { slot: TakeoverSlot, chunked: bool, keep: bool, head: Option<RequestHead> },
    /// HTTP/2: the body of the answer.
    Body(Streams),
}

impl ConnectionTakeover {
    /// Reports that a body without a length has to be written in chunks (RFC 9112 §7.1). HTTP/1.0 has no chunks, its
    /// bodies end with the connection; HTTP/2 has its own frames.
    #[must_use]
    pub fn chunked(&self) -> bool {
        matches!(self.way, ConnectionKind::Socket { chunked: true, .. })
    }

    /// Returns the client's statistics: those of its last poll on this connection, or new ones.
    #[must_use]
    pub fn stats(&self, admission: &Admission, transport: &'static Entry) -> Arc<ConnectionStats> {
        // A proxy's connection may carry one client's poll after another's.
        let existing = self
            .stats
            .as_ref()
            .filter(|stats| stats.transport() == transport && stats.peer().ip() == self.peer.ip())
            // One whose role has changed came with the same proof, and has other rights.
            .filter(|stats| stats.principal().is_same_as(&self.principal) && !stats.principal().is_revoked());
        existing
            .cloned()
            .unwrap_or_else(|| admission.stats(self.peer, Arc::clone(&self.principal), transport))
    }

    /// Answers 200 with a body that `run` writes for as long as it likes. The second argument of `run` is what it has to
    /// write first.
    pub async fn stream<F>(
        self,
        content_type: &'static str,
        first: Bytes,
        run: impl FnOnce(Socket, Bytes) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let own = head::stream(content_type);
        match self.way {
            ConnectionKind::Socket { slot, chunked, .. } => {
                let mut head = BytesMut::with_capacity(512 + first.len());
                head::write(&mut head, StatusCode::OK, &own, &*slot.0.clock);
                if chunked {
                    head::line(&mut head, "transfer-encoding", b"chunked");
                }
                // After the stream's end nothing more is answered here.
                head.extend_from_slice(b"connection: close\r\n\r\n");
                head.extend_from_slice(&first);
                let head = head.freeze();
                take(
                    &slot,
                    Box::new(move |socket| {
                        Box::pin(async move {
                            run(socket, head).await;
                            None
                        })
                    }),
                )
                .await
            }
            ConnectionKind::Body(streams) => {
                let (pipe, body) = pipe();
                let open = streams.live();
                tokio::spawn(async move {
                    run(pipe.into(), first).await;
                    drop(open);
                });
                let mut response = Response::new(Body::new(body));
                head::fill(response.headers_mut(), &own);
                response
            }
        }
    }

    /// Gives the socket to `run`, for another protocol than HTTP (RFC 9110 §7.8). The answer's head is `run`'s to write.
    pub async fn upgrade<F>(self, run: impl FnOnce(Socket) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        match self.way {
            ConnectionKind::Socket { slot, .. } => {
                take(
                    &slot,
                    Box::new(move |socket| {
                        Box::pin(async move {
                            run(socket).await;
                            None
                        })
                    }),
                )
                .await
            }
            ConnectionKind::Body(_) => {
                let message = "an upgrade needs HTTP/1.1: HTTP/2 has no sockets to give";
                ApiRejection::exact(ExactStatus::VersionNotSupported, message).into_response()
            }
        }
    }

    /// Answers when `answer` is ready, and lets it wait outside of hyper: a request that waits costs a socket and what
    /// `answer` holds. It is dropped when the client leaves.
    pub async fn respond_later(
        self,
        answer: impl Future<Output = BufferedResponse> + Send + 'static,
    ) -> Response {
        self.defer(Box::pin(answer), None).await
    }

    /// Answers a client that will poll again and again. The next polls on its connection come to `ask` without hyper,
    /// if nothing but their query is new. So `ask` gets no more than the query, and reads it anew each time.
    pub async fn serve_polls(self, query: Option<&str>, ask: PollHandler) -> Response {
        self.defer(ask(query, None), Some(ask)).await
    }

    async fn defer(self, answer: BoxFuture<'static, BufferedResponse>, ask: Option<PollHandler>) -> Response {
        match self.way {
            ConnectionKind::Socket { slot, keep, head, .. } => {
                let again = head.and_then(RequestHead::accepted).zip(ask);
                let waiting = DeferredResponse {
                    answer,
                    again,
                    keep,
                    idle: slot.0.idle,
                    clock: Arc::clone(&slot.0.clock),
                };
                take(&slot, Box::new(move |socket| Box::pin(wait(socket, waiting)))).await
            }
            ConnectionKind::Body(streams) => {
                // A poll that waits is a live stream, too.
                let open = streams.live();
                let answer = answer.await.into_response();
                drop(open);
                answer
            }
        }
    }
}

/// Never returns: the driver drops the handler.
async fn take(slot: &TakeoverSlot, taken: TakeoverTask) -> Response {
    *slot.0.taken.lock() = Some(taken);
    pending().await
}

impl<S: Sync> FromRequestParts<S> for ConnectionTakeover {
    type Rejection = ApiRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiRejection> {
        if parts.method == Method::HEAD {
            // A live response is nothing but its body.
            return Err(ApiRejection::new(
                ErrorCode::MethodNotAllowed,
                "a live connection is asked for with GET",
            ));
        }
        let closes = parts.headers.get_all(header::CONNECTION).iter().any(|value| {
            value
                .to_str()
                .is_ok_and(|list| list.split(',').any(|item| item.trim().eq_ignore_ascii_case("close")))
        });
        let chunked = parts.version == Version::HTTP_11;
        if let Some(mut body) = parts.extensions.remove::<SharedBody>()
            && !body.is_empty().await
        {
            return Err(ApiRejection::new(
                ErrorCode::BadRequest,
                "a live connection is asked for without a body",
            ));
        }
        // Proxies may disagree with us on where a coded body ends (RFC 9112 §6.1): nothing more is read from there.
        let coded = parts.headers.contains_key(header::TRANSFER_ENCODING);
        let has_body = coded || parts.headers.contains_key(header::CONTENT_LENGTH);
        let head = parts.extensions.remove::<RequestHead>().filter(|_| !has_body);
        let stats = parts.extensions.remove::<Arc<ConnectionStats>>();
        let socket = parts.extensions.get::<TakeoverSlot>().cloned();
        let socket = socket.map(|slot| ConnectionKind::Socket {
            slot,
            chunked,
            keep: chunked && !closes && !coded,
            head,
        });
        let way = socket.or_else(|| parts.extensions.get::<Streams>().cloned().map(ConnectionKind::Body));
        let principal = principal(&parts.extensions);
        match (way, parts.extensions.get::<Peer>()) {
            (Some(way), Some(Peer(peer))) => Ok(Self { way, peer: *peer, principal, stats }),
            _ => Err(ApiRejection::exact(
                ExactStatus::VersionNotSupported,
                "live connections need HTTP/1.1 or HTTP/2",
            )),
        }
    }
}
