//! A server beside which ours is measured: it is started, fed by remote write, asked, and ended.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    figures::Answers,
    http::Http,
    load::Load,
    question::{Question, TIMES},
    remote_write::{Labels, WriteRequest},
    usage,
};

/// Each request has so many samples of each series, so that its labels are read once for all of them.
pub(crate) const TOGETHER: usize = 60;
const START: Duration = Duration::from_secs(60);
const END: Duration = Duration::from_secs(120);

/// A server, which ends with this value.
#[derive(Debug)]
pub(crate) struct Peer {
    child: Child,
    port: u16,
    pub(crate) http: Http,
}

impl Peer {
    /// Starts a server, and waits until it answers.
    pub(crate) fn start(
        binary: &Path,
        arguments: &[String],
        port: u16,
        ready: &str,
        log: &Path,
    ) -> Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        let mut command = Command::new(binary);
        command.args(arguments).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut child = command.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("{} ended with {status}: see its log", binary.display());
            }
            if let Ok(mut http) = Http::connect(port)
                && http.get(ready).is_ok()
            {
                return Ok(Self { child, port, http });
            }
            if begun.elapsed() > START {
                let _ = child.kill();
                let _ = child.wait();
                bail!("{} did not answer in a minute", binary.display());
            }
            thread::park_timeout(Duration::from_millis(100));
        }
    }

    pub(crate) fn cpu(&self) -> Result<f64> {
        usage::cpu_seconds(self.child.id())
    }

    pub(crate) fn resident(&self) -> Result<f64> {
        usage::resident(self.child.id())
    }

    /// Writes all samples of a load, so many steps of each series in a request.
    pub(crate) fn write(&mut self, load: &Load, path: &str, together: usize) -> Result<()> {
        const HEADERS: &str = "Content-Encoding: snappy\r\nContent-Type: application/x-protobuf\r\n\
                               X-Prometheus-Remote-Write-Version: 0.1.0\r\n";
        let labels: Vec<Labels> = load.names.iter().map(Labels::new).collect();
        let mut request = WriteRequest::default();
        load.each(together, |steps| {
            for (series, labels) in labels.iter().enumerate() {
                let samples = steps.clone().map(|step| (load.at(step), load.value(series, step)));
                request.add(labels, samples);
            }
            self.http.post(path, HEADERS, &request.take()).map(|_| ())
        })
    }

    /// Puts a question several times.
    pub(crate) fn ask(&mut self, question: Question, load: &Load) -> Result<Answers> {
        let path = question.path(load);
        let mut times = Vec::new();
        let mut body = Vec::new();
        for _ in 0..=TIMES {
            let begun = Instant::now();
            body = self.http.get(&path)?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let (points, sum) = read_answer(&body)?;
        Ok(Answers { question, cold: times[0], warm: usage::median(&times[1..]), points, sum })
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        let begun = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begun.elapsed() > END {
                bail!("the server at port {} does not end", self.port);
            }
            thread::park_timeout(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The points of an answer of Prometheus' API, and their sum.
fn read_answer(body: &[u8]) -> Result<(u64, f64)> {
    let answer: Value = serde_json::from_slice(body)?;
    let series = answer["data"]["result"].as_array().context("an answer has a result")?;
    let (mut points, mut sum) = (0, 0.0);
    for point in series.iter().filter_map(|series| series["values"].as_array()).flatten() {
        points += 1;
        sum += point[1].as_str().and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN);
    }
    Ok((points, sum))
}

/// Makes a folder anew.
pub(crate) fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}
