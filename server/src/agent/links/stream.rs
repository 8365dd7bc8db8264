//! Reports in the body of one request that goes on, whose answer goes on beside it. It passes where a proxy passes a body and an answer on as
//! they come.

use std::convert::Infallible;

use axum::http::{Method, StatusCode, header};
use futures_util::{future::BoxFuture, stream::poll_fn};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use tokio::{net::TcpStream, sync::mpsc};

use super::{ANSWER, Link, LinkError, Opened, not_opened, read_answer};
use crate::agent::{
    hub::{Hub, away},
    wire::{LIVE, ReportAnswer},
};

/// A request that has not ended, and its answer.
struct StreamLink {
    reports: mpsc::Sender<Bytes>,
    answers: Incoming,
    /// The beginning of an answer that is not whole.
    begun: Vec<u8>,
}

/// A first part of the body: some proxies pass a request on when its body has begun. An empty line says nothing.
const FIRST: Bytes = Bytes::from_static(b"\n");

pub(super) fn open<'a>(hub: &'a Hub, key: &'a str, stream: TcpStream) -> Opened<'a> {
    Box::pin(async move {
        let mut connection = hub.begin(stream).await?;
        let (reports, mut parts) = mpsc::channel(1);
        let body = poll_fn(move |cx| {
            parts.poll_recv(cx).map(|part| part.map(|part| Ok::<_, Infallible>(Frame::data(part))))
        });
        let request = hub
            .request(Method::POST, LIVE, key)
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .body(StreamBody::new(body))
            .map_err(away)?;
        // The channel has room for one.
        let _ = reports.try_send(FIRST);
        let answer =
            connection.send_request(request).await.map_err(|error| LinkError::Broken(error.to_string()))?;
        if answer.status() != StatusCode::OK {
            return Err(not_opened(answer).await);
        }
        let link = StreamLink { reports, answers: answer.into_body(), begun: Vec::new() };
        Ok(Box::new(link) as Box<dyn Link>)
    })
}

impl Link for StreamLink {
    fn report<'a>(&'a mut self, report: &'a Bytes) -> BoxFuture<'a, Result<ReportAnswer, LinkError>> {
        Box::pin(async move {
            // An empty line would end it before its end.
            let lines = report.split_inclusive(|byte| *byte == b'\n').filter(|line| *line != b"\n");
            let whole = Bytes::from(lines.chain([&b"\n"[..]]).collect::<Vec<_>>().concat());
            let is_sent = self.reports.send(whole).await;
            is_sent.map_err(|_| LinkError::Broken("the connection is closed".to_owned()))?;
            read_answer(&self.answer().await?, report.len())
        })
    }
}

impl StreamLink {
    /// Reads the next line of the answer.
    async fn answer(&mut self) -> Result<Vec<u8>, LinkError> {
        loop {
            if let Some(end) = self.begun.iter().position(|byte| *byte == b'\n') {
                let rest = self.begun.split_off(end + 1);
                return Ok(std::mem::replace(&mut self.begun, rest));
            }
            let broken = |why: &str| LinkError::Broken(why.to_owned());
            match self.answers.frame().await {
                Some(Ok(frame)) => {
                    self.begun.extend(frame.into_data().unwrap_or_default());
                    if self.begun.len() > ANSWER {
                        return Err(LinkError::Blocked("an answer does not end".to_owned()));
                    }
                }
                Some(Err(error)) => return Err(broken(&error.to_string())),
                None => return Err(broken("the answer ended")),
            }
        }
    }
}
