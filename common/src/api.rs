//! The words of the REST surface.

use serde::{Deserialize, Serialize};

use crate::frame::ErrorCode;

/// The body of every error answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// The error's code, for programs.
    pub code: ErrorCode,
    /// A sentence for people: the problem, and the way out of it.
    pub message: String,
}
