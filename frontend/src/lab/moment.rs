//! The browser's clock, finer than the milliseconds of `Date`.

use crate::browser::window;

/// Milliseconds since 1970, with their fraction. It does not jump when the system's clock is set; what the two are apart by then, the
/// comparison with the server's clock takes into account.
pub(super) fn now() -> f64 {
    let performance = window().performance().expect("every browser that runs WebAssembly has a clock for it");
    performance.time_origin() + performance.now()
}
