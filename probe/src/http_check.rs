//! The check of a web address: a request, the redirects after it, its status and its body (RFC 9110, RFC 9112).

use std::{error::Error, time::Instant};

use http::{
    HeaderMap, Request, Response,
    header::{ACCEPT, CONNECTION, LOCATION, USER_AGENT},
};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use memchr::memmem;
use outbound::{ExchangeError, exchange_with};
use tokio::io::{AsyncRead, AsyncWrite};
use url::Url;

use crate::{
    HttpMethod, HttpProbe, ProbeFault, ProbePhase, attempt::Attempt, connect::connect, fault::excerpt,
    tls::TlsStarter,
};

/// The most redirects that are followed.
const MAX_REDIRECTS: u8 = 5;
/// The most of a body that is read, in bytes.
const MAX_BODY: usize = 1 << 20;
/// The name that servers note in their logs.
const AGENT: &str = concat!("pulseboard-probe/", env!("CARGO_PKG_VERSION"));

/// The end of one exchange.
enum Hop {
    Redirect(Url),
    Done,
}

pub(crate) async fn check(
    probe: &HttpProbe,
    tls: &TlsStarter,
    attempt: &mut Attempt,
) -> Result<(), ProbeFault> {
    let mut url = Url::parse(probe.url.trim())
        .map_err(|_| ProbeFault::Internal("the address was not validated".to_owned()))?;
    for _ in 0..=MAX_REDIRECTS {
        match hop(probe, &url, tls, attempt).await? {
            Hop::Redirect(next) => url = next,
            Hop::Done => return Ok(()),
        }
    }
    Err(ProbeFault::TooManyRedirects(MAX_REDIRECTS))
}

/// Asks one address, on a connection of its own.
async fn hop(
    probe: &HttpProbe,
    url: &Url,
    tls: &TlsStarter,
    attempt: &mut Attempt,
) -> Result<Hop, ProbeFault> {
    attempt.is_answered = false;
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(ProbeFault::BadRedirect(excerpt(url.as_str())));
    };
    let host = host.to_owned();
    let stream = connect(&host, port, attempt).await?;
    if url.scheme() != "https" {
        return exchange(stream, probe, url, attempt).await;
    }
    attempt.phase = ProbePhase::Tls;
    let since = Instant::now();
    let (stream, seen) = tls.start(stream, &host, probe.verify).await;
    if let Some(days) = seen.days_left {
        attempt.saw_certificate(days);
    }
    let stream = stream?;
    attempt.measured(ProbePhase::Tls, since);
    if let (Some(days), Some(fewest)) = (seen.days_left, probe.days_left)
        && days < i64::from(fewest)
    {
        return Err(match seen.ends {
            Some(ends) if days < 0 => ProbeFault::CertificateExpired(ends),
            _ => ProbeFault::CertificateEndsSoon(days),
        });
    }
    exchange(stream, probe, url, attempt).await
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    probe: &HttpProbe,
    url: &Url,
    attempt: &mut Attempt,
) -> Result<Hop, ProbeFault> {
    let request = request(probe.method, url)?;
    attempt.phase = ProbePhase::Answer;
    let since = Instant::now();
    let verdict = exchange_with(stream, request, async |response| {
        attempt.measured(ProbePhase::Answer, since);
        attempt.is_answered = true;
        attempt.phase = ProbePhase::Body;
        Ok(judge(probe, url, response).await)
    });
    verdict.await.unwrap_or_else(|error| Err(exchange_fault(error)))
}

fn request(method: HttpMethod, url: &Url) -> Result<Request<Vec<u8>>, ProbeFault> {
    let method = match method {
        HttpMethod::Get => http::Method::GET,
        HttpMethod::Head => http::Method::HEAD,
    };
    let mut address = url.clone();
    address.set_fragment(None);
    Request::builder()
        .method(method)
        .uri(address.as_str())
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, "*/*")
        .header(CONNECTION, "close")
        .body(Vec::new())
        .map_err(|error| ProbeFault::Internal(excerpt(&error.to_string())))
}

async fn judge(probe: &HttpProbe, url: &Url, response: Response<Incoming>) -> Result<Hop, ProbeFault> {
    let status = response.status().as_u16();
    if probe.follow_redirects
        && matches!(status, 301 | 302 | 303 | 307 | 308)
        && let Some(next) = redirect(url, response.headers())?
    {
        return Ok(Hop::Redirect(next));
    }
    if !probe.expect_status.contains(status) {
        return Err(ProbeFault::UnexpectedStatus(status));
    }
    let Some(keyword) = &probe.keyword else { return Ok(Hop::Done) };
    match (has_keyword(response.into_body(), keyword).await?, probe.keyword_absent) {
        (true, false) | (false, true) => Ok(Hop::Done),
        (false, false) => Err(ProbeFault::KeywordMissing),
        (true, true) => Err(ProbeFault::KeywordPresent),
    }
}

/// The next address, where the answer names one (RFC 9110, 10.2.2).
fn redirect(url: &Url, headers: &HeaderMap) -> Result<Option<Url>, ProbeFault> {
    let Some(location) = headers.get(LOCATION) else { return Ok(None) };
    let text = String::from_utf8_lossy(location.as_bytes());
    // Users, passwords and queries may be secret.
    let told = || {
        let short = text.split(['?', '#']).next().unwrap_or_default();
        match (short.split_once("//"), short.rsplit_once('@')) {
            (Some((start, _)), Some((_, host))) => excerpt(&format!("{start}//{host}")),
            _ => excerpt(short),
        }
    };
    let bad = || ProbeFault::BadRedirect(told());
    let mut next = url.join(&text).map_err(|_| bad())?;
    if !matches!(next.scheme(), "http" | "https") || next.port() == Some(0) {
        return Err(bad());
    }
    if url.scheme() == "https" && next.scheme() == "http" {
        return Err(ProbeFault::InsecureRedirect(told()));
    }
    // A server's own user and password are not for us to send on. Of these addresses each may have none.
    if next.set_username("").is_err() || next.set_password(None).is_err() {
        return Err(bad());
    }
    Ok(Some(next))
}

/// Looks for a keyword in the first mebibyte of a body. The rest is not read.
async fn has_keyword(mut body: Incoming, keyword: &str) -> Result<bool, ProbeFault> {
    let finder = memmem::Finder::new(keyword);
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| hyper_fault(&error))?;
        let Ok(data) = frame.into_data() else { continue };
        // A keyword may begin in what came before.
        let start = read.len().saturating_sub(keyword.len() - 1);
        read.extend_from_slice(&data[..data.len().min(MAX_BODY - read.len())]);
        if finder.find(&read[start..]).is_some() {
            return Ok(true);
        }
        if read.len() == MAX_BODY {
            return Ok(false);
        }
    }
    Ok(false)
}

fn exchange_fault(error: ExchangeError) -> ProbeFault {
    match error {
        ExchangeError::Http(error) => hyper_fault(&error),
        ExchangeError::Connection(error) => ProbeFault::of_socket(&error),
        other => ProbeFault::Internal(excerpt(&other.to_string())),
    }
}

fn hyper_fault(error: &hyper::Error) -> ProbeFault {
    if error.is_parse() {
        return ProbeFault::NotHttp(excerpt(&innermost(error).to_string()));
    }
    ProbeFault::ConnectionClosed
}

/// The first cause of an error, which says most.
fn innermost(error: &hyper::Error) -> &(dyn Error + 'static) {
    let mut cause: &(dyn Error + 'static) = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause
}
