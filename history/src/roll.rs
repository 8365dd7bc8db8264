//! Rolling up: the parts of an hour become one file of full resolution, and their samples enter the tiers, once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    bucket::{Bucket, of_buckets, of_samples},
    chunk::{self, ROWS, put_buckets},
    column::Effort,
    error::HistoryError,
    folder::SealedName,
    inner::{Inner, Upkeep},
    pending::Pending,
    resolution::Resolution,
    sample::{Sample, settle},
    sealed_file::SealedFile,
    sealed_reader::SealedReader,
    sealed_writer::SealedWriter,
    tier::{HOUR, Tier},
    upkeep::{decide_beside, finish_pending, finish_writers, write_samples},
};

/// An hour is over so many milliseconds after its end: samples come from far away, too.
pub(crate) const GRACE: i64 = 120_000;
/// Late parts of an hour that was rolled up wait until there are so many, or for an hour.
const LATE_PARTS: usize = 8;

/// Rolls up every hour that is over, and those whose parts take much room. One that fails does not hold the others up.
pub(crate) fn roll_due(inner: &Inner, upkeep: &mut Upkeep, now: i64) -> Result<(), HistoryError> {
    finish_pending(inner, upkeep)?;
    let mut all = Ok(());
    let files = inner.files();
    let mut hours: BTreeMap<i64, Vec<Arc<SealedFile>>> = BTreeMap::new();
    for part in files.sealed.iter().filter(|file| file.is_part()) {
        hours.entry(part.name.hour).or_default().push(Arc::clone(part));
    }
    for (hour, parts) in hours {
        let rolled =
            files.sealed.iter().filter(|file| file.name.hour == hour && file.name.tier == Tier::Full);
        let rolled: Vec<_> = rolled.filter(|file| !file.is_part()).cloned().collect();
        let bytes: u64 = parts.iter().map(|part| part.length).sum();
        let is_over = (hour + 1).saturating_mul(HOUR).saturating_add(GRACE) <= upkeep.heads_since;
        let waited =
            |part: &Arc<SealedFile>| part.footer.made > now || now.saturating_sub(part.footer.made) >= HOUR;
        let is_ripe = rolled.is_empty() || parts.len() >= LATE_PARTS || parts.iter().any(waited);
        if (is_over && is_ripe) || bytes > inner.settings.most_bytes() / 16 {
            all = all.and(roll(inner, upkeep, now, &parts, &rolled));
        }
    }
    all
}

/// Opens files for reading; those that were removed meanwhile are left out.
pub(crate) fn open_all(files: &[Arc<SealedFile>]) -> Result<Vec<SealedReader<'_>>, HistoryError> {
    let mut readers = Vec::new();
    for file in files {
        match SealedReader::open(file) {
            Err(error) if error.is_missing() => {}
            reader => readers.push(reader?),
        }
    }
    Ok(readers)
}

