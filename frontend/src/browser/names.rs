//! Names that nothing else has.

use std::fmt::Write;

use common::MessageId;

use super::window;

/// 128 random bits in hex: pages that never heard of each other do not make the same one.
pub(crate) fn new_message_id() -> MessageId {
    let mut bits = [0; 16];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bits))
        .expect("every browser that runs WebAssembly has random numbers");
    let mut name = String::with_capacity(2 * bits.len());
    for byte in bits {
        let written = write!(name, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes everything");
    }
    name.parse().expect("32 hex digits are a name")
}
