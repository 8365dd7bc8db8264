//! The lab's page beside the load generator.

use crate::load::measure::lab::{LabComparison, LatencyFigures};

/// The greatest relative difference between the page's figures and the generator's.
const APART: f64 = 0.2;

/// A figure of both.
type FigureOf = fn(&LatencyFigures) -> f64;

const FIGURES: [(&str, FigureOf); 3] = [
    ("p50", |figures| figures.p50),
    ("p99", |figures| figures.p99),
    ("bytes an update", |figures| figures.bytes),
];

/// A row of aims for each figure: what was aimed for, what is furthest from it, and whether that is near enough.
pub(super) fn aims(all: &[LabComparison]) -> impl Iterator<Item = (String, String, bool)> {
    FIGURES.into_iter().filter_map(|(name, read)| {
        let ratio = |seen: &LabComparison| read(&seen.page) / read(&seen.generator);
        let far = |seen: &&LabComparison| (ratio(seen) - 1.0).abs();
        let furthest = all.iter().max_by(|one, other| far(one).total_cmp(&far(other)))?;
        Some((
            format!("the lab's page agrees with the load generator within 20 %: {name}"),
            format!("{:.2} times the generator's where it is furthest: {}", ratio(furthest), furthest.wire),
            far(&furthest) <= APART,
        ))
    })
}

/// All figures.
pub(super) fn table(all: &[LabComparison]) -> String {
    let mut text = String::from(
        "Ten publications of 256 bytes a second through a network that takes 100 ms each way, and one subscriber on each transport: a\n\
         browser that shows `/lab`, and then the load generator, which says of itself in each question what the browser says.\n\n\
         | transport | p50 ms, page | generator | p99 ms, page | generator | bytes an update, page | generator |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for LabComparison { wire, page, generator } in all {
        text += &format!(
            "| {wire} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {:.0} |\n",
            page.p50, generator.p50, page.p99, generator.p99, page.bytes, generator.bytes,
        );
    }
    text
}
