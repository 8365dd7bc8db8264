//! Runs checks.

use std::time::Instant;

use outbound::system_authorities;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio::time::timeout;
use tokio_rustls::rustls::RootCertStore;

use crate::{
    ProbeFault, ProbeKind, ProbeOutcome, ProbeSpec,
    attempt::{Attempt, milliseconds},
    dns_check, http_check, icmp_check, tcp_check,
    tls::TlsStarter,
};

/// Runs checks. It is made once, since the system's authorities are read then, and is cheap to clone.
#[derive(Debug, Clone)]
pub struct Prober {
    tls: TlsStarter,
}

/// The reason why there is no prober.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProberError {
    /// The certificates of further authorities cannot be read.
    #[error("The certificates of the authorities cannot be read: {0}.")]
    BadAuthorities(String),
}

impl Prober {
    /// Makes one that trusts the system's authorities. Files are read for it.
    #[must_use]
    pub fn new() -> Self {
        Self { tls: TlsStarter::new(system_authorities()) }
    }

    /// Makes one that trusts the system's authorities and these, too: certificates in PEM (RFC 7468), as many as there are.
    ///
    /// # Errors
    /// When there is no certificate, or one that cannot be read.
    pub fn with_authorities(pem: &[u8]) -> Result<Self, ProberError> {
        let mut authorities = system_authorities();
        add_authorities(&mut authorities, pem)?;
        Ok(Self { tls: TlsStarter::new(authorities) })
    }

    /// Runs a check: attempts one after another, until one succeeds or all have failed. It ends by itself, at most
    /// `timeout` × (1 + `retries`) after it began.
    ///
    /// It needs a runtime of tokio with I/O and time. Dropping the future ends the check, but for a lookup of a name that the system has begun,
    /// which holds a thread of the runtime's blocking pool until the system gives up.
    pub async fn run(&self, spec: &ProbeSpec) -> ProbeOutcome {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let outcome = self.attempt(spec, attempts).await;
            let is_final = outcome.why.as_ref().is_none_or(ProbeFault::is_own_fault);
            if is_final || attempts > spec.retries() {
                return outcome;
            }
        }
    }

    async fn attempt(&self, spec: &ProbeSpec, attempts: u8) -> ProbeOutcome {
        let begun = Instant::now();
        let mut attempt = Attempt::new(spec.timeout());
        let result = match timeout(spec.timeout(), self.check(spec.kind(), &mut attempt)).await {
            Ok(result) => result,
            Err(_) => Err(ProbeFault::Timeout(attempt.phase)),
        };
        ProbeOutcome {
            is_up: result.is_ok(),
            latency_ms: attempt.is_answered.then(|| milliseconds(begun.elapsed())),
            why: result.err(),
            certificate_days_left: attempt.certificate_days_left,
            timings: attempt.timings,
            attempts,
        }
    }

    async fn check(&self, kind: &ProbeKind, attempt: &mut Attempt) -> Result<(), ProbeFault> {
        match kind {
            ProbeKind::Http(http) => http_check::check(http, &self.tls, attempt).await,
            ProbeKind::Tcp(tcp) => tcp_check::check(tcp, attempt).await,
            ProbeKind::Icmp(icmp) => icmp_check::check(icmp, attempt).await,
            ProbeKind::Dns(dns) => dns_check::check(dns, attempt).await,
        }
    }
}

impl Default for Prober {
    fn default() -> Self {
        Self::new()
    }
}

fn add_authorities(authorities: &mut RootCertStore, pem: &[u8]) -> Result<(), ProberError> {
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| ProberError::BadAuthorities(error.to_string()))?;
        authorities.add(certificate).map_err(|error| ProberError::BadAuthorities(error.to_string()))?;
        count += 1;
    }
    if count == 0 { Err(ProberError::BadAuthorities("there is none".to_owned())) } else { Ok(()) }
}
