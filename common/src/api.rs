//! The words of the REST surface.

use serde::{Deserialize, Serialize};

use crate::{
    error_code::ErrorCode,
    limit::{Limit, LimitName},
};

/// The body of every error answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// The error's code, for programs.
    pub code: ErrorCode,
    /// A sentence for people: the problem, and the way out of it.
    pub message: String,
    /// Which limit the request has reached, where it has reached one.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
}

impl ApiError {
    /// An error that is no limit.
    #[must_use]
    pub const fn new(code: ErrorCode, message: String) -> Self {
        Self { code, message, limit: None }
    }

    /// The error of a limit that is reached.
    #[must_use]
    pub const fn limit_reached(name: LimitName, max: usize, message: String) -> Self {
        Self { code: ErrorCode::LimitReached, message, limit: Some(Limit::new(name, max)) }
    }

    /// The part of it that readers are told in their own language.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        Reason { code: self.code, limit: self.limit }
    }
}

/// The reason for which a request was refused, as an [`ApiError`] says it to programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// The kind of error.
    pub code: ErrorCode,
    /// The limit that is reached, if it is one.
    pub limit: Option<Limit>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_stands_beside_code_and_message_and_reads_back() {
        for name in LimitName::ALL {
            let error = ApiError::limit_reached(name, 100, "full".into());
            let text = serde_json::to_string(&error).expect("JSON");
            assert_eq!(serde_json::from_str::<ApiError>(&text).expect(&text), error);
        }
        let error = ApiError::limit_reached(LimitName::RoomsPerAddress, 16, "full".into());
        let text = serde_json::to_string(&error).expect("JSON");
        assert_eq!(text, r#"{"code":"limit_reached","message":"full","limit":"rooms_per_address","max":16}"#);
    }

    #[test]
    fn an_error_without_a_limit_or_with_one_that_is_not_known_is_an_error_all_the_same() {
        for limit in ["", r#","limit":"of_a_later_version","max":3"#, r#","limit":"rooms""#] {
            let text = format!(r#"{{"code":"limit_reached","message":"full"{limit}}}"#);
            let read: ApiError = serde_json::from_str(&text).expect(&text);
            assert_eq!(read, ApiError::new(ErrorCode::LimitReached, "full".into()), "{text}");
        }
        assert_eq!(
            serde_json::to_string(&ApiError::new(ErrorCode::NotFound, "no".into())).expect("JSON"),
            r#"{"code":"not_found","message":"no"}"#
        );
    }
}
