//! The writer of a stream that a reader has asked for, for sources within the server.

use std::sync::Arc;

use common::stream::StreamEndReason;
use serde::Serialize;

use super::{error::StreamError, live_stream::LiveStream};

/// The writer of a stream. One that is dropped without a last word has failed.
#[derive(Debug)]
pub(crate) struct StreamWriter {
    stream: Arc<LiveStream>,
    is_over: bool,
}

impl StreamWriter {
    pub(super) fn new(stream: Arc<LiveStream>) -> Self {
        Self { stream, is_over: false }
    }

    /// Adds items. It waits while the reader who is furthest lags, so that nothing is lost to that one.
    ///
    /// # Errors
    /// [`StreamError::Ended`] when nobody wants more: the source stops then. Others when the log does not take them.
    pub(crate) async fn send<T: Serialize + Sync>(&self, items: &[T]) -> Result<(), StreamError> {
        self.stream.send(items).await
    }

    /// Resolves when nobody wants more: the source stops then.
    pub(crate) async fn given_up(&self) {
        self.stream.given_up().await;
    }

    /// All of it was told.
    ///
    /// # Errors
    /// When the log does not take its end.
    pub(crate) async fn complete(mut self) -> Result<(), StreamError> {
        self.is_over = true;
        self.stream.end(StreamEndReason::Complete, None).await.map(drop)
    }

    /// Its source has failed.
    ///
    /// # Errors
    /// When the log does not take its end.
    pub(crate) async fn fail(mut self, error: String) -> Result<(), StreamError> {
        self.is_over = true;
        self.stream.end(StreamEndReason::Failed, Some(error)).await.map(drop)
    }
}

impl Drop for StreamWriter {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let stream = Arc::clone(&self.stream);
        // At a server's stop there is no runtime, and no reader any more.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let error = "its source has stopped without a word".to_owned();
                if let Err(error) = stream.end(StreamEndReason::Failed, Some(error)).await {
                    tracing::debug!(%error, stream = %stream.id, "a stream has no end");
                }
            });
        }
    }
}
