//! The log: lines for people or for programs, on standard error. `RUST_LOG` says how much.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

use crate::config::LogFormat;

/// Begins to log.
///
/// # Errors
/// When the process already logs, or `RUST_LOG` cannot be read.
pub fn start(format: LogFormat) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().with_default_directive("info".parse()?).from_env()?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    match format {
        LogFormat::Human => registry().with(filter).with(lines.with_target(false)).try_init()?,
        LogFormat::Json => registry().with(filter).with(lines.json()).try_init()?,
    }
    Ok(())
}
