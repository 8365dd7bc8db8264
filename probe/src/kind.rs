//! The kinds of checks, as people set them.

use serde::{Deserialize, Serialize};

use crate::ExpectedStatus;

/// The kind of a check, and what it asks for. In serde's formats the field `type` names the kind: `http`, `tcp`, `icmp` or `dns`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ProbeKind {
    /// A request over HTTP/1.1, with TLS where the address says so.
    Http(HttpProbe),
    /// A connection over TCP, which is closed at once.
    Tcp(TcpProbe),
    /// An ICMP or ICMPv6 echo request (RFC 792, RFC 4443).
    Icmp(IcmpProbe),
    /// A question to a name server (RFC 1035).
    Dns(DnsProbe),
}

/// A check of a web address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpProbe {
    /// The whole address, of `http` or `https`, without a user or a password.
    pub url: String,
    /// The method of the request. GET if it is left out.
    #[serde(default)]
    pub method: HttpMethod,
    /// The status codes that count as up, after redirects. 200 to 399 if it is left out.
    #[serde(default)]
    pub expect_status: ExpectedStatus,
    /// A text that the first mebibyte of the body must have, byte by byte.
    #[serde(default)]
    pub keyword: Option<String>,
    /// The first mebibyte of the body must not have the keyword.
    #[serde(default)]
    pub keyword_absent: bool,
    /// The fewest whole days that the certificate must still be valid for, also where it is not verified. Without it, the verification alone
    /// looks at its end.
    #[serde(default)]
    pub days_left: Option<u16>,
    /// Redirects are followed, five at most, and never from `https` to `http`. Yes if it is left out.
    #[serde(default = "yes")]
    pub follow_redirects: bool,
    /// The certificate must be valid, for this name, and of an authority that is trusted. Yes if it is left out.
    #[serde(default = "yes")]
    pub verify: bool,
}

const fn yes() -> bool {
    true
}

impl HttpProbe {
    /// Makes the check of an address, with what is usual for all else.
    #[must_use]
    pub fn of(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: HttpMethod::default(),
            expect_status: ExpectedStatus::default(),
            keyword: None,
            keyword_absent: false,
            days_left: None,
            follow_redirects: true,
            verify: true,
        }
    }
}

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum HttpMethod {
    /// GET, whose answer has a body.
    #[default]
    #[serde(rename = "GET")]
    Get,
    /// HEAD, whose answer has none.
    #[serde(rename = "HEAD")]
    Head,
}

/// A check of a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TcpProbe {
    /// A host and a port: `db.example.org:5432`, `192.0.2.7:22` or `[2001:db8::7]:22`.
    pub address: String,
}

/// A check of a host by an echo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IcmpProbe {
    /// A name or an IP address.
    pub host: String,
}

/// A check of what a name server answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsProbe {
    /// The name that is asked for.
    pub name: String,
    /// The type of the records.
    pub record: DnsRecord,
    /// The IP address of the name server, with a port where it is not 53. The system's name servers if it is left out.
    #[serde(default)]
    pub server: Option<String>,
    /// The value that one of the records must have, as a zone file writes it: `10 mx.example.org`. Names are compared without regard to case
    /// and to a dot at their end.
    #[serde(default)]
    pub expect: Option<String>,
}

/// The type of DNS records (RFC 1035; AAAA: RFC 3596; SRV: RFC 2782; CAA: RFC 8659).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "their names are the standard's")]
pub enum DnsRecord {
    A,
    Aaaa,
    Caa,
    Cname,
    Mx,
    Ns,
    Ptr,
    Soa,
    Srv,
    Txt,
}

impl DnsRecord {
    /// The name of the type, as zone files write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Caa => "CAA",
            Self::Cname => "CNAME",
            Self::Mx => "MX",
            Self::Ns => "NS",
            Self::Ptr => "PTR",
            Self::Soa => "SOA",
            Self::Srv => "SRV",
            Self::Txt => "TXT",
        }
    }
}
