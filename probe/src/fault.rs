//! The reasons why a check counts as down.

use std::{fmt, io};

use time::OffsetDateTime;

/// The part of an attempt that was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProbePhase {
    /// The name is looked up.
    #[default]
    Resolve,
    /// A connection is made.
    Connect,
    /// TLS begins.
    Tls,
    /// The request is sent, and the head of the answer is awaited.
    Answer,
    /// The body is read.
    Body,
}

/// The reason why a check counts as down. It displays as a sentence for people; [`code`](Self::code) is for programs.
///
/// Moments are seconds since 1970 (UTC), as certificates have them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeFault {
    /// The name servers say that there is no such name, or none with an address.
    #[error("The name {0} does not exist.")]
    NoSuchName(String),
    /// The system's name servers cannot be asked, or fail.
    #[error("The name cannot be looked up: {0}.")]
    ResolverFailed(String),
    /// The attempt took too long.
    #[error("{}", timeout_text(*.0))]
    Timeout(ProbePhase),
    /// The host answers that nothing listens at the port.
    #[error("The connection is refused.")]
    ConnectionRefused,
    /// A router, or this machine, says that the host cannot be reached.
    #[error("The host cannot be reached.")]
    HostUnreachable,
    /// This machine has no route to the address.
    #[error("This machine has no route to the address.")]
    NoRoute,
    /// The connection cannot be made for another reason, which the system gives.
    #[error("The connection cannot be made: {0}.")]
    ConnectionFailed(String),
    /// The connection was closed before the whole answer had come.
    #[error("The connection was closed before the whole answer had come.")]
    ConnectionClosed,
    /// The two sides do not agree on TLS, or the other side speaks none.
    #[error("TLS fails: {0}.")]
    TlsFailed(String),
    /// The certificate has expired, at this moment.
    #[error("The certificate has expired on {}.", date(*.0))]
    CertificateExpired(i64),
    /// The certificate is valid only from this moment on.
    #[error("The certificate is not valid before {}.", date(*.0))]
    CertificateNotYetValid(i64),
    /// The certificate is for other names.
    #[error("The certificate is not for {expected}, but for {}.", names(.presented))]
    CertificateWrongName {
        /// The host that was asked.
        expected: String,
        /// The names in the certificate.
        presented: Vec<String>,
    },
    /// The certificate is self-signed, or of an authority that is not trusted here.
    #[error("The certificate is signed by an authority that is not trusted here.")]
    CertificateUnknownAuthority,
    /// The certificate is refused for another reason.
    #[error("The certificate is refused: {0}.")]
    CertificateRefused(String),
    /// The certificate is valid for fewer days than it should be.
    #[error("The certificate ends in {}.", days(*.0))]
    CertificateEndsSoon(i64),
    /// The answer is none of HTTP.
    #[error("The answer is not HTTP: {0}.")]
    NotHttp(String),
    /// The answer has another status than those that count as up.
    #[error("The status is {0}.")]
    UnexpectedStatus(u16),
    /// Redirects do not end.
    #[error("There are more than {0} redirects.")]
    TooManyRedirects(u8),
    /// A redirect leads away from TLS.
    #[error("A redirect leads from https to http: {0}.")]
    InsecureRedirect(String),
    /// A redirect leads to no address of the web.
    #[error("A redirect leads to no web address: {0}.")]
    BadRedirect(String),
    /// The keyword is not in the first mebibyte of the body.
    #[error("The answer does not have the keyword.")]
    KeywordMissing,
    /// The keyword, which must be absent, is in the body.
    #[error("The answer has the keyword that it must not have.")]
    KeywordPresent,
    /// The system forbids this process to send ICMP echo requests.
    #[error(
        "This process may not send ICMP echo requests: let net.ipv4.ping_group_range include its group, or give it CAP_NET_RAW."
    )]
    PingNotPermitted,
    /// The name server has no records of this type for the name.
    #[error("The name has no {0} records.")]
    NoRecords(&'static str),
    /// The name server answers with an error, which RFC 1035 (4.1.1) and RFC 6895 name.
    #[error("The name server answers {0}.")]
    NameServerError(String),
    /// The answer of the name server cannot be read.
    #[error("The answer of the name server cannot be read: {0}.")]
    BadDnsAnswer(String),
    /// None of the records is the expected one.
    #[error("The answer is {}, not {expected}.", names(.found))]
    WrongDnsAnswer {
        /// The expected value.
        expected: String,
        /// The values of the records.
        found: Vec<String>,
    },
    /// This process lacks a means of its own, such as a free file descriptor.
    #[error("This process cannot check: {0}.")]
    Internal(String),
}

