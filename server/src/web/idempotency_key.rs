//! The key of a request, by which what is sent again after a lost answer is known (IETF draft "The Idempotency-Key HTTP Header Field").

use axum::http::HeaderMap;
use common::frame::ErrorCode;
use fanout::{BadIdempotencyKey, IdempotencyKey};
use transports::gate::ApiRejection;
use utoipa::{
    PartialSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// The header's name.
pub(crate) const HEADER: &str = "idempotency-key";

/// Says in the description of the API what the header does.
pub(crate) const DESCRIPTION: &str = "A text of your own. What is sent again under it is there once.";

/// The header's text, for the description of the API.
pub(crate) struct KeyText;

impl PartialSchema for KeyText {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("1 to 128 visible ASCII characters, in quotes or without."))
            .pattern(Some(r#"^([!#-~][!-~]{0,127}|"[!-~]{1,128}")$"#))
            .into()
    }
}

/// Why the key of a request cannot be read. 400 `bad_request`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyHeaderError {
    /// The request has two keys.
    #[error("Idempotency-Key stands twice")]
    TwoKeys,
    /// The key is none.
    #[error("Idempotency-Key cannot be read: {0}")]
    Bad(BadIdempotencyKey),
}

impl From<KeyHeaderError> for ApiRejection {
    fn from(error: KeyHeaderError) -> Self {
        Self::new(ErrorCode::BadRequest, error.to_string())
    }
}

/// Reads the key of a request: a text, in quotes or without (a string of RFC 8941 has them).
///
/// # Errors
/// When it is no key, or there are two.
pub(crate) fn of(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, KeyHeaderError> {
    let mut all = headers.get_all(HEADER).iter();
    let Some(value) = all.next() else { return Ok(None) };
    if all.next().is_some() {
        return Err(KeyHeaderError::TwoKeys);
    }
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    text.parse().map(Some).map_err(KeyHeaderError::Bad)
}
