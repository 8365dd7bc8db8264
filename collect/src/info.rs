//! Reads the facts that do not change while this machine runs.

use std::{ffi::OsStr, time::Duration};

use common::host::{HostId, HostInfo};
use sysinfo::{CpuRefreshKind, System};

use crate::{collectors::shown, settings::CollectorSettings};

/// Asks the system for the facts of this machine, which is called `id`; to be called once, at start.
#[must_use]
pub fn host_info(id: HostId, settings: &CollectorSettings) -> HostInfo {
    let (cpu_model, cores) = processor();
    HostInfo {
        hostname: said(System::host_name()).unwrap_or_else(|| id.to_string()),
        os: operating_system(),
        kernel: said(System::kernel_version()),
        cpu_model,
        cores,
        fast_ms: millis(settings.fast),
        slow_ms: millis(settings.slow),
        id,
    }
}

/// Settings go up to ten minutes.
fn millis(interval: Duration) -> u32 {
    u32::try_from(interval.as_millis()).unwrap_or(u32::MAX)
}

fn operating_system() -> Option<String> {
    let name = said(System::name())?;
    Some(match said(System::os_version()) {
        Some(version) => format!("{name} {version}"),
        None => name,
    })
}

/// The first core's name, and how many logical cores there are.
fn processor() -> (Option<String>, usize) {
    // Some systems do not report their cores; then the cores that this process may use stand in.
    let usable = std::thread::available_parallelism().map_or(1, usize::from);
    let Ok(mut system) = System::new() else {
        return (None, usable);
    };
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    let model = system.cpus().first().and_then(|cpu| non_empty(cpu.brand()));
    (model, if system.cpus().is_empty() { usable } else { system.cpus().len() })
}

fn said(answer: Result<String, sysinfo::Error>) -> Option<String> {
    non_empty(&answer.ok()?)
}

fn non_empty(text: &str) -> Option<String> {
    let text = shown(OsStr::new(text.trim()));
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_says_who_it_is() {
        let (fast, slow) = (Duration::from_secs(60), Duration::from_secs(600));
        let info = host_info(HostId::local(), &CollectorSettings { fast, slow, prober: None });
        assert_eq!((info.fast_ms, info.slow_ms), (60_000, 600_000));
        assert_eq!(info.id, HostId::local());
        assert!(!info.hostname.is_empty());
        assert!(info.cores >= 1);
        assert!(info.kernel.is_none_or(|kernel| !kernel.is_empty()));
    }
}
