//! One picture of each kind of chart, kept as snapshots: a change of looks is a change someone has seen.

use crate::*;

/// One element a line, so that a difference can be read.
fn picture(chart: Chart, width: u32, height: u32) -> String {
    svg(&chart, width, height).replace("><", ">\n<")
}

fn limits() -> Vec<Threshold> {
    vec![Threshold { value: 75.0, level: Level::Warn }, Threshold { value: 90.0, level: Level::Critical }]
}

fn bars(values: &[(&str, Option<f64>)]) -> BarChart {
    let bar = |(label, value): &(&str, Option<f64>)| Bar {
        label: (*label).to_owned(),
        value: *value,
        text: value.map(|value| format!("{value:.0}")).unwrap_or_default(),
    };
    BarChart { bars: values.iter().map(bar).collect(), thresholds: limits(), ..BarChart::default() }
}

/// A wave with a spike, deterministic and nowhere round.
fn wave(count: usize, step_ms: f64, middle: f64, height: f64) -> Vec<(f64, Option<f64>)> {
    let value = |n: usize| middle + height * ((n as f64 * 0.21).sin() + 0.4 * (n as f64 * 0.77).cos());
    (0..count).map(|n| (n as f64 * step_ms, Some(value(n)))).collect()
}

fn minutes(ms: &[f64]) -> Vec<(f64, String)> {
    ms.iter().map(|ms| (*ms, format!("12:{:02}", (ms / 60_000.0) as u32))).collect()
}

#[test]
fn bars_with_thresholds_and_an_absent_value() {
    let chart = bars(&[
        ("web-1", Some(34.0)),
        ("web-2", Some(58.0)),
        ("db-1", Some(82.0)),
        ("db-2", Some(97.0)),
        ("cache", None),
        ("build", Some(0.0)),
        ("mail", Some(100.0)),
    ]);
    insta::assert_snapshot!(picture(Chart::Bars(chart), 480, 220));
}

#[test]
fn bars_of_the_last_minute() {
    let samples = wave(60, 1.0, 55.0, 30.0);
    let label = |n: usize| if n % 10 == 9 { format!("{}s", n as i32 - 59) } else { String::new() };
    let bars = samples.iter().enumerate().map(|(n, (_, value))| Bar {
        label: label(n),
        value: value.filter(|_| !(20..24).contains(&n)),
        text: "100".to_owned(),
    });
    let chart = BarChart { bars: bars.collect(), thresholds: limits(), ..BarChart::default() };
    insta::assert_snapshot!(picture(Chart::Bars(chart), 360, 140));
}

#[test]
fn stacked_bars_of_cores() {
    let bar = |core: usize| StackedBar {
        label: core.to_string(),
        parts: vec![22.0 + 5.0 * core as f64, 8.0 + core as f64, if core == 3 { 24.0 } else { 2.0 }, 0.0],
    };
    let part_names = ["user", "system", "iowait", "steal"].map(str::to_owned).to_vec();
    let chart = StackedBars {
        bars: (0..8).map(bar).collect(),
        part_names,
        cursor: Some(5),
        ..StackedBars::default()
    };
    insta::assert_snapshot!(picture(Chart::Stacked(chart), 420, 180));
}

#[test]
fn lines_with_gaps_thresholds_and_a_crosshair() {
    let mut user = wave(60, 10_000.0, 48.0, 22.0);
    user.drain(22..30);
    user[44].1 = None;
    let chart = LineChart {
        series: vec![
            LineSeries { name: "user".to_owned(), points: user, area: true, color: 0, down: false },
            LineSeries {
                name: "system".to_owned(),
                points: wave(61, 10_000.0, 18.0, 6.0),
                area: false,
                color: 1,
                down: false,
            },
        ],
        to_ms: 600_000.0,
        thresholds: limits(),
        x_ticks: minutes(&[0.0, 120_000.0, 240_000.0, 360_000.0, 480_000.0, 600_000.0]),
        gap_ms: 25_000.0,
        cursor: Some(401_000.0),
        ..LineChart::default()
    };
    insta::assert_snapshot!(picture(Chart::Line(chart), 640, 220));
}

