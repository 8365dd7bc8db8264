//! Close codes that go with a bye.

use common::frame::ByeReason;

/// The close code that goes with a bye.
pub(super) fn code(reason: ByeReason) -> u16 {
    match reason {
        ByeReason::Shutdown => common::close::RESTART,
        ByeReason::TooManyConnections | ByeReason::LogFull => common::close::TRY_LATER,
        ByeReason::Ended | ByeReason::Renew | ByeReason::SignedOut => common::close::ENDED,
    }
}
