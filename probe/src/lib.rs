//! One check of a service, from this process: an answer over HTTP, a connection over TCP, an echo over ICMP, or an answer of a name server.
//!
//! A [`ProbeSpec`] says what is checked; [`Prober::run`] does it and says in a [`ProbeOutcome`] what was seen. The crate keeps nothing between
//! two checks, has no schedule and reads no settings. Times are in milliseconds, and all of them are of the last attempt.
//!
//! ```
//! use std::time::Duration;
//!
//! use probe::{HttpProbe, ProbeKind, ProbeSpec, Prober, SpecError};
//!
//! # async fn check() -> Result<(), SpecError> {
//! let prober = Prober::new();
//! let kind = ProbeKind::Http(HttpProbe { keyword: Some("ready".into()), ..HttpProbe::of("https://example.org/health") });
//! let outcome = prober.run(&ProbeSpec::new(kind, Duration::from_secs(5), 2)?).await;
//! if let Some(fault) = outcome.why {
//!     println!("{}: {fault}", fault.code());
//! }
//! # Ok(())
//! # }
//! let ftp = ProbeSpec::new(ProbeKind::Http(HttpProbe::of("ftp://example.org/")), Duration::from_secs(5), 0);
//! assert_eq!(ftp, Err(SpecError::Scheme("ftp".into())));
//! ```

mod attempt;
mod connect;
mod dns_check;
mod dns_message;
mod echo;
mod endpoint;
mod expected_status;
mod fault;
mod http_check;
mod icmp_check;
mod kind;
mod outcome;
mod prober;
mod spec;
mod tcp_check;
mod tls;

pub use expected_status::{ExpectedStatus, StatusError};
pub use fault::{ProbeFault, ProbePhase};
pub use kind::{DnsProbe, DnsRecord, HttpMethod, HttpProbe, IcmpProbe, ProbeKind, TcpProbe};
pub use outcome::{ProbeOutcome, ProbeTimings};
pub use prober::{Prober, ProberError};
pub use spec::{MAX_RETRIES, MAX_TIMEOUT, MIN_TIMEOUT, ProbeSpec, SpecError};
