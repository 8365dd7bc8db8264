//! Single calls of an engine.

use std::time::Duration;

use futures_util::FutureExt;
use hyper::{
    HeaderMap, Method,
    header::{DATE, HeaderName},
};

use crate::{
    address::EngineAddress,
    call::{Call, EngineAction},
    error::EngineError,
    http::HttpClient,
    id::ContainerId,
    inspect::{Inspected, parse_inspected},
    list::{ListedContainer, parse_list},
    logs::LogQuery,
    streams::{EventStream, LogStream, Opening, StatsStream},
    time::EventTime,
    version::{ApiVersion, EngineVersion, Product, parse_version},
};

static API_VERSION: HeaderName = HeaderName::from_static("api-version");
/// Only Podman says this one.
static LIBPOD_VERSION: HeaderName = HeaderName::from_static("libpod-api-version");

/// An engine that is started by its socket needs a moment.
const SHORT: Duration = Duration::from_secs(10);
/// A host with many containers and slow disks takes long for its list.
const LONG: Duration = Duration::from_secs(30);
/// A container may take as long as its own settings allow to end.
const TO_END: Duration = Duration::from_secs(600);

/// Bounds on answers.
const MAX_VERSION: usize = 256 * 1024;
const MAX_LIST: usize = 64 * 1024 * 1024;
const MAX_INSPECTION: usize = 8 * 1024 * 1024;

/// A container engine. Each call makes its own connection, so that a copy costs nothing and no call waits for another.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = container_engine::Engine::new("unix:///run/docker.sock".parse()?)?;
/// let version = engine.negotiate().await?;
/// let running = engine.containers(&version).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Engine {
    http: HttpClient,
}

impl Engine {
    /// Makes one for an address, and reads the files for TLS. Nothing is connected yet.
    ///
    /// # Errors
    /// When a file for TLS cannot be used.
    pub fn new(address: EngineAddress) -> Result<Self, EngineError> {
        Ok(Self { http: HttpClient::new(address)? })
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &EngineAddress {
        self.http.address()
    }

    /// Asks for the engine's product and version, and chooses the version of the API.
    ///
    /// # Errors
    /// When the engine cannot be reached, or is too old.
    pub async fn negotiate(&self) -> Result<EngineVersion, EngineError> {
        let (headers, _) = self.http.get(&Call::Ping.target(None), MAX_VERSION, SHORT).await?;
        let theirs = header(&headers, &API_VERSION).and_then(|version| version.parse::<ApiVersion>().ok());
        let theirs = theirs.ok_or_else(|| EngineError::malformed("it does not say its version"))?;
        if theirs < ApiVersion::OLDEST {
            return Err(EngineError::TooOld(theirs));
        }
        let product = if headers.contains_key(&LIBPOD_VERSION) { Product::Podman } else { Product::Docker };
        let (headers, body) = self.http.get(&Call::Version.target(None), MAX_VERSION, SHORT).await?;
        let (version, oldest) =
            parse_version(&body).ok_or_else(|| EngineError::malformed("it does not say its version"))?;
        Ok(EngineVersion {
            api: ApiVersion::chosen(theirs, oldest),
            product,
            version,
            clock: clock(&headers),
        })
    }

    /// Lists all containers, also those that do not run.
    ///
    /// # Errors
    /// When the engine cannot be reached, or its answer not be read.
    pub async fn containers(&self, version: &EngineVersion) -> Result<Vec<ListedContainer>, EngineError> {
        let (_, body) = self.http.get(&Call::List.target(Some(version)), MAX_LIST, LONG).await?;
        parse_list(&body)
    }

    /// Inspects a container; none when there is no such container any more.
    ///
    /// # Errors
    /// When the engine cannot be reached, or its answer not be read.
    pub async fn inspect(
        &self,
        version: &EngineVersion,
        id: &ContainerId,
    ) -> Result<Option<Inspected>, EngineError> {
        match self.http.get(&Call::Inspect(id).target(Some(version)), MAX_INSPECTION, SHORT).await {
            Ok((_, body)) => parse_inspected(&body).map(Some),
            Err(EngineError::Status { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Follows the events, from a time on if there is one: those of that time may have been seen already.
    ///
    /// The stream must be read without a pause: a reader that stalls slows down every call of Docker's.
    ///
    /// # Errors
    /// When the engine cannot be reached. An error that it answers comes with the stream's first event.
    pub async fn events(
        &self,
        version: &EngineVersion,
        since: Option<EventTime>,
    ) -> Result<EventStream, EngineError> {
        Ok(EventStream::new(self.open(version, &Call::Events(since)).await?))
    }

    /// Follows the statistics of a container: an object a second from Docker, every five from Podman.
    ///
    /// # Errors
    /// When the engine cannot be reached. An error that it answers comes with the stream's first object.
    pub async fn stats(&self, version: &EngineVersion, id: &ContainerId) -> Result<StatsStream, EngineError> {
        Ok(StatsStream::new(self.open(version, &Call::Stats(id)).await?, version.clone()))
    }

    /// Reads the lines of a container.
    ///
    /// # Errors
    /// When the engine cannot be reached, or there is no such container. An error that it answers comes with the stream's first line.
    pub async fn logs(
        &self,
        version: &EngineVersion,
        id: &ContainerId,
        query: &LogQuery,
    ) -> Result<LogStream, EngineError> {
        // The answer's own type of content is missing or wrong with some engines.
        let inspected = self.inspect(version, id).await?.ok_or(EngineError::NoSuchContainer)?;
        let opening = self.open(version, &Call::Logs(id, query)).await?;
        Ok(LogStream::new(opening, version.product, inspected.container.tty))
    }

    /// Does something with a container, and resolves when that is done: a stop takes as long as the container takes to end. Returns false where
    /// there was nothing to do.
    ///
    /// # Errors
    /// When the engine cannot be reached, there is no such container, or it could not be done.
    pub async fn act(
        &self,
        version: &EngineVersion,
        id: &ContainerId,
        action: EngineAction,
    ) -> Result<bool, EngineError> {
        match self.http.post(&Call::Act(action, id).target(Some(version)), TO_END).await {
            Err(EngineError::Status { status: 404, .. }) => Err(EngineError::NoSuchContainer),
            done => done,
        }
    }

    /// Sends the request of a stream. Podman holds back the head of its answer until there is something to tell, so nobody waits for it here;
    /// what has failed at once is told at once.
    async fn open(&self, version: &EngineVersion, call: &Call<'_>) -> Result<Opening, EngineError> {
        let http = self.http.clone();
        let target = call.target(Some(version));
        let mut answer = async move { http.send(Method::GET, &target).await?.success().await }.boxed();
        let soon = tokio::time::timeout(Duration::from_millis(50), &mut answer).await;
        Ok(match soon {
            Ok(answer) => Opening::Open(answer?),
            Err(_) => Opening::Waiting(answer),
        })
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The engine's clock, to the second.
fn clock(headers: &HeaderMap) -> Option<EventTime> {
    let date = httpdate::parse_http_date(header(headers, &DATE)?).ok()?;
    let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(EventTime::from_seconds(since.as_secs()))
}
