//! Prometheus, fed by its receiver of remote writes; the year by its tool for bulk.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    figures::Figures,
    load::Load,
    peer::{Peer, TOGETHER, fresh},
    question::Question,
    remote_write::metric_name,
    usage,
};

const PORT: u16 = 29_090;

/// Prometheus, its tool, and where it keeps its data.
#[derive(Debug)]
pub(crate) struct Prometheus {
    pub(crate) binary: PathBuf,
    pub(crate) tool: PathBuf,
    pub(crate) data: PathBuf,
}

impl Prometheus {
    fn start(&self, folder: &Path) -> Result<Peer> {
        let config = self.data.join("prometheus.yml");
        std::fs::write(&config, "global: {}\n")?;
        let arguments = [
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", folder.display()),
            format!("--web.listen-address=127.0.0.1:{PORT}"),
            "--storage.tsdb.retention.time=5y".to_owned(),
            "--web.enable-remote-write-receiver".to_owned(),
            "--web.enable-admin-api".to_owned(),
            "--log.level=warn".to_owned(),
        ];
        Peer::start(&self.binary, &arguments, PORT, "/-/ready", &self.data.join("prometheus.log"))
    }

    pub(crate) fn measure(&self, load: &Load, year: &Load) -> Result<Figures> {
        let folder = fresh(&self.data.join("prometheus"))?;
        let year_folder = fresh(&self.data.join("prometheus-year"))?;
        let mut peer = self.start(&folder)?;
        peer.write(load, "/api/v1/write", TOGETHER)?;
        let (written, resident) = (peer.cpu()?, peer.resident()?);
        let log = usage::bytes(&folder);
        println!("prometheus: {written} CPU s, {resident} MiB, {log} B of log");
        let snapshot = peer.http.post("/api/v1/admin/tsdb/snapshot", "", b"")?;
        let compacted = peer.cpu()?;
        let snapshot: Value = serde_json::from_slice(&snapshot)?;
        let name = snapshot["data"]["name"].as_str().context("the name of a snapshot")?;
        let blocks = folder.join("snapshots").join(name);
        peer.stop()?;
        let all = usage::bytes(&blocks);
        let full: u64 = std::fs::read_dir(&blocks)?
            .flatten()
            .map(|block| usage::bytes(&block.path().join("chunks")))
            .sum();
        println!("prometheus: {full} B of chunks, {all} B in blocks, {compacted} CPU s");
        self.import(year, &year_folder)?;
        let mut answers = Vec::new();
        for question in Question::ALL {
            // Answers come from blocks, as they do of all but the newest hours.
            let (folder, load) = if question.is_year() { (&year_folder, year) } else { (&blocks, load) };
            usage::forget_pages(folder);
            let mut peer = self.start(folder)?;
            let answer = peer.ask(question, load)?;
            println!("prometheus: {answer:?}");
            answers.push(answer);
            peer.stop()?;
        }
        let other = vec![
            (
                "samples a CPU second with the writing of a block".to_owned(),
                format!("{:.0}", load.samples() / compacted),
            ),
            (
                "bytes a sample in its log until then".to_owned(),
                format!("{:.2}", log as f64 / load.samples()),
            ),
        ];
        Ok(Figures {
            name: "Prometheus",
            samples: load.samples(),
            cpu: vec![written],
            full: full as f64,
            all: all as f64,
            resident,
            other,
            answers,
        })
    }

    /// Makes blocks of a year, of the length that it has them of in the end.
    fn import(&self, year: &Load, folder: &Path) -> Result<()> {
        let file = self.data.join("year.openmetrics");
        let mut text = BufWriter::with_capacity(1 << 20, File::create(&file)?);
        for (series, name) in year.names.iter().enumerate() {
            let head = format!("{}{{host=\"{}\",of=\"{}\"}}", metric_name(name), name.host, name.label);
            for step in 0..year.steps {
                writeln!(text, "{head} {} {}", year.value(series, step), year.at(step) / 1_000)?;
            }
        }
        writeln!(text, "# EOF")?;
        text.flush()?;
        let mut command = Command::new(&self.tool);
        command.args(["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=744h"]);
        command.arg(&file).arg(folder).stdout(Stdio::null());
        ensure!(command.status()?.success(), "promtool failed");
        Ok(std::fs::remove_file(&file)?)
    }
}
