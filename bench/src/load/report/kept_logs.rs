//! Lines that are kept.

use crate::load::{measure::kept_logs::KeptLines, stats::median};

/// The text is so much larger than the files, at least.
const SMALLER: f64 = 10.0;
/// Milliseconds for a word among all of them, at most.
const RARE_MS: f64 = 500.0;

/// A row for each aim.
pub(super) fn aims(all: &KeptLines) -> [(String, String, bool); 2] {
    let (text, kept, _) = all.small;
    let (smaller, rare) = (text as f64 / kept as f64, median(&all.rare));
    [
        (
            "kept lines are at least 10 times smaller than their text, where a part takes a minute to fill"
                .into(),
            format!("{smaller:.1} times"),
            smaller >= SMALLER,
        ),
        (
            format!("a word that one of {} kept lines has is found in at most {RARE_MS:.0} ms", all.lines),
            format!("{rare:.0} ms, {:.2} times what grep takes on the text", rare / median(&all.grep)),
            rare <= RARE_MS,
        ),
    ]
}

/// All figures.
pub(super) fn table(all: &KeptLines) -> String {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let mut text = format!(
        "Lines of four made-up programs (a proxy's accesses, JSON of a shop, a database's statements, a worker's jobs), in which ids, sizes \
         and durations are any and addresses come again. {} lines, {:.0} MiB of text, that come as fast as they can be made are {:.1} MiB of files; keeping them took {:.1} CPU seconds, {:.0} lines a CPU second. \
         A tenth of them, {:.0} MiB of text, that come slowly are {:.1} MiB of files, after {:.1} CPU seconds.\n\n\
         | search | ms, median of {} |\n|---|---|\n",
        all.lines,
        mib(all.text),
        mib(all.kept),
        all.cpu,
        all.lines as f64 / all.cpu,
        mib(all.small.0),
        mib(all.small.1),
        all.small.2,
        all.rare.len(),
    );
    for (what, times) in [
        ("a word that one of the oldest lines has", &all.rare),
        ("a word that none has", &all.absent),
        ("the newest 100 lines of a word that many have", &all.common),
        ("a pattern that one of the oldest lines matches", &all.pattern),
        ("`grep --word-regexp --ignore-case` for the first word, on the text", &all.grep),
    ] {
        text += &format!("| {what} | {:.1} |\n", median(times));
    }
    text
}
