//! Lines of any sign over time, of any hosts, on one axis: SVG text, for documents of the server.
//!
//! [`LineChart`](crate::LineChart) is for a page's cards: its axis begins at 0 and its lines have one look. Here a line has a band around it,
//! a look of its own where there are more lines than colours, and a fainter one where it is of another time.

use crate::axis::placed_times;
use crate::layout::{Plot, ROW, Tick, gutter};
use crate::svg_backend::push_escaped;
use crate::theme::SERIES;
use crate::trace::{Window, runs};

/// Two labels of the value axis nearer than this would touch.
const NEAREST: f64 = 14.0;
/// The dashes of the lines that have a colour again: none, and then more and more of them.
const DASHES: [&str; 4] = ["", "7 3", "2 3", "9 3 2 3"];
/// The dashes of a line of another time.
const FAINT: &str = "4 4";

/// A point of a line: milliseconds since the epoch, and the value; none is a gap.
type OverlayPoint = (f64, Option<f64>);

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverlayLine {
    /// Its points, the oldest first.
    pub points: Vec<OverlayPoint>,
    /// The lower and the upper edge of the band around it, at the times of its points; empty where there is no band.
    pub band: [Vec<OverlayPoint>; 2],
    /// Its place among the lines, from which its look comes.
    pub number: usize,
    /// True if it is of another time: it is fainter.
    pub is_faint: bool,
    /// Two points farther apart than this, in milliseconds, are not joined.
    pub gap_ms: f64,
}

/// Lines over time. An axis of numbers below 0 begins at `min`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverlayChart {
    /// Drawn in this order, the last on top.
    pub lines: Vec<OverlayLine>,
    /// The left edge, milliseconds since the epoch.
    pub from_ms: f64,
    /// The right edge.
    pub to_ms: f64,
    /// The lower end of the value axis.
    pub min: f64,
    /// The upper end.
    pub max: f64,
    /// The labels of the value axis, rising.
    pub ticks: Vec<(f64, String)>,
    /// The labels of the time axis, rising.
    pub x_ticks: Vec<(f64, String)>,
    /// Stands before the labels of the time axis: the zone that they are in.
    pub zone: String,
    /// The least room for the labels of the value axis, CSS pixels: charts below each other begin at one place.
    pub gutter: f64,
}

impl OverlayChart {
    /// The room that the labels of the value axis take, CSS pixels.
    pub fn needed_gutter(&self) -> f64 {
        let zone = (0.0, self.zone.as_str());
        let ticks: Vec<Tick<'_>> = self.labels().into_iter().chain([zone]).collect();
        gutter(&ticks)
    }

    /// The edges of the data in a chart of that width, as shares of it from the left.
    pub fn edges(&self, width: u32) -> [f64; 2] {
        let width = f64::from(width);
        let plot = self.plot(width, 200.0);
        [plot.left, plot.right].map(|edge| edge / width.max(1.0))
    }

    fn labels(&self) -> Vec<Tick<'_>> {
        self.ticks.iter().map(|(value, text)| (*value, text.as_str())).collect()
    }

    fn plot(&self, width: f64, height: f64) -> Plot {
        let mut plot = Plot::new(width, height, 4.0, &self.labels(), true);
        plot.left = plot.left.max(self.gutter.min(plot.right / 3.0));
        plot
    }

    /// The axis from 0 that the lines are drawn on: as high as this one from end to end.
    fn window(&self) -> Window {
        let max = self.max - self.min;
        let max = if max.is_finite() && max > 0.0 { max } else { 1.0 };
        Window { from: self.from_ms, to: self.to_ms, max, gap: f64::INFINITY, columns: None }
    }
}

/// The chart as an `<svg>` element with the classes of [`svg`](crate::svg), hidden from screen readers.
pub fn overlay_svg(chart: &OverlayChart, width: u32, height: u32) -> String {
    let (plot, window) = (chart.plot(f64::from(width), f64::from(height)), chart.window());
    let mut out = format!(
        r#"<svg class="ch" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-hidden="true" focusable="false" font-family="system-ui, sans-serif" font-size="11">"#
    );
    if !plot.is_empty() && !window.is_empty() {
        let times: Vec<(f64, &str)> = chart
            .x_ticks
            .iter()
            .filter(|tick| window.shows(&plot, tick.0))
            .map(|(ms, text)| (window.x(&plot, *ms), text.as_str()))
            .collect();
        draw_grid(&mut out, chart, &plot, window, &times);
        for line in &chart.lines {
            draw_line(&mut out, chart, line, &plot, window);
        }
        let y = plot.bottom + ROW / 2.0 + 2.0;
        text(&mut out, "start", (0.0, y), &chart.zone);
        for (x, label) in placed_times(&plot, f64::from(height), plot.left, &times) {
            text(&mut out, "middle", (x, y), label);
        }
    }
    out.push_str("</svg>");
    out
}

