//! How long the way to a client and back takes. The kernel knows it of every TCP connection (RFC 6298), and is asked when someone looks.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::RoundTrips;
#[cfg(target_os = "linux")]
pub(super) use linux::RoundTrips;
