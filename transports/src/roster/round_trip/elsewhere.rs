//! Where the kernel has no way to be asked without unsafe code.

use std::net::SocketAddr;

pub(in crate::roster) struct RoundTrips;

impl RoundTrips {
    pub(in crate::roster) fn of(_here: SocketAddr) -> Self {
        Self
    }

    pub(in crate::roster) fn to(&self, _peer: SocketAddr) -> Option<u32> {
        None
    }
}
