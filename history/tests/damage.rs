//! Damage costs what is damaged, and nothing panics.

mod common;

use std::{fs, path::Path};

use common::{DAY, Folder, HOUR, MINUTE, START, at, points};
use history::{Aggregate, History, HistoryError, Resolution, Sample};
use proptest::prelude::*;

const SERIES: u8 = 5;

/// Three hours of five series: two are sealed, the third is in parts and in the journal.
fn fill(folder: &Folder) -> i64 {
    let history = folder.open(START);
    let mut now = START;
    for minute in 0..170 {
        now = START + minute * MINUTE;
        for key in 0..SERIES {
            let series = history.register(&[key], Resolution::WHOLE).expect("made");
            for second in 0..6 {
                let sample = at(now + second * 10_000, f64::from(key) * 1_000.0 + (minute * 7 % 91) as f64);
                history.push(series, sample, now).expect("pushed");
            }
        }
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
    }
    now
}

fn copy(from: &Folder) -> Folder {
    let to = Folder::new();
    for file in fs::read_dir(from.path()).expect("a folder") {
        let file = file.expect("a file");
        fs::copy(file.path(), to.path().join(file.file_name())).expect("copied");
    }
    to
}

fn all(history: &History) -> Vec<Vec<Sample>> {
    let of = |key: u8| {
        let series = history.find(&[key])?;
        Some(history.samples(series, 0, i64::MAX).expect("it reads"))
    };
    (0..SERIES).map(|key| of(key).unwrap_or_default()).collect()
}

/// Damages a byte, opens the folder, and returns what each series has, and if the file was set aside.
fn with_damage(folder: &Folder, name: &Path, place: usize, now: i64) -> (Vec<Vec<Sample>>, bool) {
    let damaged = copy(folder);
    let path = damaged.path().join(name);
    let mut bytes = fs::read(&path).expect("read");
    bytes[place] ^= 0x55;
    fs::write(&path, bytes).expect("written");
    let history = damaged.open(now);
    let found = all(&history);
    for series in history.series() {
        points(&history, series.series, START, START + 3 * HOUR, HOUR, Aggregate::Average);
    }
    history.commit(now + 2 * HOUR).expect("written");
    history.maintain(now + 2 * HOUR).expect("kept up");
    assert_eq!(history.bytes(), damaged.bytes());
    (found, damaged.of("damaged").len() == 1)
}

#[test]
fn a_damaged_byte_of_a_sealed_file_costs_a_chunk() {
    let folder = Folder::new();
    let now = fill(&folder);
    let whole = all(&folder.open(now));
    assert!(whole.iter().all(|samples| samples.len() == 170 * 6));
    let files = folder.of("sealed");
    assert!(files.len() > 10, "{files:?}");
    for path in files {
        let name = path.file_name().expect("a name");
        let is_full = name.to_string_lossy().starts_with("full-1");
        let length = fs::read(&path).expect("read").len();
        // Every byte of a file of full resolution, and some of each other.
        let is_first = is_full && name.to_string_lossy().contains(&format!("{:08}", START / HOUR));
        let stride = if is_first { 1 } else { 1 + length / 25 };
        for place in (0..length).step_by(stride) {
            let (found, is_aside) = with_damage(&folder, Path::new(name), place, now);
            let mut hurt = 0;
            for (found, whole) in found.iter().zip(&whole) {
                assert!(found.iter().all(|sample| whole.contains(sample)));
                hurt += usize::from(found != whole);
            }
            assert!(hurt <= 1 || is_aside, "byte {place} of {} hurts {hurt} series", path.display());
        }
    }
}

#[test]
fn a_chunk_that_is_damaged_is_read_from_tiers() {
    let folder = Folder::new();
    let now = fill(&folder);
    let path =
        &folder.of("sealed").into_iter().find(|path| path.to_string_lossy().contains("full-1")).expect("one");
    let mut bytes = fs::read(path).expect("read");
    bytes[40] ^= 1;
    fs::write(path, bytes).expect("written");
    let history = folder.open(now);
    let series = history.find(&[0]).expect("named");
    let found = points(&history, series, START, START + HOUR, 1_000, Aggregate::Max);
    assert!(found.iter().all(Option::is_some), "buckets of ten seconds stand for ten");
}

#[test]
fn damaged_names_journals_and_other_files_are_no_end() {
    let folder = Folder::new();
    let now = fill(&folder);
    let whole = all(&folder.open(now));
    for extension in ["names", "journal"] {
        for path in folder.of(extension) {
            let name = path.file_name().expect("a name");
            let length = fs::read(&path).expect("read").len();
            for place in (0..length).step_by(1 + length / 100) {
                let (found, _) = with_damage(&folder, Path::new(name), place, now);
                for (found, whole) in found.iter().zip(&whole) {
                    assert!(found.iter().all(|sample| whole.contains(sample)));
                }
                if extension == "names" {
                    assert_eq!(found, whole, "the older file has the names");
                }
            }
        }
    }
    fs::write(folder.path().join("x.begun"), "").expect("written");
    fs::write(folder.path().join("notes.txt"), "mine").expect("written");
    fs::write(folder.path().join("full-0-00000001-0000000001.sealed"), "").expect("written");
    fs::write(folder.path().join("0000000000.journal"), "PBHJ?????????????").expect("written");
    let history = folder.open(now);
    assert_eq!(all(&history), whole);
    assert!(folder.path().join("notes.txt").exists() && !folder.path().join("x.begun").exists());
    assert_eq!(folder.of("damaged").len(), 2);
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    let folder = Folder::new();
    let now = fill(&folder);
    for extension in ["sealed", "names", "journal"] {
        let copy = copy(&folder);
        let path = copy.of(extension).pop().expect("one");
        let mut bytes = fs::read(&path).expect("read");
        bytes[4] = 2;
        let crc = crc32(&bytes[..8]);
        bytes[8..12].copy_from_slice(&crc.to_le_bytes());
        fs::write(&path, &bytes).expect("written");
        let refused = History::open(copy.path(), common::settings(), now);
        assert!(matches!(refused, Err(HistoryError::Newer { version: 2, .. })), "{extension}: {refused:?}");
        assert_eq!(fs::read(&path).expect("there"), bytes);
    }
}

/// The sum of the format, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_in_any_file_make_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        keep in 0_usize..40,
        which in any::<prop::sample::Index>(),
    ) {
        let folder = Folder::new();
        {
            let history = folder.open(START);
            let series = history.register(b"a", Resolution::WHOLE).expect("made");
            for minute in 0..80 {
                let now = START + minute * MINUTE;
                history.push(series, at(now, minute as f64), now).expect("pushed");
                history.commit(now).expect("written");
                history.maintain(now).expect("kept up");
            }
        }
        let files: Vec<_> = ["sealed", "names", "journal"].iter().flat_map(|extension| folder.of(extension)).collect();
        let path = which.get(&files);
        let mut kept = fs::read(path).expect("read");
        kept.truncate(keep);
        kept.extend(bytes);
        fs::write(path, kept).expect("written");
        let history = folder.open(START + DAY);
        if let Some(series) = history.find(b"a") {
            history.samples(series, 0, i64::MAX).expect("read");
        }
        history.maintain(START + DAY).expect("kept up");
    }
}
