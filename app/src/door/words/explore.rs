//! The texts of Explore.

use common::metric::Unit;

use crate::{
    door::{explore_problem::ExploreProblem, explore_view::ExploreComparison},
    i18n::{Language, document_words},
};

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct ExploreWords {
    /// Says what the page is for.
    pub(in crate::door) hint: &'static str,
    /// Names the chart of a unit, where its series are of several metrics.
    pub(in crate::door) unit: fn(Unit) -> &'static str,
    /// Nothing is chosen yet.
    pub(in crate::door) none_chosen: &'static str,
    /// The time has no numbers of the series.
    pub(in crate::door) no_numbers: &'static str,
    /// Column of the legend.
    pub(in crate::door) host: &'static str,
    /// Column of the legend.
    pub(in crate::door) metric: &'static str,
    /// Column of the legend.
    pub(in crate::door) label: &'static str,
    /// Column of the legend: the value below the crosshair.
    pub(in crate::door) at: &'static str,
    /// Column of the legend, for screen readers.
    pub(in crate::door) color: &'static str,
    /// Link.
    pub(in crate::door) remove: &'static str,
    /// Heading of the search.
    pub(in crate::door) add: &'static str,
    /// Field of the search.
    pub(in crate::door) find: &'static str,
    /// Explains the field.
    pub(in crate::door) find_hint: &'static str,
    /// Button.
    pub(in crate::door) find_button: &'static str,
    /// Counts what was found.
    pub(in crate::door) found: fn(usize, usize) -> String,
    /// Nothing was found.
    pub(in crate::door) found_none: &'static str,
    /// Link that adds a series, for screen readers.
    pub(in crate::door) add_one: &'static str,
    /// Marks a series that is shown already.
    pub(in crate::door) is_shown: &'static str,
    /// No more can be added.
    pub(in crate::door) full: &'static str,
    /// Field.
    pub(in crate::door) start: &'static str,
    /// Field.
    pub(in crate::door) end: &'static str,
    /// Button.
    pub(in crate::door) show: &'static str,
    /// Names the choice of the number that is drawn.
    pub(in crate::door) aggregate: &'static str,
    /// Names the choice between the two ways to draw several series.
    pub(in crate::door) layout: &'static str,
    /// Both ways, the overlaid one first.
    pub(in crate::door) layouts: [&'static str; 2],
    /// Names the choice of a comparison.
    pub(in crate::door) compare: &'static str,
    /// The comparisons, none first.
    pub(in crate::door) comparisons: [&'static str; 3],
    /// Stands behind the name of a series of another time.
    pub(in crate::door) before: fn(ExploreComparison) -> &'static str,
    /// Link that saves a file.
    pub(in crate::door) save_csv: &'static str,
    /// Link that saves a picture.
    pub(in crate::door) save_svg: &'static str,
    /// Link that saves a picture made of points.
    pub(in crate::door) save_png: &'static str,
    /// The page follows the time.
    pub(in crate::door) live: &'static str,
    /// The page followed the time, and was stopped.
    pub(in crate::door) paused: &'static str,
    /// The page cannot be asked for anew.
    pub(in crate::door) lost: &'static str,
    /// Button.
    pub(in crate::door) pause: &'static str,
    /// Button.
    pub(in crate::door) go_on: &'static str,
    /// Explains the keys of a chart.
    pub(in crate::door) keys: &'static str,
    /// The time of the chart is in this zone.
    pub(in crate::door) zone: &'static str,
    problem: fn(&ExploreProblem) -> String,
}

document_words!(ExploreWords, EN, KO);

impl ExploreProblem {
    /// Returns the sentence that says it to people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        (ExploreWords::of(language).problem)(self)
    }
}

const EN: ExploreWords = ExploreWords {
    hint: "Series of any host, overlaid or stacked. Series of one unit share a chart; the line is the average of each step or what you choose, and a series alone has the band from its lowest to its highest.",
    unit: |unit| match unit {
        Unit::Percent => "Percent",
        Unit::Bytes => "Bytes",
        Unit::BytesPerSecond => "Bytes a second",
        Unit::Seconds => "Seconds",
        Unit::Celsius => "Temperature",
        Unit::Count => "Numbers",
    },
    none_chosen: "No series is chosen. Add one below.",
    no_numbers: "These series have no numbers of this time.",
    host: "Host",
    metric: "Metric",
    label: "Label",
    at: "At the line",
    color: "Line",
    remove: "Remove",
    add: "Add series",
    find: "Find",
    find_hint: "Words of the host, the metric or the label.",
    find_button: "Search",
    found: |shown, all| match (shown, all) {
        (1, 1) => "1 series".into(),
        (shown, all) if shown == all => [&all.to_string(), " series"].concat(),
        (shown, all) => ["The first ", &shown.to_string(), " of ", &all.to_string(), " series"].concat(),
    },
    found_none: "No series with numbers of this time has all of these words.",
    add_one: "Add",
    is_shown: "shown",
    full: "20 series are shown, and no more fit: remove one first.",
    start: "From",
    end: "To",
    show: "Show",
    aggregate: "Line of each step",
    layout: "Several series",
    layouts: ["Overlaid", "Stacked"],
    compare: "Compare with",
    comparisons: ["Nothing", "A day before", "A week before"],
    before: |comparison| match comparison {
        ExploreComparison::Day => "a day before",
        ExploreComparison::Week => "a week before",
    },
    save_csv: "Save as CSV",
    save_svg: "Save as SVG",
    save_png: "Save as PNG",
    live: "live",
    paused: "paused",
    lost: "not reachable",
    pause: "Pause",
    go_on: "Go on",
    keys: "Left and right move the line, plus and minus zoom, Escape goes back. Drag over a chart to zoom in.",
    zone: "Times in",
    problem: |problem| match problem {
        ExploreProblem::BadSeries(text) => {
            ["\"", text, "\" names no series. One is written as HOST:METRIC, with :LABEL for each label."]
                .concat()
        }
        ExploreProblem::TooManySeries => "A view has at most 20 series.".into(),
        ExploreProblem::NoSeries(series) => ["There is no series ", &series.to_string(), "."].concat(),
        ExploreProblem::NoneAsked => "1 to 20 series are asked for, each as series=HOST:METRIC.".into(),
        ExploreProblem::BadTime(name) => {
            ["\"", name, "\" is no time in milliseconds since 1970, or no date."].concat()
        }
        ExploreProblem::BadRange => "The time ends before it begins.".into(),
        ExploreProblem::TooLong => "The time is too long: at most 20 years are shown at once.".into(),
        ExploreProblem::BadChoice { name, values } => ["\"", name, "\" is one of: ", values, "."].concat(),
        ExploreProblem::BadZone => "\"zone\" is an offset from UTC such as 540 or +09:00.".into(),
        ExploreProblem::BadStep => {
            "\"step\" is a length in milliseconds that gives at most 10000 steps.".into()
        }
    },
};

const KO: ExploreWords = ExploreWords {
    hint: "여러 호스트의 시계열을 겹치거나 쌓아 봅니다. 단위가 같은 시계열은 한 차트에 그려집니다. 선은 구간별 평균이나 선택한 값이고, 시계열이 하나뿐이면 최솟값부터 최댓값까지 띠로 표시합니다.",
    unit: |unit| match unit {
        Unit::Percent => "비율(%)",
        Unit::Bytes => "바이트",
        Unit::BytesPerSecond => "초당 바이트",
        Unit::Seconds => "초",
        Unit::Celsius => "온도",
        Unit::Count => "숫자",
    },
    none_chosen: "선택한 시계열이 없습니다. 아래에서 추가하세요.",
    no_numbers: "이 기간에는 선택한 시계열의 값이 없습니다.",
    host: "호스트",
    metric: "지표",
    label: "레이블",
    at: "커서 값",
    color: "선",
    remove: "제거",
    add: "시계열 추가",
    find: "찾기",
    find_hint: "호스트, 지표 또는 레이블에 들어 있는 단어.",
    find_button: "검색",
    found: |shown, all| {
        if shown == all {
            ["시계열 ", &all.to_string(), "개"].concat()
        } else {
            ["시계열 ", &all.to_string(), "개 중 처음 ", &shown.to_string(), "개"].concat()
        }
    },
    found_none: "이 기간에 값이 있는 시계열 중 이 단어를 모두 포함하는 것이 없습니다.",
    add_one: "추가",
    is_shown: "표시 중",
    full: "시계열 20개가 표시되어 더 추가할 수 없습니다. 먼저 하나를 제거하세요.",
    start: "시작",
    end: "끝",
    show: "보기",
    aggregate: "구간별 값",
    layout: "여러 시계열",
    layouts: ["겹쳐 보기", "쌓아 보기"],
    compare: "비교 대상",
    comparisons: ["없음", "하루 전", "일주일 전"],
    before: |comparison| match comparison {
        ExploreComparison::Day => "하루 전",
        ExploreComparison::Week => "일주일 전",
    },
    save_csv: "CSV로 저장",
    save_svg: "SVG로 저장",
    save_png: "PNG로 저장",
    live: "실시간",
    paused: "일시 정지됨",
    lost: "연결할 수 없음",
    pause: "일시 정지",
    go_on: "계속",
    keys: "왼쪽과 오른쪽 화살표로 커서를 옮기고, 더하기와 빼기로 확대하거나 축소하며, Esc로 되돌아갑니다. 차트 위를 끌면 그 구간이 확대됩니다.",
    zone: "시간대",
    problem: |problem| match problem {
        ExploreProblem::BadSeries(text) => [
            "\"",
            text,
            "\"은(는) 시계열 이름이 아닙니다. HOST:METRIC으로 쓰고 레이블마다 :LABEL을 덧붙입니다.",
        ]
        .concat(),
        ExploreProblem::TooManySeries => "한 화면에는 시계열을 20개까지 표시할 수 있습니다.".into(),
        ExploreProblem::NoSeries(series) => [&series.to_string(), " 시계열이 없습니다."].concat(),
        ExploreProblem::NoneAsked => {
            "시계열을 1개에서 20개까지 series=HOST:METRIC 형식으로 지정하세요.".into()
        }
        ExploreProblem::BadTime(name) => {
            ["\"", name, "\" 값이 1970년부터의 밀리초나 날짜가 아닙니다."].concat()
        }
        ExploreProblem::BadRange => "기간의 끝이 시작보다 앞섭니다.".into(),
        ExploreProblem::TooLong => "기간이 너무 깁니다. 한 번에 20년까지 볼 수 있습니다.".into(),
        ExploreProblem::BadChoice { name, values } => {
            ["\"", name, "\" 값은 다음 중 하나여야 합니다: ", values, "."].concat()
        }
        ExploreProblem::BadZone => "\"zone\" 값은 540이나 +09:00처럼 UTC와의 차이여야 합니다.".into(),
        ExploreProblem::BadStep => "\"step\" 값은 구간이 10000개를 넘지 않는 밀리초 길이여야 합니다.".into(),
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::explore_view::EXPLORE_SERIES;

    #[test]
    fn the_sentences_name_the_most_series_that_there_are() {
        for language in Language::ALL {
            let most = EXPLORE_SERIES.to_string();
            assert!(ExploreProblem::TooManySeries.sentence(language).contains(&most));
            assert!(ExploreWords::of(language).full.contains(&most));
        }
    }
}
