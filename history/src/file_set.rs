//! The sealed files that there are, and which of them goes first.

use std::{path::PathBuf, sync::Arc};

use crate::{folder::SealedName, sealed_file::SealedFile, tier::Tier};

/// The sealed files, as they are at one moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileSet {
    /// By tier, hour and number.
    pub(crate) sealed: Vec<Arc<SealedFile>>,
    /// Files that cannot be read, and their bytes.
    pub(crate) damaged: Vec<(PathBuf, u64)>,
}

impl FileSet {
    pub(crate) fn add(&mut self, file: Arc<SealedFile>) {
        self.sealed.push(file);
        self.sealed.sort_by_key(|file| (file.name.tier, file.name.hour, file.name.number));
    }

    pub(crate) fn remove(&mut self, name: SealedName) -> Option<Arc<SealedFile>> {
        let place = self.sealed.iter().position(|file| file.name == name)?;
        Some(self.sealed.remove(place))
    }

    /// Files of a tier that have something of a range, the oldest first.
    pub(crate) fn of(&self, tier: Tier, from: i64, to: i64) -> impl Iterator<Item = &Arc<SealedFile>> {
        self.sealed.iter().filter(move |file| file.name.tier == tier && file.overlaps(from, to))
    }

    /// A file, and all of its tier that have to go with it: those of the longest file that has its time. Alone, what came late to an hour would
    /// stand for the whole hour. That which is most goes last, also in a crash.
    pub(crate) fn stretch(&self, name: SealedName) -> Vec<Arc<SealedFile>> {
        let of_tier = || self.sealed.iter().filter(move |file| file.name.tier == name.tier);
        if let Some(part) = of_tier().find(|file| file.name == name && file.is_part()) {
            return vec![Arc::clone(part)];
        }
        let others = || of_tier().filter(|file| !file.is_part());
        let longest = others().filter(|file| file.name.covers(&name)).max_by_key(|file| file.name.hours());
        let longest = longest.map_or(name, |file| file.name);
        let mut all: Vec<_> = others().filter(|file| longest.covers(&file.name)).cloned().collect();
        all.sort_by_key(|file| (file.name.hours(), std::cmp::Reverse(file.name.number)));
        all
    }

    /// Reports that all of these are there still.
    pub(crate) fn has_all(&self, files: &[Arc<SealedFile>]) -> bool {
        files.iter().all(|file| self.sealed.iter().any(|other| other.name == file.name))
    }

    /// The earliest time of anything.
    pub(crate) fn first(&self) -> Option<i64> {
        self.sealed.iter().map(|file| file.footer.first).min()
    }

    /// The bytes of a tier.
    pub(crate) fn bytes(&self, tier: Tier) -> u64 {
        self.sealed.iter().filter(|file| file.name.tier == tier).map(|file| file.length).sum()
    }

    /// The file that goes when room is needed: of the finest tier that has more than its share the oldest; where none has, of the finest. Parts
    /// go last, since no tier has their samples. Full resolution pays for `other` bytes, those of files that are not sealed.
    pub(crate) fn oldest_of_finest(&self, most: u64, other: u64) -> Option<SealedName> {
        let of = |tier: Tier| {
            let files = self.sealed.iter().filter(move |file| file.name.tier == tier && !file.is_part());
            files.min_by_key(|file| file.footer.last).map(|file| file.name)
        };
        let is_over = |tier: &Tier| {
            let beside = if *tier == Tier::Full { other } else { 0 };
            self.bytes(*tier) + beside > most / 16 * tier.share()
        };
        let over = Tier::ALL.into_iter().filter(is_over).find_map(of);
        let parts = || self.sealed.iter().filter(|file| file.is_part()).min_by_key(|file| file.footer.last);
        over.or_else(|| Tier::ALL.into_iter().find_map(of)).or_else(|| parts().map(|file| file.name))
    }
}