#[test]
fn an_area_of_memory_on_an_automatic_axis() {
    const GIB: f64 = 1_073_741_824.0;
    let mut chart = LineChart {
        series: vec![LineSeries {
            name: "used".to_owned(),
            points: wave(240, 15_000.0, 4.1 * GIB, 0.6 * GIB),
            area: true,
            color: 2,
            down: false,
        }],
        to_ms: 3_600_000.0,
        scale: Scale::Iec,
        x_ticks: minutes(&[0.0, 900_000.0, 1_800_000.0, 2_700_000.0]),
        gap_ms: 60_000.0,
        ..LineChart::default()
    };
    let label = |bytes: f64| (bytes, format!("{:.0} GiB", bytes / GIB));
    chart.ticks = ticks(chart.axis_max(), 4, Scale::Iec).into_iter().map(label).collect();
    insta::assert_snapshot!(picture(Chart::Line(chart), 480, 180));
}

#[test]
fn rates_with_what_is_sent_drawn_downwards() {
    let series = |name: &str, middle: f64, down: bool| LineSeries {
        name: name.to_owned(),
        points: wave(61, 5_000.0, middle, middle / 3.0),
        area: true,
        color: 4,
        down,
    };
    let mut chart = LineChart {
        series: vec![series("received", 4e6, false), series("sent", 1e6, true)],
        to_ms: 300_000.0,
        scale: Scale::Si,
        x_ticks: minutes(&[0.0, 60_000.0, 120_000.0, 180_000.0, 240_000.0, 300_000.0]),
        gap_ms: 25_000.0,
        cursor: Some(120_000.0),
        gutter: 64.0,
        ..LineChart::default()
    };
    let max = chart.axis_max();
    chart.ticks = [0.0, max / 2.0, max].map(|rate| (rate, format!("{:.0} MB/s", rate / 1e6))).to_vec();
    insta::assert_snapshot!(picture(Chart::Line(chart), 480, 180));
}

#[test]
fn a_time_that_has_no_room_at_its_moment_is_left_out_and_not_moved() {
    let chart = LineChart {
        to_ms: 300_000.0,
        x_ticks: minutes(&[1_000.0, 120_000.0, 299_000.0]),
        ..LineChart::default()
    };
    let picture = picture(Chart::Line(chart), 300, 140);
    assert_eq!(picture.matches(">12:").count(), 2, "{picture}");
    assert!(!picture.contains(">12:04<"), "it would reach beyond the paper");
    assert_eq!(picture.matches("text-anchor=\"middle\"").count(), 2, "{picture}");
}

#[test]
fn six_series_keep_six_colours() {
    let series = |color: usize| LineSeries {
        name: color.to_string(),
        points: wave(40, 1_000.0, 10.0 + 15.0 * color as f64, 4.0),
        area: false,
        color,
        down: false,
    };
    let chart = LineChart { series: (0..6).map(series).collect(), to_ms: 39_000.0, ..LineChart::default() };
    insta::assert_snapshot!(picture(Chart::Line(chart), 360, 180));
}

#[test]
fn a_sparkline_with_a_gap() {
    let mut points: Vec<_> = wave(40, 1.0, 50.0, 25.0).into_iter().map(|point| point.1).collect();
    points[12] = None;
    insta::assert_snapshot!(picture(Chart::Spark(Sparkline { points, max: Some(100.0), color: 0 }), 120, 28));
}

#[test]
fn charts_without_data_show_their_axes() {
    insta::assert_snapshot!(picture(Chart::Line(LineChart::default()), 240, 120));
    insta::assert_snapshot!(picture(Chart::Bars(BarChart::default()), 240, 120));
    insta::assert_snapshot!(picture(Chart::Stacked(StackedBars::default()), 240, 120));
    insta::assert_snapshot!(picture(Chart::Spark(Sparkline::default()), 120, 28));
}

#[test]
fn labels_from_outside_stay_text() {
    let picture = picture(Chart::Bars(bars(&[("<script>\"&'\u{7}", Some(5.0))])), 300, 200);
    assert!(picture.contains("&lt;script&gt;&quot;&amp;&#39;</text>"), "{picture}");
    assert!(!picture.contains("<script>"));
}

#[test]
fn no_colour_and_no_style_is_written_into_the_page() {
    let picture = picture(Chart::Bars(bars(&[("a", Some(80.0)), ("b", None)])), 300, 200);
    assert!(!picture.contains("style=") && !picture.contains('#') && !picture.contains("rgb"), "{picture}");
}

#[test]
fn korean_labels_that_would_touch_are_thinned() {
    let names = ["데이터베이스", "웹서버", "캐시서버", "메일서버", "빌드서버", "백업서버"];
    let values: Vec<_> = names.iter().map(|name| (*name, Some(50.0))).collect();
    let picture = picture(Chart::Bars(bars(&values)), 260, 200);
    assert!(picture.contains("백업서버") && !picture.contains("빌드서버"), "{picture}");
}
