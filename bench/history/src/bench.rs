//! The run: records if there is no recording yet, measures one store after the other, and writes what came of it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use crate::{
    figures::Figures,
    load::Load,
    ours::{self, Ours},
    proc::METRICS,
    prometheus::Prometheus,
    question::Question,
    receiver,
    record::{PHASES, Recording},
    report::{self, Scope},
    victoria::Victoria,
};

/// Ours and the faster peer take all samples so often, in turns: their CPU time depends on what else runs.
const ROUNDS: usize = 3;
/// A block of VictoriaMetrics has so many samples.
const BLOCK: usize = 8_192;

/// Measure history beside Prometheus and VictoriaMetrics, by the same samples.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub(crate) struct Options {
    /// A folder for all data, some gigabytes; what it makes there is removed at the end, but for the recording.
    #[arg(long, default_value = "target/bench-history")]
    data: PathBuf,
    /// A recording that there is already; else one is made in the data folder.
    #[arg(long)]
    recording: Option<PathBuf>,
    /// Minutes to record, and nothing else: fourteen at least, so that nothing comes twice in a block of a peer.
    #[arg(long)]
    record: Option<u64>,
    #[arg(long, default_value_t = 300)]
    hosts: usize,
    /// Minutes of samples, up to a whole hour.
    #[arg(long, default_value_t = 60)]
    minutes: i64,
    /// Days of the year.
    #[arg(long, default_value_t = 365)]
    days: i64,
    /// The end of the samples, milliseconds since 1970; now, where it is left out.
    #[arg(long)]
    now: Option<i64>,
    /// A folder that has `prometheus`, `promtool` and `victoria-metrics`, where they are not installed.
    #[arg(long, default_value = "/usr/bin")]
    peers: PathBuf,
    /// Measure ours alone.
    #[arg(long)]
    ours_only: bool,
    /// Leave bench/RESULTS.md as it is.
    #[arg(long)]
    print_only: bool,
    /// A part of the measurement in a process of its own, and its folder.
    #[arg(long, num_args = 2, hide = true)]
    part: Vec<PathBuf>,
}

impl Options {
    fn now(&self) -> Result<i64> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock")?;
        Ok(self.now.unwrap_or(i64::try_from(since.as_millis())?))
    }

    fn recording(&self) -> Result<PathBuf> {
        Ok(std::path::absolute(self.recording.clone().unwrap_or_else(|| self.data.join("recording.csv")))?)
    }

    fn load(&self) -> Result<Load> {
        Ok(Load::hosts(Recording::read(&self.recording()?)?, self.hosts, self.minutes, self.now()?))
    }

    fn year(&self) -> Result<Load> {
        Ok(Load::year(Recording::read(&self.recording()?)?, self.days, self.now()?))
    }
}

/// Does what the options say.
pub(crate) fn bench(options: &Options) -> Result<()> {
    if let [part, folder] = &options.part[..] {
        return run_part(options, &part.to_string_lossy(), folder);
    }
    fs::create_dir_all(&options.data)?;
    let recording = options.recording()?;
    if options.record.is_some() || !recording.exists() {
        let minutes = options.record.unwrap_or(15);
        println!("recording {minutes} minutes into {}", recording.display());
        Recording::make(minutes, &recording, &options.data.join("scratch"))?;
        if options.record.is_some() {
            return Ok(());
        }
    }
    let now = options.now()?;
    let options = &Options { now: Some(now), ..options.clone() };
    let data = std::path::absolute(options.data.join("run"))?;
    crate::peer::fresh(&data)?;
    let (load, year) = (options.load()?, options.year()?);
    let distinct = Recording::read(&recording)?.seconds() * PHASES;
    ensure!(
        distinct >= BLOCK.max(load.steps),
        "the recording makes {distinct} samples of a series: what comes twice in a block of a peer would be found again"
    );
    let ours = ours(options, &data, now);
    let mut all = vec![ours.measure(&load)?];
    if !options.ours_only {
        let [metrics, prometheus, tool] =
            ["victoria-metrics", "prometheus", "promtool"].map(|name| options.peers.join(name));
        if let Some(missing) = [&metrics, &prometheus, &tool].into_iter().find(|file| !file.exists()) {
            bail!("{} is not there: apt-get install prometheus victoria-metrics", missing.display());
        }
        let victoria = Victoria { binary: metrics, data: data.clone() };
        let mut of_victoria = victoria.measure(&load, &year)?;
        for _ in 1..ROUNDS {
            all[0].cpu.push(ours.receive(&load)?);
            of_victoria.cpu.push(victoria.native()?.0);
        }
        all.push(of_victoria);
        all.push(Prometheus { binary: prometheus, tool, data: data.clone() }.measure(&load, &year)?);
    }
    check(&all)?;
    let scope = Scope {
        hosts: options.hosts,
        series: METRICS.len(),
        minutes: options.minutes,
        recorded: Recording::read(&recording)?.seconds(),
        days: options.days,
    };
    let section = report::section(&scope, &all);
    println!("\n{section}");
    fs::remove_dir_all(&data)?;
    if !options.print_only && !options.ours_only {
        report::put(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../RESULTS.md"), &section)?;
    }
    Ok(())
}

/// Fails where stores answered otherwise than each other: their figures would be of other samples.
fn check(all: &[Figures]) -> Result<()> {
    for question in Question::ALL {
        let answers: Vec<_> = all.iter().filter_map(|one| Some((one.name, one.answer(question)?))).collect();
        for (name, answer) in &answers {
            let (_, first) = answers[0];
            let is_same =
                answer.points == first.points && (answer.sum - first.sum).abs() <= first.sum.abs() * 1e-6;
            ensure!(is_same, "{name} answers {answer:?} where ours is {first:?}");
        }
    }
    Ok(())
}

fn ours(options: &Options, data: &Path, now: i64) -> Ours {
    let program = std::env::current_exe().map_or_else(|_| String::new(), |path| path.display().to_string());
    let recording = options.recording().unwrap_or_default().display().to_string();
    let words = [
        program,
        format!("--recording={recording}"),
        format!("--hosts={}", options.hosts),
        format!("--minutes={}", options.minutes),
        format!("--days={}", options.days),
        format!("--now={now}"),
    ];
    Ours { program: words.to_vec(), data: data.to_owned() }
}

fn run_part(options: &Options, part: &str, folder: &Path) -> Result<()> {
    if part == "receive" {
        return receiver::serve(&options.load()?, folder);
    }
    let asked = Question::ALL.into_iter().find(|question| part == format!("ask-{question:?}"));
    let told = match (part, asked) {
        ("ingest", _) => ours::ingest(&options.load()?, folder)?,
        ("ingest-year", _) => ours::ingest(&options.year()?, folder)?,
        (_, Some(question)) if question.is_year() => ours::ask(&options.year()?, folder, question)?,
        (_, Some(question)) => ours::ask(&options.load()?, folder, question)?,
        _ => bail!("there is no part {part}"),
    };
    println!("{told}");
    Ok(())
}
