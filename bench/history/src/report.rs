//! Figures as Markdown, and their place in `bench/RESULTS.md`.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{figures::Figures, question::Question};

/// The heading of the section, by which it is found again.
pub(crate) const HEADING: &str = "## History beside Prometheus and VictoriaMetrics";

/// The extent of the measurement, which the section tells.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) hosts: usize,
    pub(crate) series: usize,
    pub(crate) minutes: i64,
    pub(crate) recorded: usize,
    pub(crate) days: i64,
}

/// The section.
pub(crate) fn section(scope: &Scope, all: &[Figures]) -> String {
    let Scope { hosts, series, minutes, recorded, days } = scope;
    let mut text = format!(
        "{HEADING}\n\nMade by `cargo xtask bench --history`, on {}, commit {}; {}.\n\n\
         {hosts} hosts × {series} series × {minutes} minutes at 1 s, the same samples for each: recorded from this machine's `/proc` for {recorded} s \
         while it worked now and then (idling, reading, writing, sorting, talking over the loopback, and whatever else it did), with the decimals \
         that the server keeps. Ten readings a second are ten series at 1 s (rates are over a whole second); each host begins at another moment, and goes through the ten in \
         another order. The year is {days} days of 10 s, four series. One store after the other, on this machine.\n\n",
        date(),
        commit(),
        machine()
    );
    text += &aims(all);
    text += &table(all);
    text += &method();
    text
}

fn aims(all: &[Figures]) -> String {
    let [ours, peers @ ..] = all else { return String::new() };
    let Some(victoria) = peers.iter().find(|peer| peer.name == "VictoriaMetrics") else {
        return String::new();
    };
    let (bytes, theirs) = (ours.full / ours.samples, victoria.full / victoria.samples);
    let fastest = peers.iter().map(Figures::speed).fold(0.0, f64::max);
    let smallest = peers.iter().map(|peer| peer.resident).fold(f64::MAX, f64::min);
    let warm = |figures: &Figures, question| figures.answer(question).map_or(f64::NAN, |answer| answer.warm);
    let mut rows = vec![
        (
            "at most 1.0 byte a sample at full resolution, and no more than VictoriaMetrics".to_owned(),
            format!("{bytes:.3}, theirs {theirs:.3}"),
            bytes <= 1.0 && bytes <= theirs,
        ),
        (
            "takes at least 1,000,000 samples a CPU second, and at least as many as the peers".to_owned(),
            format!("{:.0}, theirs at best {fastest:.0}", ours.speed()),
            ours.speed() >= 1e6 && ours.speed() >= fastest,
        ),
        (
            "at most half of the peers' memory".to_owned(),
            format!("{:.1} MiB, theirs at least {smallest:.1} MiB", ours.resident),
            ours.resident <= smallest / 2.0,
        ),
    ];
    for question in Question::ALL {
        let most = if question.is_year() { 50.0 } else { 100.0 };
        let mine = warm(ours, question);
        let best = peers.iter().map(|peer| warm(peer, question)).fold(f64::MAX, f64::min);
        let (half, is_half) = if question.is_year() {
            (" and half of the faster peer's time", mine <= best / 2.0)
        } else {
            ("", true)
        };
        rows.push((
            format!("at most {most:.0} ms{half}: {}", question.text()),
            format!("{mine:.2} ms, {:.2} times the faster peer's", mine / best),
            mine <= most && is_half,
        ));
    }
    let mut text = "| aim | figure | |\n|---|---|---|\n".to_owned();
    for (aim, figure, is_met) in rows {
        text += &format!("| {aim} | {figure} | {} |\n", if is_met { "met" } else { "**not met**" });
    }
    text + "\n"
}

