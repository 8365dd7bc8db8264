//! The probe that another one hangs on.

/// Returns the name of the probe that another one hangs on, where that is not up. One that was not asked yet is no hindrance.
pub(super) type MissingParent = Box<dyn Fn() -> Option<String> + Send + Sync>;
