//! Rust's: `eventsource-client` comes back by itself; `eventsource-stream` parses what a client of one's own choosing
//! reads; `tokio-tungstenite` is a socket.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use eventsource_client::{Client, ClientBuilder, ReconnectOptions, SSE};
use eventsource_stream::Eventsource;
use futures_util::{Stream, StreamExt, future::BoxFuture, stream};
use http_body_util::{BodyExt, Empty};
use hyper::{Request, Response, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use launchdarkly_sdk_transport::{ByteStream, HttpTransport, ResponseFuture, TransportError};
use serde_json::Value;
use tokio::{
    net::TcpStream,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::sleep,
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

use super::Listens;

const PAUSE: Duration = Duration::from_millis(300);

struct Task {
    lines: mpsc::Receiver<String>,
    running: JoinHandle<()>,
}

impl Listens for Task {
    fn line(&mut self) -> BoxFuture<'_, String> {
        Box::pin(async { self.lines.recv().await.expect("it goes on") })
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.running.abort();
    }
}

fn task<F>(run: impl FnOnce(mpsc::Sender<String>) -> F) -> Box<dyn Listens>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (say, lines) = mpsc::channel(64);
    Box::new(Task { running: tokio::spawn(run(say)), lines })
}

fn said(kind: &str, data: &str) -> String {
    let frame: Value = serde_json::from_str(data).expect("JSON in every event");
    match kind {
        "message" => format!("order {}", frame["data"]["open"]),
        kind => kind.to_owned(),
    }
}

pub fn eventsource_client(url: &str) -> Box<dyn Listens> {
    let again = ReconnectOptions::reconnect(true).delay(PAUSE).delay_max(PAUSE).build();
    let client =
        ClientBuilder::for_url(url).expect("an address").reconnect(again).build_with_transport(Plain);
    task(|say| async move {
        let mut events = client.stream();
        // A clean end is an error that the stream goes on after.
        while let Some(item) = events.next().await {
            if let Ok(SSE::Event(event)) = item {
                let _ = say.send(said(&event.event_type, &event.data)).await;
            }
        }
    })
}

pub fn eventsource_stream(url: String) -> Box<dyn Listens> {
    task(|say| async move {
        let mut since = String::new();
        loop {
            let request = Request::get(&url).header("last-event-id", &since).body(Empty::new());
            if let Some(answer) = ask(request.expect("a request")).await {
                let mut events = std::pin::pin!(bytes_of(answer).map(Ok::<_, Infallible>).eventsource());
                while let Some(Ok(event)) = events.next().await {
                    let _ = say.send(said(&event.event, &event.data)).await;
                    if !event.id.is_empty() {
                        since = event.id;
                    }
                }
            }
            sleep(PAUSE).await;
        }
    })
}

pub fn tokio_tungstenite(url: String) -> Box<dyn Listens> {
    task(|say| async move {
        let mut since = String::new();
        loop {
            if let Ok((mut socket, _)) = connect_async(format!("{url}&since={since}")).await {
                while let Some(Ok(message)) = socket.next().await {
                    let Message::Text(text) = message else { continue };
                    let frame: Value = serde_json::from_str(&text).expect("JSON in every message");
                    let kind = frame["type"].as_str().expect("a type");
                    let order = || format!("order {}", frame["data"]["open"]);
                    let _ = say.send(if kind == "event" { order() } else { kind.to_owned() }).await;
                    if let Some(cursor) = frame["cursor"].as_str() {
                        cursor.clone_into(&mut since);
                    }
                }
            }
            sleep(PAUSE).await;
        }
    })
}

/// A request on a connection of its own; none where the line is cut.
async fn ask(mut request: Request<Empty<Bytes>>) -> Option<Response<Incoming>> {
    let host = request.uri().authority()?.to_string();
    let stream = TcpStream::connect(&host).await.ok()?;
    let path = request.uri().path_and_query()?.to_string();
    *request.uri_mut() = path.parse().ok()?;
    request.headers_mut().insert("host", host.parse().ok()?);
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    sender.send_request(request).await.ok()
}

/// The body's pieces up to its end or to where it breaks.
fn bytes_of(answer: Response<Incoming>) -> impl Stream<Item = Bytes> + Send + Sync + 'static {
    let mut body = answer.into_body();
    let (send, mut pieces) = mpsc::channel(8);
    tokio::spawn(async move {
        while let Some(Ok(frame)) = body.frame().await {
            let Ok(piece) = frame.into_data() else { continue };
            if send.send(piece).await.is_err() {
                return;
            }
        }
    });
    stream::poll_fn(move |cx| pieces.poll_recv(cx))
}

/// The carrier of `eventsource-client`: its own would bring TLS and proxies along.
#[derive(Clone)]
struct Plain;

#[derive(Debug, thiserror::Error)]
#[error("the line is cut")]
struct Cut;

impl HttpTransport for Plain {
    fn request(&self, request: Request<Option<Bytes>>) -> ResponseFuture {
        let (send, answer) = oneshot::channel();
        tokio::spawn(async move {
            let answered = ask(request.map(|_| Empty::new())).await.map(|answer| {
                let (head, body) = answer.into_parts();
                let pieces = bytes_of(Response::from_parts(head.clone(), body)).map(Ok);
                Response::from_parts(head, Box::pin(pieces) as ByteStream)
            });
            let _ = send.send(answered);
        });
        Box::pin(async { answer.await.ok().flatten().ok_or_else(|| TransportError::new(Cut)) })
    }
}
