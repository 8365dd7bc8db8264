//! Items from a request's body: a JSON object, or lines that are taken as they come.

use axum::{
    body::Body,
    http::{HeaderMap, header::CONTENT_TYPE},
};
use futures_util::StreamExt;
use serde_json::value::RawValue;

use super::{error::StreamError, live_stream::LiveStream};

/// The form of a body that has items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemsForm {
    /// `{"items": […]}`.
    Json,
    /// A JSON value in each line (NDJSON).
    JsonLines,
    /// A text in each line.
    TextLines,
}

impl ItemsForm {
    /// Reads the form off a request.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, StreamError> {
        let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = text.split(';').next().unwrap_or_default().trim();
        [
            ("application/json", Self::Json),
            ("application/x-ndjson", Self::JsonLines),
            ("text/plain", Self::TextLines),
        ]
        .into_iter()
        .find(|(name, _)| essence.eq_ignore_ascii_case(name))
        .map(|(_, form)| form)
        .ok_or(StreamError::MediaType)
    }

    /// An item from a line; none where it is blank.
    fn item(self, line: &[u8]) -> Result<Option<Box<RawValue>>, StreamError> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if self == Self::TextLines {
            let text = String::from_utf8_lossy(line);
            return serde_json::value::to_raw_value(&text).map(Some).map_err(StreamError::Unreadable);
        }
        if line.trim_ascii().is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(line).map(Some).map_err(StreamError::Unreadable)
    }
}

/// Takes the lines of a body into a stream as they come, each of at most `longest` bytes.
pub(super) async fn write_lines(
    stream: &LiveStream,
    form: ItemsForm,
    body: Body,
    longest: usize,
) -> Result<(), StreamError> {
    let mut data = body.into_data_stream();
    let mut open: Vec<u8> = Vec::new();
    loop {
        let next = tokio::select! {
            // A client that goes on without a word learns that nobody wants more.
            () = stream.given_up() => return stream.send::<()>(&[]).await,
            next = data.next() => next,
        };
        let Some(bytes) = next else { break };
        let bytes = bytes.map_err(|error| StreamError::BrokenOff(error.to_string()))?;
        let mut items = Vec::new();
        let mut lines = bytes.split(|byte| *byte == b'\n');
        // The rest, behind the last end of a line, is the beginning of one, or nothing.
        let rest = lines.next_back().unwrap_or_default();
        for line in lines {
            open.extend_from_slice(line);
            check_length(&open, longest)?;
            items.extend(form.item(&open)?);
            open.clear();
        }
        open.extend_from_slice(rest);
        stream.send(&items).await?;
        check_length(&open, longest)?;
    }
    let last = if open.is_empty() { None } else { form.item(&open)? };
    stream.send(last.as_slice()).await
}

fn check_length(line: &[u8], longest: usize) -> Result<(), StreamError> {
    if line.len() > longest { Err(StreamError::ItemTooLong(longest)) } else { Ok(()) }
}
