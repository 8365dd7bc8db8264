//! Reports by requests of HTTP/1.1, one after another on a connection that is kept.

use axum::http::{Method, StatusCode, header};
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use super::{ANSWER, Link, LinkError, Opened};
use crate::agent::{
    hub::{Hub, HubError, away},
    wire::{REPORT, ReportAnswer},
};

/// Sends requests, on one connection while that is open.
pub(in crate::agent) struct PostLink {
    hub: Hub,
    key: String,
    connection: Option<SendRequest<Full<Bytes>>>,
}

pub(super) fn open<'a>(hub: &'a Hub, key: &'a str, stream: TcpStream) -> Opened<'a> {
    Box::pin(async move {
        let mut link = PostLink::new(hub.clone(), key.to_owned());
        link.connection = Some(hub.begin(stream).await?);
        Ok(Box::new(link) as Box<dyn Link>)
    })
}

impl Link for PostLink {
    fn report<'a>(&'a mut self, report: &'a Bytes) -> BoxFuture<'a, Result<ReportAnswer, LinkError>> {
        Box::pin(async move { Ok(self.post(REPORT, "application/x-ndjson", report.clone()).await?) })
    }
}

impl PostLink {
    /// Makes one without a connection. Without a key it sends none.
    pub(in crate::agent) fn new(hub: Hub, key: String) -> Self {
        Self { hub, key, connection: None }
    }

    /// Posts, and reads the answer.
    ///
    /// # Errors
    /// When there is no answer, or one that is an error.
    pub(in crate::agent) async fn post<T: DeserializeOwned>(
        &mut self,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<T, HubError> {
        let length = body.len();
        let was_open = self.connection.is_some();
        let mut done = self.exchange(path, kind, body.clone()).await;
        if was_open && matches!(done, Err(HubError::Away(_))) {
            // A server or a proxy may close a connection that was kept, at any moment.
            done = self.exchange(path, kind, body).await;
        }
        let (status, body) = done?;
        if status.is_success() {
            let bad = |error| HubError::Declined(format!("its answer is none of Pulseboard's: {error}"));
            return serde_json::from_slice(&body).map_err(bad);
        }
        self.connection = None;
        Err(HubError::of_status(status, &body, length))
    }

    async fn exchange(
        &mut self,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), HubError> {
        let request = self
            .hub
            .request(Method::POST, path, &self.key)
            .header(header::CONTENT_TYPE, kind)
            .body(Full::new(body))
            .map_err(away)?;
        let mut connection = match self.kept().await {
            Some(kept) => kept,
            None => self.connect().await?,
        };
        let answer = connection.send_request(request).await.map_err(away)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER).collect().await.map_err(away)?;
        self.connection = Some(connection);
        Ok((status, body.to_bytes()))
    }

    /// Takes the connection of the last request, where it is still open.
    async fn kept(&mut self) -> Option<SendRequest<Full<Bytes>>> {
        let mut kept = self.connection.take()?;
        kept.ready().await.is_ok().then_some(kept)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, HubError> {
        self.hub.begin(self.hub.connect().await?).await
    }
}
