//! The error that ends a WebSocket whose client breaks a rule.

/// A rule was broken; the close code says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProtocolError(pub u16);
