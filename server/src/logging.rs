//! The log: lines for people or for programs, on standard error. `RUST_LOG` says how much.

use std::env;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

use crate::config::LogFormat;

/// The client library of NATS tells every attempt to connect as an error, several a second. The broker says once that the connection broke,
/// and once that there is one again.
const NATS: &str = "async_nats";

/// Begins to log.
///
/// # Errors
/// When the process already logs, or `RUST_LOG` cannot be read.
pub fn start(format: LogFormat) -> anyhow::Result<()> {
    let mut filter = EnvFilter::builder().with_default_directive("info".parse()?).from_env()?;
    if !env::var(EnvFilter::DEFAULT_ENV).is_ok_and(|said| said.contains(NATS)) {
        filter = filter.add_directive(format!("{NATS}=off").parse()?);
    }
    let lines = fmt::layer().with_writer(std::io::stderr);
    match format {
        LogFormat::Human => registry().with(filter).with(lines.with_target(false)).try_init()?,
        LogFormat::Json => registry().with(filter).with(lines.json()).try_init()?,
    }
    Ok(())
}
