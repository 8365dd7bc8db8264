//! The errors that an operation answers with. Their statuses come from the one table of `common::status`.

use std::collections::BTreeMap;

use common::{frame::ErrorCode, limit::LimitName, status::ExactStatus};
use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Object, ObjectBuilder, RefOr, Response, ResponseBuilder, Schema,
    header::Header,
    schema::{Ref, Type},
};

/// The schema's name.
const ERROR: &str = "ApiError";

/// An error that an operation answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorAnswer {
    /// A code, with its own status.
    Code(ErrorCode),
    /// A code whose status says more.
    Exact(ExactStatus),
    /// A limit that is reached.
    Limit(LimitName),
}

impl ErrorAnswer {
    const fn status(self) -> u16 {
        match self {
            Self::Code(code) => code.status(),
            Self::Exact(exact) => exact.status(),
            Self::Limit(limit) => limit.status(),
        }
    }

    /// Returns its line of the description.
    fn line(self) -> String {
        match self {
            Self::Code(code) => format!("`{}`: {}", word(code), meaning(code)),
            Self::Exact(exact) => format!("`{}`: {}", word(exact.code()), exact_meaning(exact)),
            Self::Limit(limit) => {
                format!("`{}`, `{}`: {}", word(ErrorCode::LimitReached), word(limit), limit_meaning(limit))
            }
        }
    }
}

/// Returns the answers of these errors, one for each status.
pub(super) fn responses(errors: &[ErrorAnswer]) -> BTreeMap<String, Response> {
    let mut lines: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for error in errors {
        let of_status = lines.entry(error.status()).or_default();
        let line = error.line();
        if !of_status.contains(&line) {
            of_status.push(line);
        }
    }
    lines.into_iter().map(|(status, lines)| (status.to_string(), response(status, &lines))).collect()
}

fn response(status: u16, lines: &[String]) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ERROR))).build();
    let answer = ResponseBuilder::new().description(lines.join("\n\n")).content("application/json", content);
    let answer = match status {
        401 => answer.header(
            "WWW-Authenticate",
            text_header("The challenge: `Bearer`, with `error=\"invalid_token\"` where a token was sent."),
        ),
        429 | 503 => answer.header(
            "Retry-After",
            text_header("The seconds after which to ask again, where they are known."),
        ),
        _ => answer,
    };
    answer.build()
}

fn text_header(description: &str) -> Header {
    let schema = Object::with_type(Type::String);
    HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build()
}

/// The name and the schema of every error's body.
pub(super) fn schema() -> (String, RefOr<Schema>) {
    let words = |all: Vec<Value>| ObjectBuilder::new().schema_type(Type::String).enum_values(Some(all));
    let code = words(ErrorCode::ALL.map(|code| json!(code)).to_vec());
    let limit = words(LimitName::ALL.map(|name| json!(name)).to_vec());
    let message = ObjectBuilder::new().schema_type(Type::String);
    let max = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
    let schema = ObjectBuilder::new()
        .description(Some("The body of every error answer."))
        .property("code", code.description(Some("The error, for programs to match on.")))
        .required("code")
        .property(
            "message",
            message.description(Some("A sentence for people: the problem, and the way out of it.")),
        )
        .required("message")
        .property("limit", limit.description(Some("The limit that is reached, where it is one.")))
        .property(
            "max",
            max.description(Some("The most that there may be, in the unit that the limit's name says.")),
        );
    (ERROR.to_owned(), schema.into())
}

/// Returns the word that stands in the body.
fn word(code: impl serde::Serialize) -> String {
    json!(code).as_str().unwrap_or_default().to_owned()
}

const fn meaning(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadRequest => "the address, a parameter, a header or the body cannot be read.",
        ErrorCode::BadTopic => "the topic's text is no topic.",
        ErrorCode::UnknownTopic => "the server has no such topic.",
        ErrorCode::TooManyTopics => "more topics than a connection may follow.",
        ErrorCode::BadCursor => "the cursor is none, or of another life of the log.",
        ErrorCode::BadFrame => "a frame that is not of this protocol.",
        ErrorCode::ForbiddenOrigin => {
            "the request comes from the page of another site, or names a host that this server does not have."
        }
        ErrorCode::NotSignedIn => {
            "the request carries neither a session nor a token, or one that is not valid any more."
        }
        ErrorCode::NotAllowed => "the role of the account, or the scopes of the token, do not reach so far.",
        ErrorCode::OperatorOnly => {
            "the request carries neither the operator's token nor another proof, or a wrong one."
        }
        ErrorCode::LimitReached => "a limit is reached.",
        ErrorCode::NotFound => "nothing of that name or number is there.",
        ErrorCode::MethodNotAllowed => "the address does not take this method.",
        ErrorCode::ShuttingDown => "the server is stopping.",
        ErrorCode::StreamEnded => "the stream has ended.",
        ErrorCode::BadMessage => "the data is not what its topic takes.",
        ErrorCode::NotStored => "the disk is full, or failed: no one was told of the publication.",
        ErrorCode::LogUnavailable => {
            "the servers that keep the log do not answer: whether the publication is in it is not known, so send it again under the same key."
        }
        ErrorCode::StoreUnavailable => "the store of accounts and notices cannot be read or written now.",
        ErrorCode::SourceUnavailable => "what the answer is read from does not answer now.",
        ErrorCode::Internal => "the server failed; the message has the id under which its log says more.",
    }
}

const fn exact_meaning(exact: ExactStatus) -> &'static str {
    match exact {
        ExactStatus::TopicReadOnly => "programs may not publish to this topic.",
        ExactStatus::RequestTimeout => "the request did not arrive in time.",
        ExactStatus::Conflict => "it was changed meanwhile: look at it again.",
        ExactStatus::UnsupportedMediaType => "the body is not `application/json`.",
        ExactStatus::UnprocessableContent => "the body can be read and does not say what it should.",
        ExactStatus::UpgradeRequired => "the address is for another protocol.",
        ExactStatus::VersionNotSupported => "the address needs another version of HTTP.",
    }
}

const fn limit_meaning(limit: LimitName) -> &'static str {
    match limit {
        LimitName::MessagesPerSecond => "more requests a second from one address than it may send.",
        LimitName::PublicationsPerSecond => "more a second from one address than it may send.",
        LimitName::PublicationBytes | LimitName::MessageBytes => "the data is too long.",
        LimitName::BodyBytes => "the body is too long.",
        LimitName::Topics => "there are as many topics as there may be.",
        LimitName::Labs => "as many labs are under way as may be.",
        LimitName::Streams => "as many streams are open as may be.",
        LimitName::FollowedConnections => "as many connections are followed as may be.",
        LimitName::PlainConnections | LimitName::PlainConnectionsPerAddress => {
            "more connections are at work than there are places for."
        }
        LimitName::Rooms
        | LimitName::RoomsPerAddress
        | LimitName::PeoplePerRoom
        | LimitName::PeoplePerAddress
        | LimitName::UnsentMessages
        | LimitName::TopicsPerConnection
        | LimitName::SilentAnswers => "there are as many as there may be.",
    }
}
