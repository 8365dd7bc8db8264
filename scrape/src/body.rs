//! Reading the body of an answer, within bounds.

use http::{HeaderMap, header::CONTENT_ENCODING};
use outbound::BodyStream;

use crate::{
    error::ScrapeError,
    inflate::{InflateError, Inflater},
};

/// The most bytes of a body, as it is sent and as it is unpacked: 16 MiB. A hundred thousand series take about as much.
pub const LONGEST_BODY: usize = 16 << 20;
/// The most bytes of a body that is only read so that its connection can be kept.
const LONGEST_DISCARDED: usize = 64 << 10;

/// A body that was read to its end.
#[derive(Debug)]
pub(crate) struct WholeBody {
    /// Unpacked.
    pub(crate) bytes: Vec<u8>,
    /// The length as it was sent, without the framing of chunks.
    pub(crate) wire_bytes: usize,
}

/// The forms in which a body is taken.
#[derive(Debug)]
pub(crate) enum BodyCoding {
    Identity,
    Gzip,
}

impl BodyCoding {
    /// Returns the form that the headers tell.
    ///
    /// # Errors
    /// When it is another than those that were asked for.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, ScrapeError> {
        let Some(value) = headers.get(CONTENT_ENCODING) else { return Ok(Self::Identity) };
        let text = String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase();
        match text.as_str() {
            "" | "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            _ => Err(ScrapeError::ContentEncoding(text.chars().take(40).collect())),
        }
    }
}

/// Reads a body to its end.
///
/// # Errors
/// When it is too long, sent or unpacked, breaks off, or cannot be unpacked.
pub(crate) async fn read(mut body: BodyStream, coding: BodyCoding) -> Result<WholeBody, ScrapeError> {
    if body.content_length().is_some_and(|length| length > LONGEST_BODY as u64) {
        return Err(ScrapeError::TooLong(LONGEST_BODY));
    }
    let mut inflater = match coding {
        BodyCoding::Identity => None,
        BodyCoding::Gzip => Some(Inflater::new(LONGEST_BODY)),
    };
    let mut bytes = Vec::new();
    let mut wire_bytes = 0;
    let cut = |bytes, error: &dyn std::fmt::Display| ScrapeError::Cut { bytes, why: error.to_string() };
    while let Some(piece) = body.chunk().await.map_err(|error| cut(wire_bytes, &error))? {
        wire_bytes += piece.len();
        if wire_bytes > LONGEST_BODY {
            return Err(ScrapeError::TooLong(LONGEST_BODY));
        }
        match &mut inflater {
            Some(inflater) => inflater.write(&piece).map_err(unpacking)?,
            None => bytes.extend_from_slice(&piece),
        }
    }
    if let Some(inflater) = inflater {
        bytes = inflater.finish().map_err(unpacking)?;
    }
    Ok(WholeBody { bytes, wire_bytes })
}

/// Reads a short body to its end, and returns false for one that breaks off or is long: its connection cannot be used again.
pub(crate) async fn discard(mut body: BodyStream) -> bool {
    let mut left = LONGEST_DISCARDED;
    loop {
        match body.chunk().await {
            Ok(None) => return true,
            Ok(Some(piece)) if piece.len() <= left => left -= piece.len(),
            Ok(Some(_)) | Err(_) => return false,
        }
    }
}

fn unpacking(error: InflateError) -> ScrapeError {
    match error {
        InflateError::TooLong => ScrapeError::InflatesTooLong(LONGEST_BODY),
        InflateError::Damaged(why) => ScrapeError::Gzip(why),
    }
}
