//! The file `head`: the log's epoch, and the place that no number has passed.
//!
//! It is one line, `EPOCH-SEQ open|closed BOOT`. Numbers are reserved in blocks, on the disk before the first of them
//! is used: however the process ends, the next one begins behind the block and gives none out twice. `BOOT` names the
//! machine's run: a log that was open in another run may have lost what no one had synced, and nothing in the files
//! would tell. Where the system does not name its runs, any may be another.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use common::{Cursor, Epoch, Seq};
use parking_lot::Mutex;

/// The number of sequence numbers that are reserved at once. At a thousand publications a second that is one short
/// wait in 17 minutes.
const BLOCK: u64 = 1 << 20;

/// The file, and the numbers that it has reserved. Giving one out takes no lock while its block lasts.
#[derive(Debug)]
pub(crate) struct Head {
    dir: PathBuf,
    epoch: Epoch,
    /// The greatest number that may be issued.
    reserved: AtomicU64,
    /// The greatest number that was issued.
    issued: AtomicU64,
    boot: String,
    /// Held while the file is written.
    writing: Mutex<()>,
}

/// The content of the file `head`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HeadRecord {
    pub(crate) place: Cursor,
    pub(crate) end: LastShutdown,
}

/// The way in which the last process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastShutdown {
    /// The process closed the log: everything is on the disk.
    Closed,
    /// The process was killed: a record may have been under way.
    Killed,
    /// The machine went down: the newest entries may be lost.
    PowerCut,
}

