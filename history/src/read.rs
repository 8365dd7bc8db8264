//! Reading: samples that are in no tier yet, and then each hour from the tier that resolves the step, or from another that has it.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use crate::{
    bucket::Bucket,
    chunk,
    clock::LATEST,
    error::HistoryError,
    file_set::FileSet,
    inner::Inner,
    query::Grid,
    roll::open_all,
    sample::{Sample, settle},
    sealed_file::SealedFile,
    sealed_reader::SealedReader,
    series::Series,
    tier::{HOUR, Tier},
};

/// Files and heads, as they are at one moment.
pub(crate) struct View {
    files: Arc<FileSet>,
    series: Vec<SeriesView>,
    from: i64,
    to: i64,
}

/// A series that is read.
struct SeriesView {
    id: u32,
    /// The samples of its heads, in order.
    heads: Vec<Sample>,
    hours: HourSet,
    /// The steps of the answer.
    steps: Vec<Bucket>,
}

/// Hours that are still to be read: those of a range that are not done. A range may be thousands of years, of which few have anything.
struct HourSet {
    range: Range<i64>,
    done: BTreeSet<i64>,
}

impl View {
    /// Looks at series between two times.
    pub(crate) fn new(inner: &Inner, series: &[Series], from: i64, to: i64) -> Result<Self, HistoryError> {
        // No sample has a time outside of these.
        let [from, to] = [from, to].map(|at| at.clamp(0, LATEST + 1));
        let state = inner.state();
        let files = Arc::clone(&state.files);
        let mut heads = Vec::with_capacity(series.len());
        for one in series {
            let entry = state.table.entry(*one)?;
            heads.push((state.table.heads(*one)?, entry.first));
        }
        let flushing = state.flushing.clone();
        drop(state);
        let series = heads.into_iter().map(|(heads, first)| {
            let mut samples = Vec::new();
            if let Some(older) = flushing.as_ref().and_then(|flushing| flushing.of(heads.id)) {
                older.samples(&mut samples);
            }
            heads.samples(&mut samples);
            let from = from.max(first.unwrap_or(i64::MAX));
            SeriesView { id: heads.id, heads: samples, hours: HourSet::new(from, to), steps: Vec::new() }
        });
        Ok(Self { files, series: series.collect(), from, to })
    }

    /// The steps of a grid, of each series.
    pub(crate) fn steps(mut self, grid: &Grid) -> Result<Vec<Vec<Bucket>>, HistoryError> {
        let tier = Tier::resolving(grid.step);
        for series in &mut self.series {
            series.steps = vec![Bucket::empty(0); grid.points];
        }
        self.each_hour(tier == Tier::Full, |series, hour, samples, is_rolled| {
            grid.add_samples(&mut series.steps, samples);
            if is_rolled {
                series.hours.done(hour);
            }
            Ok(())
        })?;
        let finer = Tier::BUCKETS.iter().rev().copied().filter(|other| *other <= tier);
        let coarser = Tier::BUCKETS.iter().copied().filter(|other| *other > tier);
        let full = (tier != Tier::Full).then_some(Tier::Full);
        for tier in finer.chain(full).chain(coarser) {
            self.read_tier(tier, grid)?;
        }
        Ok(self.series.into_iter().map(|series| series.steps).collect())
    }

    /// Gives the samples of each hour, in order, to a function.
    pub(crate) fn samples(
        mut self,
        mut each: impl FnMut(&[Sample]) -> Result<(), HistoryError>,
    ) -> Result<(), HistoryError> {
        let (from, to) = (self.from, self.to);
        self.each_hour(true, |_, _, samples, _| {
            let begin = samples.partition_point(|sample| sample.at < from);
            let end = samples.partition_point(|sample| sample.at < to);
            each(&samples[begin..end])
        })
    }

