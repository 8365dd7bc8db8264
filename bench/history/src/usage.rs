//! The resources that processes take, and the bytes of folders.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// CPU seconds of a process since it began. Linux counts in hundredths (`USER_HZ`).
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("has the server ended?")?;
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / 100.0)
}

/// CPU seconds of this thread.
pub(crate) fn thread_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Resident MiB of a process, shared pages by their share (`Pss`).
pub(crate) fn resident(pid: u32) -> Result<f64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).context("smaps_rollup")?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kib.context("Pss in smaps_rollup")? / 1_024.0)
}

/// Bytes of all files under a path.
pub(crate) fn bytes(path: &Path) -> u64 {
    let mut sum = 0;
    each_file(path, &mut |_, length| sum += length);
    sum
}

/// Has the kernel forget the pages of all files under a path, which no process has mapped any more.
pub(crate) fn forget_pages(path: &Path) {
    each_file(path, &mut |file, _| {
        if let Ok(file) = fs::File::open(file) {
            let _ = file.sync_all();
            let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
        }
    });
}

fn each_file(path: &Path, each: &mut dyn FnMut(&Path, u64)) {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        match fs::symlink_metadata(&path) {
            Ok(what) if what.is_dir() => each_file(&path, each),
            Ok(what) => each(&path, what.len()),
            Err(_) => {}
        }
    }
}

/// The middle of some numbers.
pub(crate) fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