impl Head {
    /// Reads the file that the last process left; `None` where there is no file or it cannot be read as one.
    pub(crate) fn find(dir: &Path) -> io::Result<Option<HeadRecord>> {
        match fs::read(dir.join("head")) {
            Ok(bytes) => Ok(parse(&String::from_utf8_lossy(&bytes), &boot())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Begins to give numbers out behind `place`.
    pub(crate) fn open(dir: &Path, place: Cursor) -> io::Result<Self> {
        let head = Self {
            dir: dir.to_owned(),
            epoch: place.epoch,
            reserved: AtomicU64::new(place.seq.0),
            issued: AtomicU64::new(place.seq.0),
            boot: boot(),
            writing: Mutex::new(()),
        };
        head.write(place.seq, "open")?;
        Ok(head)
    }

    pub(crate) fn place(&self) -> Cursor {
        Cursor::new(self.epoch, Seq(self.reserved.load(Ordering::Acquire)))
    }

    /// Makes sure that `seq` may be issued. If its block was not reserved ahead, that is a wait for the disk.
    pub(crate) fn reserve_seq(&self, seq: Seq) -> io::Result<()> {
        if seq.0 > self.reserved.load(Ordering::Acquire) {
            self.reserve_block(seq)?;
        }
        self.issued.fetch_max(seq.0, Ordering::AcqRel);
        Ok(())
    }

    /// Reports that so much of the block is used that the next one should be reserved.
    pub(crate) fn is_running_low(&self) -> bool {
        self.left() < BLOCK / 2
    }

    /// Returns the number of sequence numbers that are left in the block.
    pub(crate) fn left(&self) -> u64 {
        self.reserved.load(Ordering::Acquire).saturating_sub(self.issued.load(Ordering::Acquire))
    }

    /// Reserves the block that begins with `seq`, unless it is reserved.
    fn reserve_block(&self, seq: Seq) -> io::Result<()> {
        let _writing = self.writing.lock();
        if seq.0 > self.reserved.load(Ordering::Acquire) {
            let through = Seq(seq.0.saturating_add(BLOCK - 1));
            self.write(through, "open")?;
            self.reserved.store(through.0, Ordering::Release);
        }
        Ok(())
    }

    /// Reserves the next block while numbers of the present one are left.
    pub(crate) fn reserve_ahead(&self) -> io::Result<()> {
        self.reserve_block(Seq(self.reserved.load(Ordering::Acquire)).next())
    }

    /// Writes that nothing is missing: all that was issued is on the disk, and no more will be.
    pub(crate) fn close(&self) -> io::Result<()> {
        let _writing = self.writing.lock();
        self.write(Seq(self.issued.load(Ordering::Acquire)), "closed")
    }

    fn write(&self, through: Seq, state: &str) -> io::Result<()> {
        let place = Cursor::new(self.epoch, through);
        let fresh = self.dir.join("head.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(format!("{place} {state} {}\n", self.boot).as_bytes())?;
        file.sync_data()?;
        fs::rename(fresh, self.dir.join("head"))?;
        File::open(&self.dir)?.sync_all()
    }
}

pub(crate) fn parse(text: &str, boot: &str) -> Option<HeadRecord> {
    let mut words = text.strip_suffix('\n')?.split(' ');
    let place = words.next()?.parse().ok()?;
    let end = match (words.next()?, words.next()?) {
        ("closed", _) => LastShutdown::Closed,
        ("open", then) if then == boot && then != UNKNOWN => LastShutdown::Killed,
        ("open", _) => LastShutdown::PowerCut,
        _ => return None,
    };
    Some(HeadRecord { place, end })
}

/// Stands for a run of the machine that has no name: outside of Linux, or where a container hides it.
const UNKNOWN: &str = "-";

/// A name for the machine's present run: random on Linux, else [`UNKNOWN`].
fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|text| text.trim().to_owned())
        .ok()
        .filter(|text| !text.is_empty() && !text.contains(' '))
        .unwrap_or_else(|| UNKNOWN.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(epoch: u64, seq: u64) -> Cursor {
        Cursor::new(Epoch(epoch), Seq(seq))
    }

    #[test]
    fn a_number_is_on_the_disk_before_it_is_given_out() {
        let dir = tempfile::tempdir().expect("a folder");
        let head = Head::open(dir.path(), place(9, 5)).expect("opened");
        let reserved = || Head::find(dir.path()).expect("read").expect("there").place.seq.0;
        assert_eq!(reserved(), 5);
        for seq in [6, 7, 5 + BLOCK, 6 + BLOCK] {
            head.reserve_seq(Seq(seq)).expect("given");
            assert!(reserved() >= seq);
        }
        assert_eq!(reserved(), 5 + 2 * BLOCK);
        assert!(!head.is_running_low(), "a block has just begun");
        head.reserve_seq(Seq(6 + BLOCK + BLOCK / 2)).expect("given");
        assert!(head.is_running_low());
        head.reserve_ahead().expect("reserved");
        assert_eq!(reserved(), 5 + 3 * BLOCK);
        assert!(!head.is_running_low());
        head.close().expect("closed");
        assert_eq!(reserved(), 6 + BLOCK + BLOCK / 2);
    }

    #[test]
    fn what_was_open_when_the_machine_went_down_may_lack_its_end() {
        let found = |text| parse(text, "b1").map(|found| (found.place, found.end));
        assert_eq!(found("a-7 open b1\n"), Some((place(10, 7), LastShutdown::Killed)));
        assert_eq!(found("a-7 open b0\n"), Some((place(10, 7), LastShutdown::PowerCut)));
        assert_eq!(found("a-7 closed b0\n"), Some((place(10, 7), LastShutdown::Closed)));
        let of_unknown_runs = |text| parse(text, UNKNOWN).map(|found| found.end);
        assert_eq!(of_unknown_runs("a-7 open -\n"), Some(LastShutdown::PowerCut), "it may have been another");
        assert_eq!(of_unknown_runs("a-7 open b0\n"), Some(LastShutdown::PowerCut));
        assert_eq!(of_unknown_runs("a-7 closed -\n"), Some(LastShutdown::Closed));
        for text in ["", "a-7", "a-7 open b1", "x open b1\n", "a-7 ajar b1\n", "a-7 open\n"] {
            assert_eq!(found(text), None, "{text:?}");
        }
    }
}
