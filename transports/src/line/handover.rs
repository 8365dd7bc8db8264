//! How a handler gets a connection for as long as it lives, or for as long as its answer takes.

use std::{future::pending, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderValue, Method, StatusCode, Version, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use common::frame::ErrorCode;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;

use super::{
    drive::{Peer, SharedBody, Streams, Watch},
    head,
    known::Head,
    later::{Answer, Ask, Waiting, wait},
    pipe::pipe,
    socket::Socket,
};
use crate::{
    catalog::Entry,
    gate::{Admission, Refusal},
    roster::Meter,
};

/// What goes on with the socket; it may give it back, to be asked again.
pub(super) type Taken = Box<dyn FnOnce(Socket) -> BoxFuture<'static, Option<Socket>> + Send>;

/// The slot between a handler and the driver of its connection.
#[derive(Clone)]
pub(super) struct Slot(Arc<SlotState>);

struct SlotState {
    taken: Mutex<Option<Taken>>,
    watch: Watch,
    /// How long the connection is kept between two requests.
    idle: Duration,
}

impl Slot {
    pub(super) fn new(idle: Duration) -> Self {
        Self(Arc::new(SlotState { taken: Mutex::default(), watch: Watch::default(), idle }))
    }

    /// What is known of the connection.
    pub(super) fn watch(&self) -> &Watch {
        &self.0.watch
    }

    /// Takes out what a handler left, once hyper has written everything before it: the rest would be lost with hyper.
    pub(super) fn take(&self) -> Option<Taken> {
        if self.0.watch.is_unwritten() {
            return None;
        }
        self.0.taken.lock().take()
    }
}

/// The right of one handler to its connection.
pub struct Handover {
    way: Way,
    /// Who is at the other end.
    pub peer: SocketAddr,
    /// What counts it, where it has asked on this connection before.
    meter: Option<Arc<Meter>>,
}

enum Way {
    /// HTTP/1: the socket itself.
    Socket { slot: Slot, chunked: bool, keep: bool, head: Option<Head> },
    /// HTTP/2: the body of the answer.
    Body(Streams),
}

/// A stream says that it is not compressed (RFC 9110 §8.4 would leave that out). Proxies that compress what names no coding hold a
/// stream back until its end, `no-transform` or not (Caddy 2.6, Varnish, Traffic Server, lighttpd); what names one they leave
/// alone, and every client reads it as it is.
const NOT_COMPRESSED: &str = "identity";

impl Handover {
    /// Whether a body without a length has to be written in chunks (RFC 9112 §7.1). HTTP/1.0 knows none, its bodies
    /// end with the connection; HTTP/2 has its own frames.
    #[must_use]
    pub fn chunked(&self) -> bool {
        matches!(self.way, Way::Socket { chunked: true, .. })
    }

    /// What counts the client: the same as for its last question on this connection.
    #[must_use]
    pub fn meter(&self, admission: &Admission, transport: &'static Entry) -> Arc<Meter> {
        // A proxy's connection may carry one client's question after another's.
        let known = self
            .meter
            .as_ref()
            .filter(|meter| meter.transport() == transport && meter.peer().ip() == self.peer.ip());
        known.cloned().unwrap_or_else(|| admission.meter(self.peer, transport))
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
        match self.way {
            Way::Socket { slot, chunked, .. } => {
                let kind = HeaderValue::from_static(content_type);
                let mut head = BytesMut::with_capacity(512 + first.len());
                let coding = HeaderValue::from_static(NOT_COMPRESSED);
                let own = [(&header::CONTENT_TYPE, &kind), (&header::CONTENT_ENCODING, &coding)];
                head::write(&mut head, StatusCode::OK, own);
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
            Way::Body(streams) => {
                let (pipe, body) = pipe();
                let open = streams.live();
                tokio::spawn(async move {
                    run(pipe.into(), first).await;
                    drop(open);
                });
                let mut response = Response::new(Body::new(body));
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(NOT_COMPRESSED));
                head::live(headers);
                response
            }
        }
    }

    /// Gives the socket to `run`, for another protocol than HTTP (RFC 9110 §7.8). The answer's head is `run`'s to write.
    pub async fn take_over<F>(self, run: impl FnOnce(Socket) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        match self.way {
            Way::Socket { slot, .. } => {
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
            Way::Body(_) => {
                let message = "an upgrade needs HTTP/1.1: HTTP/2 has no sockets to give";
                Refusal::new(505, ErrorCode::BadRequest, message).into_response()
            }
        }
    }

    /// Answers when `answer` is ready, and lets it wait outside of hyper: a request that waits costs a socket and what
    /// `answer` holds. It is dropped when the client leaves.
    pub async fn later(self, answer: impl Future<Output = Answer> + Send + 'static) -> Response {
        self.leave(Box::pin(answer), None).await
    }

    /// The same for a client that will ask again and again: the next questions on its connection come to `ask` without
    /// hyper, if nothing but their query is new. So `ask` is told no more than the query, and reads it anew each time.
    pub async fn questions(self, query: Option<&str>, ask: Ask) -> Response {
        self.leave(ask(query, None), Some(ask)).await
    }

    async fn leave(self, answer: BoxFuture<'static, Answer>, ask: Option<Ask>) -> Response {
        match self.way {
            Way::Socket { slot, keep, head, .. } => {
                let again = head.and_then(Head::accepted).zip(ask);
                let waiting = Waiting { answer, again, keep, idle: slot.0.idle };
                take(&slot, Box::new(move |socket| Box::pin(wait(socket, waiting)))).await
            }
            Way::Body(streams) => {
                // A question that waits is a live stream, too.
                let open = streams.live();
                let answer = answer.await.into_response();
                drop(open);
                answer
            }
        }
    }
}

/// Never returns: the driver drops the handler.
async fn take(slot: &Slot, taken: Taken) -> Response {
    *slot.0.taken.lock() = Some(taken);
    pending().await
}

impl<S: Sync> FromRequestParts<S> for Handover {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        if parts.method == Method::HEAD {
            // A live line is nothing but its body.
            return Err(Refusal::new(
                405,
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
            return Err(Refusal::new(
                400,
                ErrorCode::BadRequest,
                "a live connection is asked for without a body",
            ));
        }
        // Proxies may disagree with us on where a coded body ends (RFC 9112 §6.1): nothing more is read from there.
        let coded = parts.headers.contains_key(header::TRANSFER_ENCODING);
        let has_body = coded || parts.headers.contains_key(header::CONTENT_LENGTH);
        let head = parts.extensions.remove::<Head>().filter(|_| !has_body);
        let meter = parts.extensions.remove::<Arc<Meter>>();
        let socket = parts.extensions.get::<Slot>().cloned();
        let socket =
            socket.map(|slot| Way::Socket { slot, chunked, keep: chunked && !closes && !coded, head });
        let way = socket.or_else(|| parts.extensions.get::<Streams>().cloned().map(Way::Body));
        match (way, parts.extensions.get::<Peer>()) {
            (Some(way), Some(Peer(peer))) => Ok(Self { way, peer: *peer, meter }),
            _ => Err(Refusal::new(505, ErrorCode::BadRequest, "live connections need HTTP/1.1 or HTTP/2")),
        }
    }
}
