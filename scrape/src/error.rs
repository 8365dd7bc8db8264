//! The errors of a scrape, each a plain sentence that says what is wrong.

use std::time::Duration;

use exposition::UnknownContentType;

/// Why a scrape gave no numbers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScrapeError {
    /// The name of the host leads to no address.
    #[error("the name `{host}` leads to no address: {why}")]
    NoAddress {
        /// The host's name.
        host: String,
        /// The system's sentence.
        why: String,
    },
    /// None of the host's addresses takes a connection.
    #[error("`{address}` takes no connection: {why}")]
    NoConnection {
        /// Host and port.
        address: String,
        /// The system's sentence about the last address that was tried.
        why: String,
    },
    /// TLS could not begin: most often the certificate is not trusted.
    #[error("TLS with `{address}` cannot begin: {why}")]
    Tls {
        /// Host and port.
        address: String,
        /// The sentence of rustls.
        why: String,
    },
    /// The connection was closed before there was an answer, or what came is no HTTP.
    #[error("no answer of HTTP came: {0}")]
    NoAnswer(String),
    /// The answer ended before its end.
    #[error("the answer broke off after {bytes} bytes: {why}")]
    Cut {
        /// Bytes of the body that came, as they were sent.
        bytes: usize,
        /// The reason.
        why: String,
    },
    /// The whole took longer than the target's timeout.
    #[error("no whole answer came within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The status is not 200.
    #[error("the endpoint answered with status {0}")]
    Status(http::StatusCode),
    /// A redirect leads to another host or port, or away from TLS. It was not followed.
    #[error("the endpoint redirects to `{0}`, which is elsewhere: give that address itself if it is meant")]
    RedirectElsewhere(String),
    /// A redirect names no address.
    #[error("the endpoint redirects to `{0}`, which is no address")]
    BadRedirect(String),
    /// Redirects lead on and on.
    #[error("the endpoint redirects more than {0} times")]
    TooManyRedirects(usize),
    /// The answer is something else than numbers, such as a page.
    #[error("{0}; the path of most exporters is `/metrics`")]
    ContentType(#[from] UnknownContentType),
    /// The answer is compressed by something that was not asked for.
    #[error("the answer is compressed by `{0}`, which was not asked for")]
    ContentEncoding(String),
    /// The answer says that it is gzip, and is none.
    #[error("the answer cannot be unpacked: {0}")]
    Gzip(String),
    /// The body is longer than any should be, as it was sent.
    #[error("the answer has more than {0} bytes")]
    TooLong(usize),
    /// The body is longer than any should be, unpacked.
    #[error("the answer has more than {0} bytes when it is unpacked")]
    InflatesTooLong(usize),
    /// The body has lines, and not one that is read.
    #[error("no line of the answer is readable as a number; {0}")]
    Unreadable(String),
    /// The body could not be read because of a fault of this program.
    #[error("reading the answer failed: {0}")]
    Internal(String),
}
