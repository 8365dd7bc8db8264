//! The words of the REST surface.

use serde::{Deserialize, Serialize};

use crate::frame::ErrorCode;

/// The body of every error answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// What kind, for programs.
    pub code: ErrorCode,
    /// What happened and what to do, for people.
    pub message: String,
}