/// Every series that one of these files has.
pub(crate) fn all_series(readers: &mut [SealedReader<'_>]) -> Result<BTreeSet<u32>, HistoryError> {
    let mut all = BTreeSet::new();
    for reader in readers {
        all.extend(reader.series()?);
    }
    Ok(all)
}

/// Rolls up an hour's parts beside the files that it has already.
fn roll(
    inner: &Inner,
    upkeep: &mut Upkeep,
    now: i64,
    parts: &[Arc<SealedFile>],
    rolled: &[Arc<SealedFile>],
) -> Result<(), HistoryError> {
    let hour = parts.first().map_or(0, |part| part.name.hour);
    let before = Before::new(inner, hour, rolled);
    let mut begin = |tier: Tier, level: u8| {
        let name = SealedName { tier, level, hour, number: upkeep.number() };
        SealedWriter::begin(&inner.folder, name, now, inner)
    };
    let mut full = begin(Tier::Full, 1)?;
    let mut tiers = Vec::new();
    for tier in Tier::BUCKETS {
        tiers.push(begin(tier, 0)?);
    }
    let (mut parts_read, mut rolled_read) = (open_all(parts)?, open_all(rolled)?);
    let mut tiers_read = before.open()?;
    let mut duplicates = 0;
    let (mut samples, mut known): (Vec<Sample>, Vec<Sample>) = (Vec::new(), Vec::new());
    let (mut buckets, mut coarser) = (Vec::new(), Vec::new());
    for id in all_series(&mut parts_read)? {
        samples.clear();
        known.clear();
        let mut resolution = Resolution::WHOLE;
        for (readers, out) in [(&mut parts_read, &mut samples), (&mut rolled_read, &mut known)] {
            for reader in readers {
                reader.chunks(id, |bytes| {
                    resolution = resolution.max(chunk::samples(bytes, out)?);
                    Some(())
                })?;
            }
        }
        duplicates += settle(&mut samples);
        settle(&mut known);
        let came = samples.len();
        samples.retain(|sample| known.binary_search_by_key(&sample.at, |known| known.at).is_err());
        duplicates += came - samples.len();
        if samples.is_empty() {
            continue;
        }
        // A tier whose part of this hour was removed gets none of what came late: that would stand for the whole hour.
        let has = Before::tiers(id, hour, !known.is_empty(), &mut tiers_read)?;
        let is_new = !has.contains(&true);
        if is_new || has[Tier::Full as usize] {
            write_samples(&mut full, id, &samples, resolution, Effort::Small)?;
        }
        for (tier, writer) in Tier::BUCKETS.into_iter().zip(&mut tiers) {
            if tier == Tier::TenSeconds {
                of_samples(&samples, tier.step(), &mut buckets);
            } else {
                of_buckets(&buckets, tier.step(), &mut coarser);
                std::mem::swap(&mut buckets, &mut coarser);
            }
            if is_new || has[tier as usize] {
                write_buckets(writer, id, &buckets, resolution)?;
            }
        }
    }
    let mut pending = Pending::default();
    finish_writers(inner, [full].into_iter().chain(tiers), &mut pending)?;
    parts.iter().for_each(|part| pending.remove(part.name));
    inner.state().counts.duplicates += duplicates as u64;
    decide_beside(inner, upkeep, pending, &before.files)
}

/// The files that an hour has already.
struct Before {
    files: Vec<Arc<SealedFile>>,
}

impl Before {
    fn new(inner: &Inner, hour: i64, rolled: &[Arc<SealedFile>]) -> Self {
        let set = inner.files();
        let (from, to) = (hour * HOUR, (hour + 1) * HOUR);
        let tiers = Tier::BUCKETS.into_iter().flat_map(|tier| set.of(tier, from, to));
        Self { files: rolled.iter().chain(tiers).cloned().collect() }
    }

    /// Opens the files of buckets.
    fn open(&self) -> Result<Vec<(Tier, SealedReader<'_>)>, HistoryError> {
        let mut readers = Vec::new();
        for file in self.files.iter().filter(|file| file.name.tier != Tier::Full) {
            let opened = open_all(std::slice::from_ref(file))?;
            readers.extend(opened.into_iter().map(|reader| (file.name.tier, reader)));
        }
        Ok(readers)
    }

    /// Says of each tier if it has something of a series in the hour.
    fn tiers(
        id: u32,
        hour: i64,
        full: bool,
        readers: &mut [(Tier, SealedReader<'_>)],
    ) -> Result<[bool; Tier::ALL.len()], HistoryError> {
        let mut has = [false; Tier::ALL.len()];
        has[Tier::Full as usize] = full;
        let mut buckets = Vec::new();
        for (tier, reader) in readers {
            buckets.clear();
            reader.chunks(id, |bytes| chunk::buckets(bytes, tier.step(), &mut buckets).map(|_| ()))?;
            has[*tier as usize] |= buckets.iter().any(|bucket| bucket.start.div_euclid(HOUR) == hour);
        }
        Ok(has)
    }
}

/// Writes buckets of a series, in chunks.
pub(crate) fn write_buckets(
    writer: &mut SealedWriter<'_>,
    id: u32,
    buckets: &[Bucket],
    resolution: Resolution,
) -> Result<(), HistoryError> {
    let step = writer.name.tier.step();
    for rows in buckets.chunks(ROWS) {
        let (first, last) = (rows[0].start, rows[rows.len() - 1].start + step - 1);
        writer.chunk(id, first, last, |out| put_buckets(out, rows, step, resolution, Effort::Small))?;
    }
    Ok(())
}
