//! The error of a chart that cannot be painted.

/// A chart could not be painted.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The browser gave no 2d context: the canvas already has one of another kind, or memory is short.
    #[error("the canvas has no 2d context")]
    NoContext,
}
