//! The numbers of series as CSV (RFC 4180): a row for each step, a column for each series.

use app::{door::ExploreProblem, format};
use axum::{
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use common::{door::paths, frame::ErrorCode, past::PastAggregate, series_address::SeriesAddress};
use serde::Deserialize;
use transports::gate::ApiRejection;
use utoipa::IntoParams;

use super::{
    api::PastState,
    error::PastError,
    explore_query::ExploreQuery,
    overlay::{OverlayPoints, OverlayTime, metric_of},
};
use crate::{
    access::Caller,
    openapi::operation::{ErrorAnswer::Code, Operation, OperationGroup::Hosts as GROUP},
};

/// Tells programs that take the bytes for another encoding that they are UTF-8: Excel does so in Korean.
const BOM: &str = "\u{feff}";

/// Describes the route.
pub(super) fn operations() -> Vec<Operation> {
    let failures = [Code(ErrorCode::BadRequest), Code(ErrorCode::NotFound), Code(ErrorCode::Internal)];
    vec![
        Operation::get(paths::RANGE_CSV, "getRangeCsv", GROUP, "Read a time of series of any hosts as CSV")
            .description(
                "A row for each step, with a column for each series: the link of the page Explore. At most 20 series and 10,000 steps. \
                 A series of a host that may not be read is answered as one that is not there.",
            )
            .query::<RangeCsvQuery>()
            .answers_text(200, "text/csv; charset=utf-8", "The values, with a head.")
            .fails(failures),
    ]
}

/// The query, as it is described.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "it is read by hand: `series` may stand several times")]
struct RangeCsvQuery {
    /// A series, 1 to 20 times: `HOST:METRIC`, and then `:LABEL` for each label. In each word `:` and `%` are percent-encoded.
    series: Vec<String>,
    /// The beginning, milliseconds since 1970; an hour before `to` where it is absent. It goes down to a whole step.
    from: Option<u64>,
    /// The end, which is outside; now where it is absent.
    to: Option<u64>,
    /// The length of a step, milliseconds; where it is absent, one that gives up to 600 steps.
    step: Option<u64>,
    /// The number that stands for a step.
    #[serde(default)]
    aggregate: PastAggregate,
    /// The zone of the times: minutes east of UTC, or an offset such as `+09:00`.
    zone: Option<String>,
}

pub(super) async fn csv(
    State(state): State<PastState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiRejection> {
    use PastAggregate::{Average, Count, Last, Max, Min};
    let now = u64::try_from(state.now()).unwrap_or(0);
    let ExploreQuery { view, step, problem } = ExploreQuery::read(query.as_deref().unwrap_or_default(), now);
    let problem = problem.or_else(|| view.series.is_empty().then_some(ExploreProblem::NoneAsked));
    if let Some(problem) = problem {
        return Err(PastError::View(problem).into());
    }
    if state.history.folder().is_none() {
        return Err(PastError::Off.into());
    }
    for series in &view.series {
        state.check_open(series, &caller).map_err(PastError::View)?;
    }
    let aggregate = view.aggregate;
    let of: &'static [PastAggregate] = match aggregate {
        Min => &[Min],
        Average => &[Average],
        Max => &[Max],
        Last => &[Last],
        Count => &[Count],
    };
    let time = OverlayTime { from: view.range.from, to: view.range.to, step };
    let points = state.points(&view.series, time, of).await?;
    let heads = view.series.iter().map(|series| {
        let metric = metric_of(state.metrics(), &series.key).filter(|_| aggregate != Count);
        head(series, metric.map_or("", |metric| format::symbol(metric.unit)))
    });
    let mut text = [BOM, "time,", &heads.collect::<Vec<_>>().join(","), "\r\n"].concat();
    for points in points {
        rows(&mut text, &points, step, view.zone);
    }
    let name =
        ["attachment; filename=\"pulseboard-", &file_time(view.range.from, view.zone), ".csv\""].concat();
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, text).into_response())
}

/// A moment in the name of a file.
pub(super) fn file_time(at: u64, zone: i32) -> String {
    [&format::date(at, zone), "-", &format::minute(at, zone).replace(':', "")].concat()
}

/// The head of a series' column: host, metric and labels, and the unit behind them.
fn head(series: &SeriesAddress, unit: &str) -> String {
    let mut words = vec![series.host.as_str(), series.key.metric()];
    words.extend(series.key.labels().iter().map(String::as_str));
    let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    cell(&(words.join(" ") + &unit))
}

fn rows(text: &mut String, points: &OverlayPoints, step: u64, zone: i32) {
    let count = points.values.first().map_or(0, Vec::len);
    let start = u64::try_from(points.start).unwrap_or(0);
    for index in 0..count {
        text.push_str(&time(start + index as u64 * step, zone));
        for values in &points.values {
            text.push(',');
            if let Some(value) = values.get(index).copied().flatten() {
                text.push_str(&value.to_string());
            }
        }
        text.push_str("\r\n");
    }
}

/// Date and time of ISO 8601 with the zone's offset, and with milliseconds only where there are some.
fn time(at: u64, zone: i32) -> String {
    let stamp = format::stamp(at, zone).replace(".000", "");
    if zone == 0 { stamp.replace("+00:00", "Z") } else { stamp }
}

/// A cell of text (RFC 4180). One that a spreadsheet would take for a formula gets an apostrophe.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_names_the_series_and_is_text_to_every_spreadsheet() {
        let told = |series: &str, unit: &str| head(&series.parse().expect("a series"), unit);
        assert_eq!(told("local:cpu.total", "%"), "\"local cpu.total (%)\"");
        assert_eq!(told("web-1:up:a \"b\", c", ""), "\"web-1 up a \"\"b\"\", c\"");
        assert_eq!(told("-1:x", "B"), "\"'-1 x (B)\"");
        assert_eq!(
            (cell("=1+1"), cell("@a"), cell("+2")),
            ("\"'=1+1\"".into(), "\"'@a\"".into(), "\"'+2\"".into())
        );
    }

    #[test]
    fn a_gap_is_an_empty_cell_and_numbers_are_plain() {
        let values = vec![vec![Some(12.5), None], vec![Some(97_572_749_312.0), Some(-0.25)]];
        let mut text = String::new();
        rows(&mut text, &OverlayPoints { start: 1_795_183_407_000, values }, 500, 540);
        assert_eq!(
            text,
            "2026-11-20T23:03:27+09:00,12.5,97572749312\r\n2026-11-20T23:03:27.500+09:00,,-0.25\r\n"
        );
    }

    #[test]
    fn a_time_without_a_zone_is_of_utc() {
        assert_eq!(time(1_795_183_407_000, 0), "2026-11-20T14:03:27Z");
        assert_eq!(file_time(1_795_183_407_000, 540), "2026-11-20-2303");
    }
}