    /// Gives the samples of each hour of each series to a function, and says if the hour was rolled up, too. Unless all are wanted, only of
    /// hours that have some which no tier has.
    fn each_hour(
        &mut self,
        all: bool,
        mut each: impl FnMut(&mut SeriesView, i64, &[Sample], bool) -> Result<(), HistoryError>,
    ) -> Result<(), HistoryError> {
        let (from, to) = whole_hours(self.from, self.to);
        let in_range: Vec<_> = self.files.of(Tier::Full, from, to).cloned().collect();
        let mut hours: BTreeSet<i64> =
            in_range.iter().filter(|file| all || file.is_part()).map(|file| file.name.hour).collect();
        let (from, to) = (from / HOUR, to / HOUR);
        let of_heads = self.series.iter().flat_map(|series| &series.heads);
        hours.extend(
            of_heads.map(|sample| sample.at.div_euclid(HOUR)).filter(|hour| (from..to).contains(hour)),
        );
        let (mut samples, mut unrolled): (Vec<Sample>, Vec<Sample>) = (Vec::new(), Vec::new());
        for hour in hours {
            let of_hour = |is_part: bool| {
                let files =
                    in_range.iter().filter(|file| file.name.hour == hour && file.is_part() == is_part);
                files.cloned().collect::<Vec<_>>()
            };
            let (parts, rolled) = (of_hour(true), of_hour(false));
            let mut parts = open_present(&parts)?;
            let mut rolled_read: Option<Vec<SealedReader<'_>>> = None;
            for series in self.series.iter_mut().filter(|series| series.hours.is_left(hour)) {
                unrolled.clear();
                samples.clear();
                read_samples(&mut parts, series.id, &mut unrolled)?;
                let begin = series.heads.partition_point(|sample| sample.at < hour * HOUR);
                let end = series.heads.partition_point(|sample| sample.at < (hour + 1) * HOUR);
                unrolled.extend_from_slice(&series.heads[begin..end]);
                if unrolled.is_empty() && !all {
                    continue;
                }
                let rolled = match &mut rolled_read {
                    Some(open) => open,
                    None => rolled_read.insert(open_present(&rolled)?),
                };
                read_samples(rolled, series.id, &mut samples)?;
                let is_rolled = !samples.is_empty();
                samples.append(&mut unrolled);
                settle(&mut samples);
                each(series, hour, &samples, is_rolled)?;
            }
        }
        Ok(())
    }

    /// Reads hours that are left from files of a tier.
    fn read_tier(&mut self, tier: Tier, grid: &Grid) -> Result<(), HistoryError> {
        let files = Arc::clone(&self.files);
        let (mut samples, mut buckets) = (Vec::new(), Vec::new());
        let (from, to) = whole_hours(self.from, self.to);
        let mut found: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); self.series.len()];
        for file in files.of(tier, from, to).filter(|file| !file.is_part()) {
            let hours = file.name.hour..file.name.hour.saturating_add(file.name.hours());
            if !self.series.iter().any(|series| series.hours.any_left(hours.clone())) {
                continue;
            }
            let mut reader = SealedReader::open(file)?;
            for (series, found) in self.series.iter_mut().zip(&mut found) {
                if !series.hours.any_left(hours.clone()) {
                    continue;
                }
                buckets.clear();
                samples.clear();
                reader.chunks(series.id, |bytes| {
                    if tier == Tier::Full {
                        chunk::samples(bytes, &mut samples).map(|_| ())
                    } else {
                        chunk::buckets(bytes, tier.step(), &mut buckets).map(|_| ())
                    }
                })?;
                for sample in &samples {
                    let mut one = Bucket::empty(sample.at);
                    one.add(*sample);
                    buckets.push(one);
                }
                for bucket in &buckets {
                    let hour = bucket.start.div_euclid(HOUR);
                    if series.hours.is_left(hour) {
                        grid.add(&mut series.steps, bucket, tier.step());
                        found.insert(hour);
                    }
                }
            }
        }
        for (series, found) in self.series.iter_mut().zip(found) {
            series.hours.all_done(found);
        }
        Ok(())
    }
}

/// The range of the hours that a range reaches into: an hour is read from one tier, also where a part of it is wanted that has nothing.
fn whole_hours(from: i64, to: i64) -> (i64, i64) {
    (from - from.rem_euclid(HOUR), to.saturating_add((-to).rem_euclid(HOUR)))
}

/// Opens files, all of which must be there still.
fn open_present(files: &[Arc<SealedFile>]) -> Result<Vec<SealedReader<'_>>, HistoryError> {
    let readers = open_all(files)?;
    if readers.len() < files.len() {
        let path = files.first().map(|file| file.path.clone()).unwrap_or_default();
        return Err(HistoryError::io(path)(std::io::ErrorKind::NotFound.into()));
    }
    Ok(readers)
}

fn read_samples(
    readers: &mut [SealedReader<'_>],
    id: u32,
    out: &mut Vec<Sample>,
) -> Result<(), HistoryError> {
    for reader in readers {
        reader.chunks(id, |bytes| chunk::samples(bytes, out).map(|_| ()))?;
    }
    Ok(())
}

impl HourSet {
    /// The hours of a range.
    fn new(from: i64, to: i64) -> Self {
        let behind = if from < to { (to - 1).div_euclid(HOUR) + 1 } else { i64::MIN };
        Self { range: from.div_euclid(HOUR)..behind, done: BTreeSet::new() }
    }

    fn is_left(&self, hour: i64) -> bool {
        self.range.contains(&hour) && !self.done.contains(&hour)
    }

    fn any_left(&self, hours: Range<i64>) -> bool {
        let hours = hours.start.max(self.range.start)..hours.end.min(self.range.end);
        !hours.is_empty() && (self.done.range(hours.clone()).count() as i64) < hours.end - hours.start
    }

    fn done(&mut self, hour: i64) {
        self.done.insert(hour);
    }

    fn all_done(&mut self, mut hours: BTreeSet<i64>) {
        self.done.append(&mut hours);
    }
}
