//! What does not change while this machine runs.

use std::ffi::OsStr;

use common::host::{HostId, HostInfo};
use sysinfo::{CpuRefreshKind, System};

use super::collect::shown;

/// Asks the system once, at start.
pub(super) fn local() -> HostInfo {
    let id = HostId::local();
    let (cpu_model, cores) = processor();
    HostInfo {
        hostname: said(System::host_name()).unwrap_or_else(|| id.to_string()),
        os: operating_system(),
        kernel: said(System::kernel_version()),
        cpu_model,
        cores,
        id,
    }
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
    // What this process may use, for systems that will not say what there is.
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
        let info = local();
        assert_eq!(info.id, HostId::local());
        assert!(!info.hostname.is_empty());
        assert!(info.cores >= 1);
        assert!(info.kernel.is_none_or(|kernel| !kernel.is_empty()));
    }
}
