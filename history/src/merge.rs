//! Merging files of a tier into fewer and larger ones, and removing those that are too old.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    bucket::{Bucket, of_buckets},
    chunk,
    column::Effort,
    error::HistoryError,
    folder::SealedName,
    inner::{Inner, Upkeep},
    pending::Pending,
    resolution::Resolution,
    roll::{GRACE, all_series, open_all, write_buckets},
    sample::{Sample, settle},
    sealed_file::SealedFile,
    sealed_writer::SealedWriter,
    tier::{HOUR, Tier},
    upkeep::{decide_beside, finish_pending, finish_writers, write_samples},
};

/// So many files of one stretch are merged into one.
const CROWD: usize = 4;
/// Files that came late wait until so many can be merged into the next level.
const LATE: usize = 8;

/// Merges files until there is nothing to merge.
pub(crate) fn merge_due(inner: &Inner, upkeep: &mut Upkeep, now: i64) -> Result<(), HistoryError> {
    finish_pending(inner, upkeep)?;
    // Each round leaves fewer files, or some at a higher level.
    while let Some((inputs, tier, level, hour)) = next_merge(inner, upkeep.heads_since) {
        let name = SealedName { tier, level, hour, number: upkeep.number() };
        merge(inner, upkeep, now, &inputs, name)?;
    }
    Ok(())
}

/// Removes files whose newest is too old for their tier, once the clock may be believed.
pub(crate) fn remove_old(inner: &Inner, now: i64) -> Result<(), HistoryError> {
    if !inner.state().clock.is_steady() {
        return Ok(());
    }
    let files = inner.files();
    let is_old =
        |file: &Arc<SealedFile>| file.footer.last < now.saturating_sub(inner.settings.age(file.name.tier));
    for file in files.sealed.iter().filter(|file| is_old(file)) {
        // Late samples are held against those that came before, until they are rolled up, too.
        let is_needed = |part: &Arc<SealedFile>| part.is_part() && part.name.hour == file.name.hour;
        if file.name.tier == Tier::Full && files.sealed.iter().any(is_needed) {
            continue;
        }
        let stretch = files.stretch(file.name);
        if stretch.iter().all(is_old) {
            for file in &stretch {
                inner.state().remove_file(&file.path, file.name)?;
            }
        }
    }
    let oldest = now.saturating_sub(inner.settings.longest_age());
    inner.state().table.forget(oldest);
    Ok(())
}

type Merge = (Vec<Arc<SealedFile>>, Tier, u8, i64);

/// Files to be merged, and the tier, level and hour of their result.
fn next_merge(inner: &Inner, heads_since: i64) -> Option<Merge> {
    let files = inner.files();
    // The result stands beside its sources for a moment: it may not push out much.
    let fits = |files: &[Arc<SealedFile>]| {
        files.iter().map(|file| file.length).sum::<u64>() <= inner.settings.most_bytes() / 8
    };
    for tier in Tier::ALL {
        for (level, hours) in (0_u8..).zip(tier.periods()) {
            if tier == Tier::Full && level == 0 {
                continue;
            }
            let of_level = |hours: i64| {
                let mut groups: BTreeMap<i64, Vec<Arc<SealedFile>>> = BTreeMap::new();
                for file in
                    files.sealed.iter().filter(|file| file.name.tier == tier && file.name.level == level)
                {
                    groups.entry(file.name.hour.div_euclid(hours)).or_default().push(Arc::clone(file));
                }
                groups
            };
            for (place, mut group) in of_level(*hours) {
                keep_alike(&mut group);
                if group.len() >= CROWD && fits(&group) {
                    return Some((group, tier, level, place * hours));
                }
            }
            let Some(longer) = tier.periods().get(usize::from(level) + 1) else { continue };
            for (place, group) in of_level(*longer) {
                let is_over =
                    ((place + 1) * longer).saturating_mul(HOUR).saturating_add(GRACE) <= heads_since;
                let is_there = |file: &Arc<SealedFile>| {
                    let name = file.name;
                    name.tier == tier && name.level == level + 1 && name.hour == place * longer
                };
                let is_late = files.sealed.iter().any(is_there);
                if is_over && (!is_late || group.len() >= LATE) && fits(&group) {
                    return Some((group, tier, level + 1, place * longer));
                }
            }
        }
    }
    None
}

/// Leaves out files that are much larger than all smaller ones together: rewriting them for little is not worth it.
fn keep_alike(group: &mut Vec<Arc<SealedFile>>) {
    group.sort_by_key(|file| file.length);
    let mut smaller = 0;
    let mut kept = 0;
    for (place, file) in group.iter().enumerate() {
        if place > 0 && file.length > 2 * smaller {
            break;
        }
        smaller += file.length;
        kept = place + 1;
    }
    group.truncate(kept);
}

/// Merges files into one.
fn merge(
    inner: &Inner,
    upkeep: &mut Upkeep,
    now: i64,
    inputs: &[Arc<SealedFile>],
    name: SealedName,
) -> Result<(), HistoryError> {
    let files = inner.files();
    let is_input = |file: &Arc<SealedFile>| inputs.iter().any(|input| input.name == file.name);
    let mut beside = files.stretch(name);
    beside.retain(|file| !is_input(file));
    let mut writer = SealedWriter::begin(&inner.folder, name, now, inner)?;
    let mut readers = open_all(inputs)?;
    let step = name.tier.step();
    let (mut samples, mut buckets): (Vec<Sample>, Vec<Bucket>) = (Vec::new(), Vec::new());
    let mut joined = Vec::new();
    for id in all_series(&mut readers)? {
        samples.clear();
        buckets.clear();
        let mut resolution = Resolution::WHOLE;
        for reader in &mut readers {
            reader.chunks(id, |bytes| {
                let found = if name.tier == Tier::Full {
                    chunk::samples(bytes, &mut samples)
                } else {
                    chunk::buckets(bytes, step, &mut buckets)
                };
                resolution = resolution.max(found?);
                Some(())
            })?;
        }
        if name.tier == Tier::Full {
            settle(&mut samples);
            write_samples(&mut writer, id, &samples, resolution, Effort::Small)?;
        } else {
            buckets.sort_by_key(|bucket| bucket.start);
            of_buckets(&buckets, step, &mut joined);
            write_buckets(&mut writer, id, &joined, resolution)?;
        }
    }
    let mut pending = Pending::default();
    finish_writers(inner, [writer], &mut pending)?;
    inputs.iter().for_each(|input| pending.remove(input.name));
    decide_beside(inner, upkeep, pending, &beside)
}