/// A short piece of a line with the look of its number, for a legend.
pub fn overlay_swatch(number: usize, is_faint: bool) -> String {
    let (color, look) = (number % SERIES + 1, look(number, is_faint));
    format!(
        r#"<svg class="ch" viewBox="0 0 28 12" width="28" height="12" aria-hidden="true" focusable="false"><path class="ch-s{color}" fill="none" stroke-width="2.5"{look} d="M0 6h28"/></svg>"#
    )
}

/// The attributes by which lines of one colour differ.
fn look(number: usize, is_faint: bool) -> String {
    let dashes = if is_faint { FAINT } else { DASHES[number / SERIES % DASHES.len()] };
    let dashes = if dashes.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dashes}""#) };
    if is_faint { format!(r#"{dashes} stroke-opacity=".6""#) } else { dashes }
}

fn draw_grid(out: &mut String, chart: &OverlayChart, plot: &Plot, window: Window, times: &[(f64, &str)]) {
    let (left, right) = (plot.left, plot.right);
    out.push_str(r#"<path class="ch-g" d=""#);
    for (x, _) in times {
        out.push_str(&format!("M{} {}h1v{}h-1z", x.round(), plot.top, length(plot.height())));
    }
    let mut rows: Vec<(f64, &str)> = Vec::new();
    for (value, label) in chart.labels() {
        let y = plot.y(value - chart.min, window.max).round();
        if rows.last().is_none_or(|before| before.0 - y >= NEAREST) {
            rows.push((y, label));
        }
    }
    for (y, _) in &rows {
        out.push_str(&format!("M{} {y}h{}v1h-{}z", length(left), length(right - left), length(right - left)));
    }
    out.push_str("\"/>");
    if plot.left > 0.0 {
        for (y, label) in rows {
            text(out, "end", (left - 6.0, y), label);
        }
    }
}

fn draw_line(out: &mut String, chart: &OverlayChart, line: &OverlayLine, plot: &Plot, window: Window) {
    let color = line.number % SERIES + 1;
    let window = Window { gap: if line.gap_ms > 0.0 { line.gap_ms } else { f64::INFINITY }, ..window };
    let raised = |points: &[OverlayPoint]| -> Vec<Vec<(f64, f64)>> {
        let points: Vec<OverlayPoint> =
            points.iter().map(|(at, value)| (*at, value.map(|value| value - chart.min))).collect();
        // Half pixels: a picture for a desk is shown on screens of twice as many.
        runs(&points, window, plot, 2.0)
    };
    let [low, high] = &line.band;
    for (low, high) in raised(low).into_iter().zip(raised(high)).filter(|(low, _)| low.len() > 1) {
        let outline: Vec<_> = high.into_iter().chain(low.into_iter().rev()).collect();
        out.push_str(&format!(r#"<path class="ch-c{color}" fill-opacity=".18" d="{}z"/>"#, path(&outline)));
    }
    let lines = raised(&line.points);
    let look = look(line.number, line.is_faint);
    let (dots, lines): (Vec<_>, Vec<_>) = lines.into_iter().partition(|run| run.len() == 1);
    if !lines.is_empty() {
        let paths: String = lines.iter().map(|run| path(run)).collect();
        out.push_str(&format!(
            r#"<path class="ch-s{color}" fill="none" stroke-width="1.5" stroke-linejoin="round"{look} d="{paths}"/>"#
        ));
    }
    for (x, y) in dots.into_iter().flatten() {
        let (x, y) = (length(x), length(y));
        let faint = if line.is_faint { r#" fill-opacity=".6""# } else { "" };
        out.push_str(&format!(r#"<circle class="ch-c{color}"{faint} cx="{x}" cy="{y}" r="1.5"/>"#));
    }
}

fn path(points: &[(f64, f64)]) -> String {
    let point = |(index, (x, y)): (usize, &(f64, f64))| {
        format!("{}{} {}", if index == 0 { "M" } else { "L" }, length(*x), length(*y))
    };
    points.iter().enumerate().map(point).collect()
}

/// A length with one digit behind the point.
fn length(pixels: f64) -> f64 {
    let tenths = (pixels * 10.0).round() / 10.0;
    if tenths == 0.0 { 0.0 } else { tenths }
}

fn text(out: &mut String, anchor: &str, (x, y): (f64, f64), label: &str) {
    let (x, y) = (length(x), length(y));
    out.push_str(&format!(r#"<text class="ch-m" x="{x}" y="{y}" dy=".35em" text-anchor="{anchor}">"#));
    push_escaped(out, label);
    out.push_str("</text>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: Vec<OverlayPoint>) -> OverlayChart {
        let line = OverlayLine { points, gap_ms: 25.0, ..OverlayLine::default() };
        OverlayChart {
            lines: vec![line],
            to_ms: 100.0,
            min: -10.0,
            max: 10.0,
            ticks: [-10.0, 0.0, 10.0].map(|value| (value, value.to_string())).to_vec(),
            x_ticks: vec![(50.0, "12:00".to_owned())],
            zone: "UTC".to_owned(),
            ..OverlayChart::default()
        }
    }

    #[test]
    fn a_gap_stays_a_gap_and_a_point_alone_is_a_dot() {
        let points =
            vec![(0.0, Some(1.0)), (20.0, Some(2.0)), (40.0, None), (60.0, Some(3.0)), (90.0, Some(1.0))];
        let svg = overlay_svg(&chart(points), 400, 200);
        let line = svg.split("<path class=\"ch-s1\"").nth(1).expect("a line");
        let line = line.split(" d=\"").nth(1).expect("a path").split('"').next().expect("an end");
        assert_eq!(line.matches('M').count(), 1, "{line}");
        assert_eq!(svg.matches("<circle").count(), 2, "{svg}");
        assert!(svg.contains(">UTC</text>") && svg.contains(">12:00</text>"));
    }

    #[test]
    fn numbers_below_zero_have_their_place() {
        let y = |value: f64| {
            let svg = overlay_svg(&chart(vec![(50.0, Some(value))]), 400, 200);
            let y = svg.split("cy=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a dot");
            y.parse::<f64>().expect("a number")
        };
        assert!(y(-10.0) > y(-5.0) && y(-5.0) > y(0.0) && y(0.0) > y(10.0));
        assert!((y(0.0) - y(-10.0).midpoint(y(10.0))).abs() < 0.2);
    }

    #[test]
    fn lines_of_one_colour_differ_and_so_does_another_time() {
        let looks: Vec<String> = (0..20).map(|number| overlay_swatch(number, false)).collect();
        for (index, one) in looks.iter().enumerate() {
            assert!(!looks[index + 1..].contains(one), "{index}");
        }
        assert!(!looks.contains(&overlay_swatch(3, true)));
    }

    #[test]
    fn charts_below_each_other_begin_at_one_place_on_every_paper() {
        let mut other = chart(Vec::new());
        other.ticks = vec![(0.0, "0".to_owned()), (1.0, "1,000,000 MB/s".to_owned())];
        let gutter = other.needed_gutter().max(chart(Vec::new()).needed_gutter());
        for width in [320, 1_160] {
            let edges = |chart: OverlayChart| OverlayChart { gutter, ..chart }.edges(width);
            assert_eq!(edges(chart(Vec::new())), edges(other.clone()), "{width}");
        }
    }

    #[test]
    fn senseless_numbers_draw_nothing_senseless() {
        let wild = [f64::NAN, f64::INFINITY, f64::MAX, f64::MIN, -0.0];
        for value in wild {
            let points = wild.iter().map(|at| (*at, Some(value))).collect();
            let mut chart = OverlayChart { min: value, max: value, ..chart(points) };
            chart.ticks.push((value, "<&>".to_owned()));
            let svg = overlay_svg(&chart, 400, 200);
            assert!(svg.ends_with("</svg>") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
        assert_eq!(overlay_svg(&OverlayChart::default(), 0, 0).matches('<').count(), 2);
    }
}
