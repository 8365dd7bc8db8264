//! Our history, as the server uses it, in a process of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use history::{History, Query, Sample, Series, Tier};
use serde_json::{Value, json};

use crate::{
    figures::{Answers, Figures},
    load::Load,
    opened::{AFTER, COMMIT, MAINTAIN, key, register, settings},
    peer::{Peer, TOGETHER, fresh},
    question::{Question, Span, TIMES},
    receiver, usage,
};

/// Adds all samples, each host's of a step together as its collectors hand them over, and prints what that took.
pub(crate) fn ingest(load: &Load, folder: &Path) -> Result<Value> {
    let history = History::open(folder, settings(), load.start())?;
    let series = register(&history, load)?;
    let of_host = load.of_host();
    let second = 1_000 / load.pace.min(1_000);
    let mut batch: Vec<(Series, Sample)> = Vec::with_capacity(series.len());
    let (mut cpu, mut tidied) = (0.0, load.start());
    for step in 0..load.steps {
        let at = load.at(step);
        batch.clear();
        let values = series.iter().enumerate();
        batch.extend(values.map(|(index, series)| (*series, Sample { at, value: load.value(index, step) })));
        let before = usage::thread_seconds();
        for host in batch.chunks(of_host) {
            history.push_all(host, at)?;
        }
        // A year is told faster: a commit an hour is as if its clock ran with it.
        let is_year = load.pace > 1_000;
        let elapsed = at - load.start();
        if (!is_year && step as i64 % (COMMIT * second) == 0) || elapsed % 3_600_000 == 0 {
            history.commit(at)?;
        }
        if at - tidied >= if is_year { 3_600_000 } else { MAINTAIN * 1_000 } {
            history.maintain(at)?;
            tidied = at;
        }
        cpu += usage::thread_seconds() - before;
    }
    let resident = usage::resident(std::process::id())?;
    let before = usage::thread_seconds();
    history.commit(load.end())?;
    history.maintain(load.end() + AFTER)?;
    history.maintain(load.end() + AFTER)?;
    cpu += usage::thread_seconds() - before;
    let resident = resident.max(usage::resident(std::process::id())?);
    let counts = history.counts();
    Ok(json!({
        "cpu": cpu,
        "resident": resident,
        "full": history.tier_bytes(Tier::Full),
        "all": history.bytes(),
        "counts": format!("{counts:?}"),
    }))
}

/// Answers a question several times, the first time from files that nobody has read before, and prints how long that took.
pub(crate) fn ask(load: &Load, folder: &Path, question: Question) -> Result<Value> {
    let history = History::open(folder, settings(), load.end() + AFTER)?;
    let wanted = load.names.iter().filter(|name| name.metric == "cpu.total");
    let series: Vec<Series> =
        wanted.map(|name| history.find(&key(name)).context("a series")).collect::<Result<_>>()?;
    let Span { from, to, step } = question.span(load);
    let query = Query { series, from, to, step, aggregate: question.aggregate() };
    let (mut times, mut sum, mut points) = (Vec::new(), 0.0, 0_u64);
    for _ in 0..=TIMES {
        let begun = Instant::now();
        let answer = history.query(&query)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        let values = || answer.series.iter().flat_map(|series| &series.values).flatten();
        (sum, points) = (values().sum(), values().count() as u64);
    }
    Ok(json!({ "times": times, "sum": sum, "points": points }))
}

/// Runs the parts in processes of their own.
#[derive(Debug)]
pub(crate) struct Ours {
    /// This program and the options that say of which load.
    pub(crate) program: Vec<String>,
    pub(crate) data: PathBuf,
}

impl Ours {
    pub(crate) fn measure(&self, load: &Load) -> Result<Figures> {
        let samples = load.samples();
        let folder = self.data.join("ours");
        let year = self.data.join("ours-year");
        let told = self.part(&["ingest", &folder.display().to_string()])?;
        println!("ours: {told}");
        let received = self.receive(load)?;
        println!("ours: {received} CPU s by remote write");
        let number = |name: &str| told[name].as_f64().context(name.to_owned());
        // A year in a minute is a hundred thousand waits for the disk: it is made in memory, and its files are copied.
        let made = Path::new("/dev/shm").join(format!("pulseboard-bench-{}", std::process::id()));
        let told_year = self.part(&["ingest-year", &made.display().to_string()]);
        fresh(&year)?;
        for file in fs::read_dir(&made).into_iter().flatten().flatten() {
            fs::copy(file.path(), year.join(file.file_name()))?;
        }
        fs::remove_dir_all(&made)?;
        let told_year = told_year?;
        println!("ours, the year: {told_year}");
        let mut answers = Vec::new();
        for question in Question::ALL {
            let of = if question.is_year() { &year } else { &folder };
            usage::forget_pages(of);
            let told = self.part(&[&format!("ask-{question:?}"), &of.display().to_string()])?;
            let times: Vec<f64> =
                told["times"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
            ensure!(times.len() == TIMES + 1, "{told}");
            let answer = Answers {
                question,
                cold: times[0],
                warm: usage::median(&times[1..]),
                points: told["points"].as_u64().unwrap_or(0),
                sum: told["sum"].as_f64().unwrap_or(0.0),
            };
            println!("ours: {answer:?}");
            answers.push(answer);
        }
        Ok(Figures {
            name: "Pulseboard",
            samples,
            cpu: vec![received],
            full: number("full")?,
            all: number("all")?,
            resident: number("resident")?,
            other: vec![(
                "samples a CPU second by the crate alone".to_owned(),
                format!("{:.0}", samples / number("cpu")?),
            )],
            answers,
        })
    }

    /// CPU seconds of a process that reads the same requests as the peers.
    pub(crate) fn receive(&self, load: &Load) -> Result<f64> {
        let folder = self.data.join("ours-received");
        let mut arguments = self.program[1..].to_vec();
        arguments.extend(["--part".to_owned(), "receive".to_owned(), folder.display().to_string()]);
        let (binary, log) = (Path::new(&self.program[0]), self.data.join("ours.log"));
        let mut receiver = Peer::start(binary, &arguments, receiver::PORT, "/ready", &log)?;
        let before = receiver.cpu()?;
        receiver.write(load, "/write", TOGETHER)?;
        receiver.http.get("/end")?;
        let cpu = receiver.cpu()? - before;
        receiver.stop()?;
        fresh(&folder)?;
        Ok(cpu)
    }

    fn part(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.program[0]);
        let output = command.args(&self.program[1..]).arg("--part").args(arguments).output()?;
        let told = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(&told).with_context(|| told.into_owned())
    }
}
