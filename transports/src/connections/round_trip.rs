//! Round-trip times to clients. The kernel measures them for every TCP connection (RFC 6298), and is asked on demand.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod unsupported;

#[cfg(target_os = "linux")]
pub(super) use linux::RoundTrips;
#[cfg(not(target_os = "linux"))]
pub(super) use unsupported::NoRoundTrips as RoundTrips;
