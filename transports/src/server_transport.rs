//! A transport's end in the server.

use axum::Router;
use fanout::WireFormat;

use crate::{live::Live, transport::Transport};

/// The server's end of a transport.
pub(crate) trait ServerTransport: Transport {
    /// Its ways of writing a publication. Those of another transport that it uses, too, are not repeated.
    const WIRE_FORMATS: &'static [&'static WireFormat];

    /// Returns its routes.
    fn routes(live: &Live) -> Router;
}

/// The slots of a transport's wire formats (see [`WireFormat::slot`]); the registry gives them.
pub(crate) trait Slots: ServerTransport {
    /// The slot of its first format.
    const FIRST: usize;
    /// The first slot after its own.
    const NEXT: usize = Self::FIRST + Self::WIRE_FORMATS.len();
}
