//! The HTTP status of every refusal: one table, from the codes and limits of [`crate::api`].

use crate::{api::ApiError, error_code::ErrorCode, limit::LimitName};

impl ErrorCode {
    /// Returns the HTTP status that says the code where nothing more exact is known: no [`ExactStatus`], no limit.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            // RFC 9110 §15.5.1
            Self::BadRequest
            | Self::BadTopic
            | Self::TooManyTopics
            | Self::BadCursor
            | Self::BadFrame
            | Self::BadMessage => 400,
            // RFC 9110 §15.5.2
            Self::NotSignedIn | Self::OperatorOnly => 401,
            // RFC 9110 §15.5.4
            Self::ForbiddenOrigin | Self::NotAllowed => 403,
            // RFC 9110 §15.5.5
            Self::UnknownTopic | Self::NotFound => 404,
            // RFC 9110 §15.5.6
            Self::MethodNotAllowed => 405,
            // RFC 9110 §15.5.10
            Self::StreamEnded => 409,
            // RFC 6585 §4
            Self::LimitReached => 429,
            // RFC 9110 §15.6.1
            Self::Internal => 500,
            // RFC 9110 §15.6.4
            Self::NotStored
            | Self::LogUnavailable
            | Self::StoreUnavailable
            | Self::SourceUnavailable
            | Self::ShuttingDown => 503,
        }
    }
}

impl LimitName {
    /// Returns the HTTP status of a request that has reached the limit.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            // RFC 9110 §15.5.1: coming back later does not help.
            Self::TopicsPerConnection => 400,
            // RFC 9110 §15.5.14
            Self::MessageBytes | Self::PublicationBytes | Self::BodyBytes => 413,
            // RFC 6585 §4
            Self::Rooms
            | Self::RoomsPerAddress
            | Self::PeoplePerRoom
            | Self::PeoplePerAddress
            | Self::MessagesPerSecond
            | Self::UnsentMessages
            | Self::PublicationsPerSecond
            | Self::Topics
            | Self::Labs
            | Self::SilentAnswers
            | Self::FollowedConnections
            | Self::Streams => 429,
            // RFC 9110 §15.6.4: the server as a whole takes no more.
            Self::PlainConnections | Self::PlainConnectionsPerAddress => 503,
        }
    }
}

impl ApiError {
    /// Returns the HTTP status that goes with the error: its limit's, or its code's.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match (self.code, self.limit) {
            (ErrorCode::LimitReached, Some(limit)) => limit.name.status(),
            (code, _) => code.status(),
        }
    }
}

/// A status that says more than its error's code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExactStatus {
    /// Programs may not publish to the topic, though it may well exist (RFC 9110 §15.5.4).
    TopicReadOnly,
    /// The request did not arrive in time (RFC 9110 §15.5.9).
    RequestTimeout,
    /// The thing to be changed is not as the request has seen it (RFC 9110 §15.5.10).
    Conflict,
    /// The body is not of the type that the address takes (RFC 9110 §15.5.16).
    UnsupportedMediaType,
    /// The body can be read and does not say what it should (RFC 9110 §15.5.21).
    UnprocessableContent,
    /// The address is for another protocol (RFC 9110 §15.5.22).
    UpgradeRequired,
    /// The address needs another version of HTTP (RFC 9110 §15.6.6).
    VersionNotSupported,
}

impl ExactStatus {
    /// Every exact status.
    pub const ALL: [Self; 7] = [
        Self::TopicReadOnly,
        Self::RequestTimeout,
        Self::Conflict,
        Self::UnsupportedMediaType,
        Self::UnprocessableContent,
        Self::UpgradeRequired,
        Self::VersionNotSupported,
    ];

