//! All transports' ends in the browser, together.

use super::{ClientTransport, OpenClient};
use crate::{entry::Entry, registry::registered, transport::Transport};

macro_rules! clients {
    ($($transport:ty),+ $(,)?) => {
        /// The catalog's entries with their ends in the browser, in the same order.
        pub const CLIENTS: &[(&Entry, OpenClient)] =
            &[$((<$transport as Transport>::ENTRY, <$transport as ClientTransport>::open)),+];
    };
}

registered!(clients);
