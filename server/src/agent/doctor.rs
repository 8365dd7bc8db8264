//! The agent's doctor: it tries every way to the server, one step after another, and says what each of them meets.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use anyhow::bail;
use fanout::{Clock, SystemClock};
use http_body_util::Empty;
use hyper::body::Bytes;

use super::{
    args::DoctorArgs,
    hub::{Hub, HubError},
    identity::Identity,
    ladder::{TRIAL, long_check, open},
    links::{LinkError, REGISTRY},
};

/// Names of checks are padded to this.
const NAME: usize = 16;
/// A question has so many blanks behind it: as long as an ordinary report.
const BLANKS: usize = 60 << 10;
/// Clocks that differ by less are said to agree, milliseconds.
const AGREE: u64 = 1_000;

/// The findings: a line for each check.
#[derive(Default)]
struct Findings(String);

impl Findings {
    fn tell(&mut self, name: &str, text: impl std::fmt::Display) {
        // A string takes everything.
        let _ = writeln!(self.0, "{name:NAME$}{text}");
    }
}

/// Examines the ways to a server, and returns what was found.
///
/// # Errors
/// When there is no server to be examined, or no transport reaches it: the error says what was found.
pub(super) async fn examine(args: &DoctorArgs, identity: Option<Identity>) -> anyhow::Result<String> {
    let address = args.hub.clone().or_else(|| identity.as_ref().map(|identity| identity.hub.clone()));
    let Some(address) = address else {
        bail!("this agent has not enrolled: say which server with --hub URL")
    };
    let hub = Hub::new(&address)?;
    let mut findings = Findings::default();
    findings.tell("server", hub.address());
    if let Err(error) = approach(&hub, &mut findings).await {
        bail!("{}\n{error}", findings.0);
    }
    let key = identity.as_ref().map_or("", |identity| &*identity.key);
    let mut works = None;
    for (rung, entry) in REGISTRY.iter().enumerate() {
        let name = entry.transport.name();
        let began = Instant::now();
        match open(&hub, key, rung, TRIAL, &long_check(BLANKS)).await {
            Ok((_, answer)) => {
                findings.tell(name, format_args!("gets through: answered in {}", ms(began.elapsed())));
                works.get_or_insert((name, answer.map(|answer| answer.now)));
            }
            Err(LinkError::Hub(error @ HubError::Unknown(_))) => {
                findings.tell("key", &error);
                let advice = match identity {
                    Some(_) => "remove the folder `agent` of the data folder, and enrol anew",
                    None => "enrol with --enrol CODE, as the server's page of hosts shows",
                };
                bail!("{}\nthe server is reached, and does not know this agent: {advice}", findings.0);
            }
            Err(error) => findings.tell(name, format_args!("does not get through: {error}")),
        }
    }
    let Some((name, now)) = works else {
        bail!("{}\nthe server is there, and no transport gets through to it", findings.0);
    };
    let host = identity.map(|identity| identity.id.to_string()).unwrap_or_default();
    findings.tell("key", format_args!("known, as {host}"));
    if let Some(now) = now {
        findings.tell("clock", clock(SystemClock.unix_millis(), now));
    }
    findings.tell("", format_args!("an agent without --transport reports by {name}"));
    Ok(findings.0)
}

/// Goes as far as every transport has to.
async fn approach(hub: &Hub, findings: &mut Findings) -> Result<(), HubError> {
    let (host, port) = hub.place();
    let began = Instant::now();
    let addresses = hub.addresses().await?;
    let addresses: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    findings.tell("name", format_args!("{host} is {} ({})", addresses.join(", "), ms(began.elapsed())));
    let began = Instant::now();
    let stream = hub.connect().await?;
    let peer = stream.peer_addr().map_or_else(|_| String::new(), |peer| format!(" of {}", peer.ip()));
    findings.tell("connection", format_args!("port {port}{peer} is open ({})", ms(began.elapsed())));
    let began = Instant::now();
    hub.begin::<Empty<Bytes>>(stream).await?;
    if hub.is_encrypted() {
        findings.tell("TLS", format_args!("the certificate is trusted ({})", ms(began.elapsed())));
    } else {
        findings
            .tell("TLS", "none: what is said can be read on the way; use https:// beyond a trusted network");
    }
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

/// Compares this machine's clock with the server's.
fn clock(here: u64, there: u64) -> String {
    let seconds = here.abs_diff(there) as f64 / 1_000.0;
    match here.abs_diff(there) {
        ..AGREE => "agrees with the server's".to_owned(),
        _ if here > there => format!("{seconds:.1} s ahead of the server's: beyond 60 s nothing is taken"),
        _ => format!("{seconds:.1} s behind the server's: numbers land that much too early"),
    }
}
