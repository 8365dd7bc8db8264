//! VictoriaMetrics, a single node.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{
    figures::Figures,
    load::Load,
    peer::{Peer, TOGETHER, fresh},
    question::Question,
    usage,
};

const PORT: u16 = 28_428;
/// The file of its export.
const EXPORT: &str = "victoria.native";
/// Forced merges take less.
const MERGE: Duration = Duration::from_secs(240);

/// VictoriaMetrics, and where it keeps its data.
#[derive(Debug)]
pub(crate) struct Victoria {
    pub(crate) binary: PathBuf,
    pub(crate) data: PathBuf,
}

impl Victoria {
    fn start(&self, folder: &Path) -> Result<Peer> {
        let arguments = [
            format!("-storageDataPath={}", folder.display()),
            format!("-httpListenAddr=127.0.0.1:{PORT}"),
            "-retentionPeriod=5y".to_owned(),
            "-loggerLevel=WARN".to_owned(),
        ];
        Peer::start(&self.binary, &arguments, PORT, "/health", &self.data.join("victoria.log"))
    }

    pub(crate) fn measure(&self, load: &Load, year: &Load) -> Result<Figures> {
        let folder = fresh(&self.data.join("victoria"))?;
        let year_folder = fresh(&self.data.join("victoria-year"))?;
        let mut peer = self.start(&folder)?;
        peer.write(load, "/api/v1/write", TOGETHER)?;
        peer.http.get("/internal/force_flush")?;
        let (written, resident) = (peer.cpu()?, peer.resident()?);
        let unmerged = usage::bytes(&folder.join("data"));
        println!("victoria: {written} CPU s, {resident} MiB, {unmerged} B by remote write");
        merge(&mut peer)?;
        println!("victoria: {} CPU s after a merge", peer.cpu()?);
        let exported = peer.http.get("/api/v1/export/native?match%5B%5D=%7Bhost!=%22%22%7D")?;
        peer.stop()?;
        let (full, all) = (usage::bytes(&folder.join("data")), usage::bytes(&folder));
        println!("victoria: {full} B, {all} B with its index; exported {}", exported.len());
        fs::write(self.data.join(EXPORT), &exported)?;
        drop(exported);
        let (native, resident_native) = self.native()?;
        let mut peer = self.start(&year_folder)?;
        peer.write(year, "/api/v1/write", 8_640)?;
        peer.http.get("/internal/force_flush")?;
        merge(&mut peer)?;
        println!("victoria, the year: {} CPU s", peer.cpu()?);
        peer.stop()?;
        let mut answers = Vec::new();
        for question in Question::ALL {
            let (folder, load) = if question.is_year() { (&year_folder, year) } else { (&folder, load) };
            usage::forget_pages(folder);
            let mut peer = self.start(folder)?;
            let answer = peer.ask(question, load)?;
            println!("victoria: {answer:?}");
            answers.push(answer);
            peer.stop()?;
        }
        let other = vec![
            ("samples a CPU second by remote write".to_owned(), format!("{:.0}", load.samples() / written)),
            (
                "samples a CPU second by its native import".to_owned(),
                format!("{:.0}", load.samples() / native),
            ),
            ("MiB resident after remote write".to_owned(), format!("{resident:.1}")),
            ("MiB resident after its native import".to_owned(), format!("{resident_native:.1}")),
            (
                "bytes a sample before a forced merge".to_owned(),
                format!("{:.3}", unmerged as f64 / load.samples()),
            ),
        ];
        Ok(Figures {
            name: "VictoriaMetrics",
            samples: load.samples(),
            cpu: vec![native],
            full: full as f64,
            all: all as f64,
            resident: resident.min(resident_native),
            other,
            answers,
        })
    }

    /// CPU seconds of importing what it exported itself, and MiB resident after it.
    pub(crate) fn native(&self) -> Result<(f64, f64)> {
        let exported = fs::read(self.data.join(EXPORT))?;
        let folder = fresh(&self.data.join("victoria-native"))?;
        let mut peer = self.start(&folder)?;
        peer.http.post("/api/v1/import/native", "", &exported)?;
        peer.http.get("/internal/force_flush")?;
        let (cpu, resident) = (peer.cpu()?, peer.resident()?);
        println!("victoria: {cpu} CPU s, {resident} MiB by native import");
        peer.stop()?;
        fresh(&folder)?;
        Ok((cpu, resident))
    }
}

/// Has all parts merged, and waits for it.
fn merge(peer: &mut Peer) -> Result<()> {
    peer.http.get("/internal/force_merge")?;
    let begun = Instant::now();
    let mut quiet = 0;
    while quiet < 4 {
        thread::park_timeout(Duration::from_millis(500));
        let metrics = peer.http.get("/metrics")?;
        let metrics = String::from_utf8_lossy(&metrics);
        let is_merging = metrics
            .lines()
            .any(|line| line.contains("active") && line.contains("merge") && !line.ends_with(" 0"));
        quiet = if is_merging { 0 } else { quiet + 1 };
        if begun.elapsed() > MERGE {
            bail!("the forced merge does not end");
        }
    }
    Ok(())
}
