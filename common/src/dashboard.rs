//! Dashboards: rows of cards that a team shares, as REST, files and pages tell them. `docs/dashboards.md` describes them.

use serde::{Deserialize, Serialize};

use crate::{past::PastAggregate, series_address::SeriesAddress};

/// The most cards of a dashboard.
pub const DASHBOARD_CARDS: usize = 24;
/// The most cards of a row.
pub const ROW_CARDS: usize = 4;
/// The most series of a card.
pub const CARD_SERIES: usize = 20;
/// The longest title of a card, characters.
pub const CARD_TITLE_CHARS: usize = 120;

/// A row of cards, side by side where there is room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DashboardRow {
    /// Its cards, at most 4.
    pub cards: Vec<DashboardCard>,
}

/// A card: a view of Explore that ends now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DashboardCard {
    /// Its title, at most 120 characters. Where it is empty, the metrics name the card.
    #[serde(default)]
    pub title: String,
    /// Its series, at most 20: `HOST:METRIC`, and then `:LABEL` for each label, as the link of the page Explore has them.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub series: Vec<SeriesAddress>,
    /// The length of the time that is shown.
    #[serde(default)]
    pub span: CardSpan,
    /// The number that stands for a step: all but `count`.
    #[serde(default)]
    pub aggregate: PastAggregate,
    /// The time that is drawn beside it.
    #[serde(default)]
    pub compare: Option<CardComparison>,
    /// True where the series are stacked.
    #[serde(default)]
    pub stack: bool,
    /// The number of series that are left out, since the reader may not read them. Passed over where a dashboard is sent.
    #[serde(default, skip_serializing_if = "is_none")]
    pub hidden_series: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_none(count: &usize) -> bool {
    *count == 0
}

/// The length of the time that a card shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CardSpan {
    /// A quarter of an hour.
    #[serde(rename = "15m")]
    QuarterHour,
    /// An hour.
    #[default]
    #[serde(rename = "1h")]
    Hour,
    /// Six hours.
    #[serde(rename = "6h")]
    SixHours,
    /// A day.
    #[serde(rename = "24h")]
    Day,
    /// A week.
    #[serde(rename = "7d")]
    Week,
    /// Thirty days.
    #[serde(rename = "30d")]
    Month,
    /// A year.
    #[serde(rename = "1y")]
    Year,
}

impl CardSpan {
    /// Every length, the shortest first.
    pub const ALL: [Self; 7] =
        [Self::QuarterHour, Self::Hour, Self::SixHours, Self::Day, Self::Week, Self::Month, Self::Year];

    /// Returns its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QuarterHour => "15m",
            Self::Hour => "1h",
            Self::SixHours => "6h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Year => "1y",
        }
    }
}

/// Another time that is drawn on the axis of a card's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardComparison {
    /// A day before.
    Day,
    /// A week before.
    Week,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_as_it_is_written_and_most_of_it_may_be_left_out() {
        let short: DashboardCard =
            serde_json::from_str(r#"{"series": ["web-1:disk.read:C%3A"]}"#).expect("a card");
        assert_eq!((short.span, short.aggregate), (CardSpan::Hour, PastAggregate::Average));
        let text = serde_json::to_string(&short).expect("written");
        assert_eq!(
            text,
            r#"{"title":"","series":["web-1:disk.read:C%3A"],"span":"1h","aggregate":"average","compare":null,"stack":false}"#
        );
        assert_eq!(serde_json::from_str::<DashboardCard>(&text).expect("read"), short);
        for bad in [r#"{"series": ["x"]}"#, r#"{"series": [], "span": "2h"}"#, r#"{"series": [], "more": 1}"#]
        {
            assert!(serde_json::from_str::<DashboardCard>(bad).is_err(), "{bad}");
        }
        for span in CardSpan::ALL {
            assert_eq!(serde_json::to_value(span).expect("written"), span.as_str());
        }
    }
}
