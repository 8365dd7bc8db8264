//! A target: one endpoint that is asked again and again.

use std::{sync::Arc, time::Instant};

use exposition::{ACCEPT, Format};
use http::{
    HeaderValue, Request, Response, StatusCode, Uri,
    header::{ACCEPT as ACCEPT_HEADER, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, LOCATION, USER_AGENT},
};
use outbound::{BodyStream, Outbound};
use tokio::{task::spawn_blocking, time};

use crate::{
    answer::{ReadBody, Scrape, Selection},
    body::{BodyCoding, WholeBody, discard, read},
    connection::EndpointConnection,
    error::ScrapeError,
    origin::Origin,
    redirect::{MOST_REDIRECTS, follow, is_redirect},
    spec::{CheckedSpec, SpecError, TargetSpec},
};

/// The header by which an endpoint learns how many seconds it has (Prometheus, `scrape/scrape.go`).
const TIMEOUT_HEADER: &str = "x-prometheus-scrape-timeout-seconds";
/// Longer bodies are read in a thread of their own, so that other tasks need not wait.
const LONGEST_READ_HERE: usize = 64 << 10;

/// An endpoint that is asked again and again, on one connection for as long as the endpoint keeps it.
#[derive(Debug)]
pub struct Target {
    uri: Uri,
    origin: Origin,
    timeout: std::time::Duration,
    authorization: Option<HeaderValue>,
    outbound: Outbound,
    selection: Arc<Selection>,
    connection: Option<EndpointConnection>,
}

/// The whole answer to a request.
struct Answer {
    started: Instant,
    content_type: Option<String>,
    body: WholeBody,
}

impl Target {
    /// Makes a target. Nothing is asked yet. The file of authorities is read, if one is named.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn new(spec: TargetSpec, outbound: &Outbound) -> Result<Self, SpecError> {
        let CheckedSpec {
            uri,
            origin,
            timeout,
            filter,
            labels,
            buckets,
            max_series,
            authorization,
            outbound,
        } = spec.check(outbound)?;
        Ok(Self {
            uri,
            origin,
            timeout,
            authorization,
            outbound,
            selection: Arc::new(Selection { filter, labels, buckets, max_series }),
            connection: None,
        })
    }

    /// Asks the endpoint once, and returns the numbers that it gave. It may be dropped at any moment: the connection is closed then.
    ///
    /// # Errors
    /// When there is no whole answer in time, or none that can be read. The next scrape begins anew.
    pub async fn scrape(&mut self) -> Result<Scrape, ScrapeError> {
        let began = Instant::now();
        let deadline = time::Instant::from_std(began) + self.timeout;
        let answer = time::timeout_at(deadline, self.fetch(deadline))
            .await
            .unwrap_or(Err(ScrapeError::TimedOut(self.timeout)))?;
        let Answer { started, content_type, body } = answer;
        let (wire_bytes, body_bytes) = (body.wire_bytes, body.bytes.len());
        let selection = Arc::clone(&self.selection);
        let parse = move || ReadBody::read(content_type.as_deref(), &body.bytes, &selection);
        let read = if body_bytes <= LONGEST_READ_HERE {
            parse()?
        } else {
            spawn_blocking(parse).await.map_err(|error| ScrapeError::Internal(error.to_string()))??
        };
        let ReadBody { series, faults, dropped, .. } = read;
        Ok(Scrape { series, faults, dropped, started, took: began.elapsed(), wire_bytes, body_bytes })
    }

    async fn fetch(&mut self, deadline: time::Instant) -> Result<Answer, ScrapeError> {
        let (mut uri, mut origin) = (self.uri.clone(), self.origin.clone());
        for _ in 0..=MOST_REDIRECTS {
            let (connection, started, response) = self.exchange(&uri, &origin, deadline).await?;
            let (head, body) = response.into_parts();
            if head.status == StatusCode::OK {
                let text =
                    head.headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
                // A page need not be read to be refused.
                Format::of_content_type(text.as_deref())?;
                let content_type = text.map(std::borrow::Cow::into_owned);
                let body = read(body, BodyCoding::of(&head.headers)?).await?;
                self.connection = Some(connection);
                return Ok(Answer { started, content_type, body });
            }
            let location = head.headers.get(LOCATION).filter(|_| is_redirect(head.status));
            let next = location
                .map(|value| follow(&uri, &origin, &String::from_utf8_lossy(value.as_bytes())))
                .transpose()?;
            if discard(body).await {
                self.connection = Some(connection);
            }
            (uri, origin) = next.ok_or(ScrapeError::Status(head.status))?;
        }
        Err(ScrapeError::TooManyRedirects(MOST_REDIRECTS))
    }

    /// Sends a request on the kept connection, or on a new one where there is none or it was closed meanwhile.
    async fn exchange(
        &mut self,
        uri: &Uri,
        origin: &Origin,
        deadline: time::Instant,
    ) -> Result<(EndpointConnection, Instant, Response<BodyStream>), ScrapeError> {
        let kept = self.connection.take().filter(|kept| kept.origin == *origin);
        if let Some(mut kept) = kept
            && kept.http.is_ready().await
        {
            let started = Instant::now();
            // An endpoint may close a connection that was kept at any moment, also while the request is on its way.
            if let Ok(response) = kept.http.send(self.request(uri)?).await {
                return Ok((kept, started, response));
            }
        }
        let mut connection = EndpointConnection::open(&self.outbound, origin, uri, deadline).await?;
        let started = Instant::now();
        let response = connection
            .http
            .send(self.request(uri)?)
            .await
            .map_err(|error| ScrapeError::NoAnswer(error.to_string()))?;
        Ok((connection, started, response))
    }

    fn request(&self, uri: &Uri) -> Result<Request<()>, ScrapeError> {
        let mut request = Request::get(uri)
            .header(ACCEPT_HEADER, ACCEPT)
            .header(ACCEPT_ENCODING, "gzip")
            .header(USER_AGENT, concat!("pulseboard-scrape/", env!("CARGO_PKG_VERSION")))
            .header(TIMEOUT_HEADER, self.timeout.as_secs_f64().to_string());
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request.body(()).map_err(|error| ScrapeError::Internal(error.to_string()))
    }
}
