//! Charts in a browser.

use crate::load::{
    measure::charts::{Charts, Heaps, Run},
    stats::median,
};

/// Names in `bench/charts`, and those people know.
const OURS: (&str, &str) = ("pulseboard", "Pulseboard");
const CHARTJS: (&str, &str) = ("chartjs", "Chart.js");
const UPLOT: (&str, &str) = ("uplot", "uPlot");
/// The row with the cost of the measurement itself.
const NOTHING: &str = "nothing";
/// The greatest factor on uPlot's script time.
const BESIDE_UPLOT: f64 = 1.5;

const MIB: f64 = 1_048_576.0;

/// Rows of aims: what was aimed for, the figure, and whether that is enough at every rate.
pub(super) fn aims(charts: &Charts) -> [(String, String, bool); 2] {
    let figure = |(library, name): (&str, &str)| {
        let ratio = |rate| (median(&ratios(charts, OURS.0, library, rate)), rate);
        let worst = rates(charts).into_iter().map(ratio).max_by(|a, b| a.0.total_cmp(&b.0));
        let (ratio, rate) = worst.unwrap_or((f64::INFINITY, 0));
        (ratio, format!("{ratio:.2} times {name}'s, where that is most: at {rate} updates/s"))
    };
    let ((chartjs, of_chartjs), (uplot, of_uplot)) = (figure(CHARTJS), figure(UPLOT));
    [
        ("charts take less script time than Chart.js's".to_owned(), of_chartjs, chartjs < 1.0),
        (
            format!("charts take at most {BESIDE_UPLOT:.1} times uPlot's script time"),
            of_uplot,
            uplot <= BESIDE_UPLOT,
        ),
    ]
}

/// All figures, and how they were taken.
pub(super) fn table(charts: &Charts, heaps: Option<&Charts>) -> String {
    let mut text = METHOD.to_owned();
    text += "| updates/s | library | script ms an update | of Pulseboard's | main thread ms an update | \
             browser's CPU ms an update | updates/s made | frames kept | heap MiB |\n\
             |---|---|---|---|---|---|---|---|---|\n";
    for rate in rates(charts) {
        for library in [OURS, CHARTJS, UPLOT] {
            text += &row(charts, library, rate);
        }
    }
    if let Some(heaps) = heaps {
        text += &format!(
            "\nThe heap after minutes of sixty updates a second, measured on {}:\n\n{}",
            heaps.date,
            heap_table(&heaps.heaps)
        );
    }
    text
}

const METHOD: &str = "\
Twelve charts of 320 × 180 CSS pixels with two pixels of the screen in each: six lines with their areas through 600 points
with gaps, four of bars with their values, axes, grid and thresholds in all of these, and two sparklines. An update is a
new sample in all twelve. Before anything is measured, every library must have written the same texts, and the colours of
their pictures must agree. Ours is the page's own painter in the page's own WebAssembly, from data to canvas; Chart.js and
uPlot are set as their documentation advises for speed.

- Script: CPU time of JavaScript, of WebAssembly and of the canvas calls of both, as Chromium counts it. What the same page
  takes without charts is taken off, here and in the next two.
- Main thread: that, and what the canvases' contents then cost the page's main thread.
- Browser's CPU: all of its processes, painting in software included.
- Frames kept: of those that a screen with sixty a second would have had.
- Heap: what is still needed after a collection, WebAssembly's memory included.

";

fn row(charts: &Charts, (library, name): (&str, &str), rate: u32) -> String {
    let runs: Vec<&Run> = of(charts, library, rate).collect();
    let middle = |figure: &dyn Fn(&Run) -> f64| {
        let figures: Vec<f64> = runs.iter().map(|run| figure(run)).collect();
        median(&figures)
    };
    let milliseconds = |time: fn(&Run) -> f64| 1e3 * median(&net(charts, library, rate, time));
    // Each frame is a sixtieth of a second, whether it came or not.
    let made = |run: &Run| f64::from(run.updates) * 60.0 / f64::from(run.frames + run.missed).max(1.0);
    let kept = |run: &Run| f64::from(run.frames) / f64::from(run.frames + run.missed).max(1.0);
    format!(
        "| {rate} | {name} | {:.3} | {:.2} | {:.3} | {:.2} | {:.1} | {:.0} % | {:.1} |\n",
        milliseconds(|run| run.script),
        median(&ratios(charts, library, OURS.0, rate)),
        milliseconds(|run| run.thread),
        milliseconds(|run| run.browser),
        middle(&made),
        100.0 * middle(&kept),
        middle(&|run| run.heap / MIB),
    )
}

