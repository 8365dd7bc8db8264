//! The description of the routes.

use common::{
    frame::ErrorCode,
    kept_logs::{KeptLogPage, KeptLogSources},
    limit::LimitName,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::openapi::operation::{
    ErrorAnswer::{Code, Limit},
    Operation,
    OperationGroup::Hosts as GROUP,
};

/// The query of a search.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "a source may stand several times, which is read elsewhere")]
struct SearchQuery {
    /// Words that a line has, all of them, whole and in any case; of Hangul also parts of words. At most 16.
    #[param(max_length = 200)]
    words: Option<String>,
    /// Only lines that match this regular expression.
    #[param(max_length = 200)]
    pattern: Option<String>,
    /// A host, once for each; all without.
    host: Option<Vec<String>>,
    /// A source, by `container:ID` or by its name, once for each; all without.
    source: Option<Vec<String>>,
    /// Lines from this time on, Unix microseconds.
    since: Option<u64>,
    /// Lines up to this time.
    until: Option<u64>,
    /// The `next` of the page before.
    before: Option<String>,
    /// The most hits, 100 without.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Describes the routes.
pub(in crate::logs) fn operations() -> Vec<Operation> {
    let fails = || {
        [
            Code(ErrorCode::NotFound),
            Code(ErrorCode::SourceUnavailable),
            Limit(LimitName::PublicationsPerSecond),
        ]
    };
    vec![
        Operation::get(
            "/api/v1/kept-logs",
            "searchKeptLogs",
            GROUP,
            "Find lines of containers that are kept",
        )
        .description("Also of containers that are gone. The newest come first.")
        .query::<SearchQuery>()
        .answers::<KeptLogPage>(200, "A page of what was found.")
        .fails([Code(ErrorCode::BadRequest)])
        .fails(fails()),
        Operation::get(
            "/api/v1/kept-logs/sources",
            "listKeptLogs",
            GROUP,
            "List the containers of which lines are kept",
        )
        .answers::<KeptLogSources>(200, "The sources.")
        .fails(fails()),
    ]
}