    /// Returns the code of the error that it goes with.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::TopicReadOnly => ErrorCode::UnknownTopic,
            Self::RequestTimeout
            | Self::Conflict
            | Self::UnsupportedMediaType
            | Self::UnprocessableContent
            | Self::UpgradeRequired
            | Self::VersionNotSupported => ErrorCode::BadRequest,
        }
    }

    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TopicReadOnly => 403,
            Self::RequestTimeout => 408,
            Self::Conflict => 409,
            Self::UnsupportedMediaType => 415,
            Self::UnprocessableContent => 422,
            Self::UpgradeRequired => 426,
            Self::VersionNotSupported => 505,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROTOCOL: &str = include_str!("../../docs/protocol.md");

    fn word(code: impl serde::Serialize) -> String {
        serde_json::to_value(code).expect("JSON").as_str().expect("a word").to_owned()
    }

    #[test]
    fn each_code_has_the_status_that_it_always_had() {
        let statuses: Vec<(String, u16)> =
            ErrorCode::ALL.iter().map(|&code| (word(code), code.status())).collect();
        let expected = [
            ("bad_request", 400),
            ("bad_topic", 400),
            ("unknown_topic", 404),
            ("too_many_topics", 400),
            ("bad_cursor", 400),
            ("bad_frame", 400),
            ("forbidden_origin", 403),
            ("not_signed_in", 401),
            ("not_allowed", 403),
            ("operator_only", 401),
            ("limit_reached", 429),
            ("not_found", 404),
            ("method_not_allowed", 405),
            ("shutting_down", 503),
            ("bad_message", 400),
            ("stream_ended", 409),
            ("not_stored", 503),
            ("log_unavailable", 503),
            ("store_unavailable", 503),
            ("source_unavailable", 503),
            ("internal", 500),
        ];
        assert_eq!(statuses, expected.map(|(code, status)| (code.to_owned(), status)));
    }

    #[test]
    fn a_limit_decides_where_the_code_is_limit_reached_and_nowhere_else() {
        let status = |name| ApiError::limit_reached(name, 1, String::new()).status();
        for name in LimitName::ALL {
            let expected = match word(name).as_str() {
                "message_bytes" | "publication_bytes" | "body_bytes" => 413,
                "plain_connections" | "plain_connections_per_address" => 503,
                "topics_per_connection" => 400,
                _ => 429,
            };
            assert_eq!(status(name), expected, "{name:?}");
        }
        let of_another_code = ApiError {
            code: ErrorCode::NotStored,
            ..ApiError::limit_reached(LimitName::BodyBytes, 1, String::new())
        };
        assert_eq!(of_another_code.status(), 503);
        assert_eq!(ApiError::new(ErrorCode::LimitReached, String::new()).status(), 429);
    }

    /// Reads the rows of the table of refusals: their statuses, and their codes.
    fn documented() -> Vec<(u16, String)> {
        let table = PROTOCOL.split("| status | code | why |").nth(1).expect("the table of refusals");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        rows.flat_map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let statuses: Vec<u16> =
                cells[1].split(", ").map(|status| status.parse().expect("a status")).collect();
            let codes: Vec<String> =
                cells[2].split(", ").map(|code| code.trim_matches('`').to_owned()).collect();
            statuses
                .into_iter()
                .flat_map(|status| codes.clone().into_iter().map(move |code| (status, code)))
                .collect::<Vec<_>>()
        })
        .collect()
    }

    #[test]
    fn the_protocol_lists_each_status_with_its_code_and_no_other() {
        let codes = ErrorCode::ALL.iter().map(|&code| (code.status(), word(code)));
        let limits = LimitName::ALL
            .iter()
            .filter(|&&name| name != LimitName::TopicsPerConnection)
            .map(|name| (name.status(), word(ErrorCode::LimitReached)));
        let exact = ExactStatus::ALL.iter().map(|exact| (exact.status(), word(exact.code())));
        // Frames are refused on the connection: no HTTP answer says `bad_frame`.
        let said: Vec<(u16, String)> =
            codes.chain(limits).chain(exact).filter(|(_, code)| code != "bad_frame").collect();
        let documented = documented();
        assert!(documented.len() > 20, "{documented:?}");
        for pair in &documented {
            assert!(said.contains(pair), "the table says {pair:?}");
        }
        for pair in &said {
            assert!(documented.contains(pair), "the table lacks {pair:?}");
        }
    }
}
