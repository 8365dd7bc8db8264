//! Values that JSON leaves out: whoever reads it takes them for granted. Serde hands them over by reference.
#![allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]

/// True of zero.
pub(crate) fn is_zero(number: &u16) -> bool {
    *number == 0
}

/// True of false.
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}
