//! The handshake by tungstenite, another people's implementation; frames up by hand, to send what it would refuse.

use std::net::SocketAddr;

use common::frame::ServerFrame;
use futures_util::{StreamExt, future::BoxFuture};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};
use transports::catalog::Entry;

use crate::probe::{Ask, Connection, Probe, Refused, Seen};

pub struct WebSocket;

struct PlainSocket(WebSocketStream<TcpStream>);

impl Probe for WebSocket {
    fn entry(&self) -> &'static Entry {
        &transports::websocket::ENTRY
    }

    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        Box::pin(async move {
            let url = format!("ws://{to}{}?{}", self.entry().path, ask.query());
            let mut request = url.into_client_request().expect("a request");
            for (name, value) in ask.headers {
                request.headers_mut().insert(name, value.parse().expect("a header"));
            }
            let stream = TcpStream::connect(to).await?;
            match client_async(request, stream).await {
                Ok((socket, _)) => Ok(Box::new(PlainSocket(socket)) as _),
                Err(tungstenite::Error::Http(response)) => {
                    let body = response.body().clone().unwrap_or_default();
                    let body = String::from_utf8(body).expect("text");
                    Err(Refused { status: response.status().as_u16(), body })
                }
                Err(tungstenite::Error::Io(error)) => Err(error.into()),
                Err(error) => panic!("the handshake broke: {error}"),
            }
        })
    }
}

impl Connection for PlainSocket {
    fn see(&mut self) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            loop {
                return match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        Seen::Frame(ServerFrame::from_json(&text).expect("a frame"))
                    }
                    Some(Ok(Message::Close(close))) => Seen::End(close.map(|close| close.code.into())),
                    // The answer to the one ping that a case sends in the middle of a message.
                    Some(Ok(Message::Pong(payload))) if *payload == *b"are you there" => continue,
                    // It is answered by the library, as by every client's.
                    Some(Ok(Message::Ping(_))) => continue,
                    Some(Ok(other)) => panic!("a server of ours does not send {other:?}"),
                    Some(Err(_)) | None => Seen::End(None),
                };
            }
        })
    }

    fn send_raw(&mut self, bytes: Vec<u8>) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.0.get_mut().write_all(&bytes).await.expect("bytes are written");
        })
    }
}
