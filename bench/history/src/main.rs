//! Measures history beside Prometheus and VictoriaMetrics: disk, CPU, memory and the time of questions, by the same samples.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints its figures")]

#[cfg(target_os = "linux")]
mod bench;
#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod http;
#[cfg(target_os = "linux")]
mod load;
#[cfg(target_os = "linux")]
mod opened;
#[cfg(target_os = "linux")]
mod ours;
#[cfg(target_os = "linux")]
mod peer;
#[cfg(target_os = "linux")]
mod proc;
#[cfg(target_os = "linux")]
mod prometheus;
#[cfg(target_os = "linux")]
mod question;
#[cfg(target_os = "linux")]
mod random;
#[cfg(target_os = "linux")]
mod receiver;
#[cfg(target_os = "linux")]
mod record;
#[cfg(target_os = "linux")]
mod remote_write;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod spread;
#[cfg(target_os = "linux")]
mod usage;
#[cfg(target_os = "linux")]
mod victoria;
#[cfg(target_os = "linux")]
mod work;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use clap::Parser;
    match bench::bench(&bench::Options::parse()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("bench: it reads /proc, so it runs on Linux");
}
