//! Measures speed, allocations and memory: `cargo run --release -p exposition --example measure`.
//!
//! Another reader is not beside it: the only one that reads all real bodies right, prometheus-scraper, brings a dozen crates along.

#![allow(clippy::print_stdout, reason = "it prints its figures")]

use std::{
    alloc::System,
    fmt::Write,
    time::{Duration, Instant},
};

use exposition::{Filter, Limits, Reader};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SERIES: usize = 100_000;
const TEXT: &str = "text/plain; version=0.0.4";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0";

/// Writes a body of 500 families as they are in a cluster: counters with four labels, a few of whose values have escapes.
fn usual() -> String {
    let mut body = String::new();
    for family in 0..500 {
        let _ = write!(
            body,
            "# HELP app_requests_{family}_total Requests that were answered.\n# TYPE app_requests_{family}_total counter\n"
        );
        for series in 0..SERIES / 500 {
            let path = if series % 50 == 0 { "/files/\\\"a\\\"" } else { "/api/v1/items" };
            let _ = writeln!(
                body,
                "app_requests_{family}_total{{instance=\"10.0.{}.{}:8080\",method=\"GET\",path=\"{path}\",status=\"200\"}} {}.5e+03",
                series / 256,
                series % 256,
                series * 7 + family
            );
        }
    }
    body
}

/// Writes a body with a name of its own for each series, and no types.
fn names() -> String {
    (0..SERIES).fold(String::new(), |mut body, n| {
        let _ = writeln!(body, "app_metric_number_{n} {n}");
        body
    })
}

/// Writes a body in which each name and label is quoted, with escapes, times and exemplars.
fn quoted() -> String {
    let mut body = (0..SERIES).fold(String::new(), |mut body, n| {
        let _ = writeln!(
            body,
            "{{\"서버.\\\"요청\\\" 수_total\",\"라벨.이름\"=\"값 {n}\"}} {n}.25 1785000000.789 # {{trace_id=\"a{n}\"}} 1"
        );
        body
    });
    body.push_str("# EOF\n");
    body
}

/// Reads the body some times, and prints the shortest time, and what it allocated.
fn measure(name: &str, content_type: &str, body: &str, filter: &Filter) {
    let (mut shortest, mut sum) = (Duration::MAX, 0.0);
    for _ in 0..20 {
        let begun = Instant::now();
        sum = read(content_type, body, filter).0;
        shortest = shortest.min(begun.elapsed());
    }
    let region = Region::new(ALLOCATOR);
    let (_, samples, held) = read(content_type, body, filter);
    let stats = region.change();
    let bytes = body.len() as f64;
    println!("{name}: {:.1} MB, {samples} samples, sum {sum:e}", bytes / 1e6);
    println!(
        "  {:.0} MB/s, {:.0} ns a sample, {} allocations, {:.1} MB allocated, {:.1} MB held at the end",
        bytes / 1e6 / shortest.as_secs_f64(),
        shortest.as_nanos() as f64 / SERIES as f64,
        stats.allocations + stats.reallocations,
        stats.bytes_allocated as f64 / 1e6,
        held as f64 / 1e6
    );
}

/// Returns the sum of all values, the number of samples, and the bytes that the reader holds in the end.
fn read(content_type: &str, body: &str, filter: &Filter) -> (f64, usize, usize) {
    let region = Region::new(ALLOCATOR);
    let Ok(reader) = Reader::new(Some(content_type), body.as_bytes(), Limits::default()) else {
        return (0.0, 0, 0);
    };
    let mut reader = reader.with_filter(filter);
    let (mut sum, mut labels) = (0.0, 0);
    while let Some(sample) = reader.next_sample() {
        sum += sample.value;
        labels += sample.labels.len();
    }
    let stats = region.change();
    let held = stats.bytes_allocated.saturating_sub(stats.bytes_deallocated);
    let report = reader.finish();
    assert!(labels <= report.samples * 4 && report.faulty_lines == 0, "{:?}", report.faults);
    (sum, report.samples, held)
}

fn main() {
    let (usual, all) = (usual(), Filter::default());
    measure("counters of 500 families", TEXT, &usual, &all);
    let some = Filter::new(["app_*", "!app_requests_*7_total", "!go_*"]).unwrap_or_default();
    measure("a tenth of them filtered", TEXT, &usual, &some);
    measure("a name for each series", TEXT, &names(), &all);
    measure("quoted names, times and exemplars", OPEN_METRICS, &quoted(), &all);
}