impl ProbeFault {
    /// The name of the fault for programs. It stays as it is in later versions.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSuchName(_) => "no_such_name",
            Self::ResolverFailed(_) => "resolver_failed",
            Self::Timeout(_) => "timeout",
            Self::ConnectionRefused => "connection_refused",
            Self::HostUnreachable => "host_unreachable",
            Self::NoRoute => "no_route",
            Self::ConnectionFailed(_) => "connection_failed",
            Self::ConnectionClosed => "connection_closed",
            Self::TlsFailed(_) => "tls_failed",
            Self::CertificateExpired(_) => "certificate_expired",
            Self::CertificateNotYetValid(_) => "certificate_not_yet_valid",
            Self::CertificateWrongName { .. } => "certificate_wrong_name",
            Self::CertificateUnknownAuthority => "certificate_unknown_authority",
            Self::CertificateRefused(_) => "certificate_refused",
            Self::CertificateEndsSoon(_) => "certificate_ends_soon",
            Self::NotHttp(_) => "not_http",
            Self::UnexpectedStatus(_) => "unexpected_status",
            Self::TooManyRedirects(_) => "too_many_redirects",
            Self::InsecureRedirect(_) => "insecure_redirect",
            Self::BadRedirect(_) => "bad_redirect",
            Self::KeywordMissing => "keyword_missing",
            Self::KeywordPresent => "keyword_present",
            Self::PingNotPermitted => "ping_not_permitted",
            Self::NoRecords(_) => "no_records",
            Self::NameServerError(_) => "name_server_error",
            Self::BadDnsAnswer(_) => "bad_dns_answer",
            Self::WrongDnsAnswer { .. } => "wrong_dns_answer",
            Self::Internal(_) => "internal",
        }
    }

    /// Says that a broken network of this machine would cause the fault: no route, an unreachable host, name servers that do not answer. The
    /// target may still be at fault. A timeout of the connection does not count: most of them are the target's.
    #[must_use]
    pub const fn is_network_fault(&self) -> bool {
        matches!(
            self,
            Self::NoRoute
                | Self::HostUnreachable
                | Self::ResolverFailed(_)
                | Self::Timeout(ProbePhase::Resolve)
        )
    }

    /// Says that the fault lies in this process itself, so that nothing is known of the target.
    #[must_use]
    pub const fn is_own_fault(&self) -> bool {
        matches!(self, Self::PingNotPermitted | Self::Internal(_))
    }

    /// The fault of a socket that could not be connected, or through which nothing could be sent.
    pub(crate) fn of_socket(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused => Self::ConnectionRefused,
            Kind::HostUnreachable => Self::HostUnreachable,
            // A machine without IPv6 has no address of its own for it.
            Kind::NetworkUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => Self::NoRoute,
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
                Self::ConnectionClosed
            }
            Kind::TimedOut => Self::Timeout(ProbePhase::Connect),
            _ => Self::ConnectionFailed(excerpt(&error.to_string())),
        }
    }
}

const fn timeout_text(phase: ProbePhase) -> &'static str {
    match phase {
        ProbePhase::Resolve => "The name was not resolved in time.",
        ProbePhase::Connect => "The connection was not made in time.",
        ProbePhase::Tls => "TLS did not begin in time.",
        ProbePhase::Answer => "The answer did not come in time.",
        ProbePhase::Body => "The answer did not end in time.",
    }
}

fn date(moment: i64) -> String {
    OffsetDateTime::from_unix_timestamp(moment)
        .map_or_else(|_| "a day beyond all calendars".to_owned(), |moment| moment.date().to_string())
}

fn days(days: i64) -> String {
    match days {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

fn names(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// The most of a stranger's text that is shown, in bytes.
const LONGEST_EXCERPT: usize = 160;
/// The most texts of a stranger that are shown.
pub(crate) const MOST_EXCERPTS: usize = 8;

/// Makes a text of a stranger short and harmless: control characters are escaped, and the end is cut off.
pub(crate) fn excerpt(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST_EXCERPT);
    let mut excerpt = String::with_capacity(end);
    for letter in text[..end].chars() {
        if letter.is_control() {
            excerpt.extend(letter.escape_default());
        } else {
            excerpt.push(letter);
        }
    }
    if end < text.len() {
        excerpt.push('…');
    }
    excerpt
}

/// Texts of a stranger, each made short and harmless.
pub(crate) fn excerpts<T: fmt::Display>(texts: impl IntoIterator<Item = T>) -> Vec<String> {
    texts.into_iter().take(MOST_EXCERPTS).map(|text| excerpt(&text.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::{ProbeFault, ProbePhase, excerpt};

    #[test]
    fn faults_are_sentences() {
        assert_eq!(
            ProbeFault::CertificateExpired(1_767_225_600).to_string(),
            "The certificate has expired on 2026-01-01."
        );
        let wrong = ProbeFault::CertificateWrongName {
            expected: "a".into(),
            presented: vec!["b".into(), "c".into()],
        };
        assert_eq!(wrong.to_string(), "The certificate is not for a, but for b, c.");
        assert_eq!(
            ProbeFault::CertificateEndsSoon(0).to_string(),
            "The certificate ends in less than a day."
        );
        assert_eq!(ProbeFault::Timeout(ProbePhase::Tls).to_string(), "TLS did not begin in time.");
        assert_eq!(ProbeFault::CertificateExpired(i64::MAX).code(), "certificate_expired");
        assert!(ProbeFault::CertificateExpired(i64::MIN).to_string().contains("beyond"));
    }

    #[test]
    fn a_strangers_text_is_short_and_harmless() {
        assert_eq!(excerpt("a\nb\u{7f}"), "a\\nb\\u{7f}");
        assert_eq!(excerpt(&"ü".repeat(200)).chars().count(), 81);
    }
}
