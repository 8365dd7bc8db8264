//! Lines of JSON.

use std::net::SocketAddr;

use common::frame::ServerFrame;
use futures_util::future::BoxFuture;
use transports::catalog::Entry;

use crate::http::{self, Answer};
use crate::probe::{Ask, Connection, Probe, Refused, Seen};

pub struct HttpStream;

struct Lines {
    /// None once the server has turned us away.
    answer: Option<Answer>,
    text: String,
}

impl Probe for HttpStream {
    fn entry(&self) -> &'static Entry {
        &transports::http_stream::ENTRY
    }

    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        Box::pin(async move {
            match http::get(to, self.entry().path, &ask).await {
                Ok(answer) => Ok(Box::new(Lines { answer: Some(answer), text: String::new() }) as _),
                Err(Refused { status: 429 | 503, body }) => {
                    Ok(Box::new(Lines { answer: None, text: body }) as _)
                }
                Err(refused) => Err(refused),
            }
        })
    }
}

impl Connection for Lines {
    fn see(&mut self) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            loop {
                if let Some((line, rest)) = self.text.split_once('\n') {
                    let frame = ServerFrame::from_json(line).expect("a frame on each line");
                    self.text = rest.to_owned();
                    return Seen::Frame(frame);
                }
                let Some(answer) = &mut self.answer else { return Seen::End(None) };
                let Some(piece) = answer.piece().await else { return Seen::End(None) };
                self.text += std::str::from_utf8(&piece).expect("JSON is UTF-8");
            }
        })
    }

    fn send_raw(&mut self, _: Vec<u8>) -> BoxFuture<'_, ()> {
        unreachable!("one way")
    }
}