fn heap_table(all: &[Heaps]) -> String {
    let mut text = String::from(
        "| library | MiB after the first minute | at the end | KiB grown a minute |\n|---|---|---|---|\n",
    );
    for Heaps { library, after } in all {
        let (Some(first), Some(last)) = (after.first(), after.last()) else { continue };
        let name = [OURS, CHARTJS, UPLOT].into_iter().find(|(known, _)| known == library);
        let grown = (last.heap - first.heap) / 1024.0 / f64::from((last.minutes - first.minutes).max(1));
        text += &format!(
            "| {} | {:.2} | {:.2}, after {} | {grown:.1} |\n",
            name.map_or(library.as_str(), |(_, name)| name),
            first.heap / MIB,
            last.heap / MIB,
            last.minutes,
        );
    }
    text
}

/// Script time of one library in the other's, round by round.
fn ratios(charts: &Charts, one: &str, other: &str, rate: u32) -> Vec<f64> {
    let [one, other] = [one, other].map(|library| net(charts, library, rate, |run| run.script));
    one.into_iter().zip(other).map(|(one, other)| one / other).collect()
}

/// Seconds an update, round by round, less what measuring took in that round.
fn net(charts: &Charts, library: &str, rate: u32, time: fn(&Run) -> f64) -> Vec<f64> {
    let each = |run: &Run| time(run) / f64::from(run.updates.max(1));
    let pairs = of(charts, library, rate).zip(of(charts, NOTHING, rate));
    pairs.map(|(run, nothing)| (each(run) - each(nothing)).max(0.0)).collect()
}

/// Runs of a library at a rate, in the order of rounds.
fn of<'a>(charts: &'a Charts, library: &'a str, rate: u32) -> impl Iterator<Item = &'a Run> {
    let mut runs: Vec<&Run> =
        charts.runs.iter().filter(|run| run.library == library && run.rate == rate).collect();
    runs.sort_by_key(|run| run.round);
    runs.into_iter()
}

fn rates(charts: &Charts) -> Vec<u32> {
    let mut rates: Vec<u32> = charts.runs.iter().map(|run| run.rate).collect();
    rates.sort_unstable();
    rates.dedup();
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rounds at each of two rates; script milliseconds an update, that of measuring included.
    fn charts(ours: [f64; 2], chartjs: [f64; 2], uplot: [f64; 2]) -> Charts {
        let all = [(OURS.0, ours), (CHARTJS.0, chartjs), (UPLOT.0, uplot), (NOTHING, [0.1, 0.1])];
        let mut runs = Vec::new();
        for (library, script) in all {
            for (rate, script) in [2, 60].into_iter().zip(script) {
                // The later round first, as every second one is in reverse.
                for round in [1, 0] {
                    runs.push(format!(
                        r#"{{"library":"{library}","round":{round},"rate":{rate},"updates":10,"frames":54,"missed":6,
                            "script":{},"thread":0.1,"browser":0.2,"foreign":0.0,"heap":1048576}}"#,
                        script / 100.0,
                    ));
                }
            }
        }
        let runs = runs.join(",");
        let text =
            format!(r#"{{"date":"2026-01-01","chromium":"1","chartjs":"2","uplot":"3","runs":[{runs}]}}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_aim_is_met_where_it_is_met_at_every_rate() {
        let met = |charts: &Charts| aims(charts).map(|aim| aim.2);
        assert_eq!(met(&charts([1.1, 1.1], [2.1, 2.1], [1.1, 1.1])), [true, true]);
        assert_eq!(met(&charts([1.1, 1.1], [1.1, 2.1], [1.1, 1.1])), [false, true]);
        assert_eq!(met(&charts([1.1, 1.7], [2.1, 2.1], [1.1, 1.1])), [true, false]);
        assert_eq!(met(&charts([1.1, 1.6], [2.1, 2.1], [1.1, 1.2])), [true, true]);
    }

    #[test]
    fn the_worst_rate_is_told() {
        let aims = aims(&charts([1.1, 1.3], [2.1, 2.1], [1.1, 1.1]));
        assert_eq!(aims[1].1, "1.20 times uPlot's, where that is most: at 60 updates/s");
    }

    #[test]
    fn what_measuring_takes_is_taken_off() {
        let table = table(&charts([1.1, 1.1], [2.1, 2.1], [0.6, 1.1]), None);
        assert!(table.contains("| 2 | uPlot | 0.500 | 0.50 | 0.000 | 0.00 | 10.0 | 90 % | 1.0 |"), "{table}");
        assert!(table.contains("| 60 | Chart.js | 2.000 | 2.00 |"), "{table}");
    }

    #[test]
    fn growth_is_told_by_the_minute() {
        let heaps =
            r#"[{"library":"uplot","after":[{"minutes":1,"heap":1048576},{"minutes":10,"heap":1140736}]}]"#;
        let table = heap_table(&serde_json::from_str::<Vec<Heaps>>(heaps).unwrap());
        assert!(table.ends_with("| uPlot | 1.00 | 1.09, after 10 | 10.0 |\n"), "{table}");
    }
}
