//! Memory stays below the formula of [`Limits`]. It is one test, since all tests of a program share its allocator.

mod common;

use std::{alloc::System, fmt::Write};

use common::{OPEN_METRICS, TEXT};
use exposition::{Limits, Reader};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Returns all bytes that reading allocated, freed ones among them: more than it held at any time.
fn allocated(content_type: &str, body: &str, limits: Limits) -> usize {
    let region = Region::new(ALLOCATOR);
    let mut reader = Reader::new(Some(content_type), body.as_bytes(), limits).expect("a known type");
    while reader.next_sample().is_some() {}
    drop(reader.finish());
    region.change().bytes_allocated
}

fn formula(limits: Limits) -> usize {
    limits.samples * 500 + limits.labels * 100 + limits.faults * 100 + limits.line_bytes * 3
}

#[test]
fn memory_is_bounded_by_the_limits() {
    let limits = Limits { samples: 5_000, ..Limits::default() };
    let mut families = String::new();
    for n in 0..20_000 {
        let _ = writeln!(families, "# HELP a{n} text\n# TYPE a{n} counter\na{n}_total 1\na{n}_created 1");
    }
    let series: String = (0..20_000).fold(String::new(), |mut body, n| {
        let _ = writeln!(body, "a{{b=\"{n}\",c=\"\\\\\"}} 1 # {{}} 1");
        body
    });
    let labels: String = (0..5_000).map(|n| format!("l{n}=\"x\",")).collect();
    for (body, content_type, samples) in [
        (families.as_str(), TEXT, 2_500),
        (&families, OPEN_METRICS, 2_500),
        (&series, OPEN_METRICS, 5_000),
        (&format!("a{{{labels}}} 1\n"), TEXT, 0),
        (&"?\n".repeat(100_000), TEXT, 0),
        (&format!("a {}\n", "1".repeat(1_000_000)), TEXT, 0),
        (&format!("# HELP a {}\na 1\n", "\\\\".repeat(1_000_000)), TEXT, 0),
    ] {
        let (seen, most) = (allocated(content_type, body, limits), formula(limits));
        assert!(seen <= most, "{seen} of {most}: {}", &body[..20]);
        let (_, report) = common::read(content_type, body.as_bytes(), limits);
        assert!(report.samples >= samples, "{}: {}", &body[..20], report.samples);
    }
    // Escapes of values are gone with their line: each is counted here, and one is held at a time.
    let tiny = Limits { samples: 10, faults: 1, ..limits };
    assert!(allocated(TEXT, &families, tiny) < formula(tiny));
}
