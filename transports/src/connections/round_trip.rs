//! How long the way to a client and back takes. The kernel knows it of every TCP connection (RFC 6298), and is asked when someone looks.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod unsupported;

#[cfg(target_os = "linux")]
pub(super) use linux::RoundTrips;
#[cfg(not(target_os = "linux"))]
pub(super) use unsupported::NoRoundTrips as RoundTrips;