fn table(all: &[Figures]) -> String {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let mut row = |name: &str, cell: &dyn Fn(&Figures) -> String| {
        rows.push((name.to_owned(), all.iter().map(cell).collect()));
    };
    row("bytes a sample, full resolution alone", &|one| format!("{:.3}", one.full / one.samples));
    row("bytes a sample, everything: ours with four tiers of buckets, theirs with their index", &|one| {
        format!("{:.3}", one.all / one.samples)
    });
    row("samples a CPU second", &|one| format!("{:.0}", one.speed()));
    row("CPU seconds of each round", &|one| each(&one.cpu));
    row("MiB resident when all were taken", &|one| format!("{:.1}", one.resident));
    for question in Question::ALL {
        row(&format!("ms, cold and warm: {}", question.text()), &|one| {
            one.answer(question).map_or_else(
                || "–".to_owned(),
                |answer| format!("{:.2}, {:.2} ({} points)", answer.cold, answer.warm, answer.points),
            )
        });
    }
    let names: Vec<_> = all.iter().map(|one| one.name).collect();
    let mut text = format!("| | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()));
    for (name, cells) in rows {
        text += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    text.push('\n');
    for one in all {
        for (name, figure) in &one.other {
            text += &format!("- {}, {name}: {figure}\n", one.name);
        }
    }
    text
}

/// Numbers with one decimal, with commas between.
fn each(numbers: &[f64]) -> String {
    numbers.iter().map(|number| format!("{number:.1}")).collect::<Vec<_>>().join(", ")
}

fn method() -> String {
    [
        "",
        "Read with care:",
        "",
        "- Ours is the crate `history` in a process of its own with the settings of a server, a commit each five seconds and upkeep each minute by the samples' clock: its CPU time has \
         the journal, sealing and tiers. The peers are whole servers. For the figures of CPU all three read the same remote writes over the loopback, with 60 samples of each series and \
         their bytes as uncompressed literals of Snappy, the least work for whoever reads them; before ours is a receiver of the program's own, which checks little and which the server does not have. \
         VictoriaMetrics' CPU is that of importing its own native export, which was the lower one, and its memory the lower of both. CPU time \
         depends on what else runs: stores took turns in rounds, and the speed is of the median.",
        "- Memory of ours is that of the crate alone; a whole server has 20 MiB more or so, which the tables above have as resident.",
        "- Theirs is asked over HTTP on the loopback and answers JSON, up to the last byte; ours through the crate. \
         Cold is the first time after a start, from files that were not in memory; warm the median of nine more. VictoriaMetrics' cache of answers is off (`nocache=1`).",
        "- Ours keeps full resolution for two days, and answers a year from buckets of an hour, which have the sum, the number and the greatest of their samples; the peers keep every sample.",
        "- VictoriaMetrics' bytes are after a forced merge, and full resolution is its folder `data` without its index; Prometheus' are of a block that a snapshot makes, and full resolution is its \
         chunks without index. Ours has the index of its files in both figures.",
        "- The year came to Prometheus by `promtool tsdb create-blocks-from openmetrics`, in blocks of 31 days, as it would have made them in the end.",
        "",
    ]
    .join("\n")
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn date() -> String {
    run("date", &["--utc", "+%Y-%m-%d %H:%M UTC"])
}

fn commit() -> String {
    let commit = run("git", &["-C", env!("CARGO_MANIFEST_DIR"), "rev-parse", "--short=12", "HEAD"]);
    if commit.is_empty() { "unknown".to_owned() } else { commit }
}

/// The machine's processor, cores, memory and kernel.
fn machine() -> String {
    let line = |path: &str, name: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).and_then(|line| line.split_once(':'));
        line.map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let kib: f64 = line("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0.0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{}, {cores} cores, {:.1} GiB, Linux {}",
        line("/proc/cpuinfo", "model name"),
        kib / f64::from(1 << 20),
        run("uname", &["-r"])
    )
}

/// Puts the section in the place of the one before, or at the end.
pub(crate) fn put(file: &Path, section: &str) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let (before, after) = match text.split_once(HEADING) {
        Some((before, rest)) => (before, rest.find("\n## ").map_or("", |end| &rest[end + 1..])),
        None => (text.as_str(), ""),
    };
    let behind = if after.is_empty() { String::new() } else { format!("\n{after}") };
    let text = format!("{}\n\n{}\n{behind}", before.trim_end(), section.trim_end());
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
