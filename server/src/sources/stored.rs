//! The sources of one kind as the store has them, and what runs for each.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use parking_lot::RwLock;
use store::{Source, SourceKind, StoreError};
use tokio::time::sleep;

use super::context::SourceContext;

/// The store is read at this pace: another node, or the command line, may have changed it.
const EVERY: Duration = Duration::from_secs(10);

/// A source that runs for as long as it is kept.
pub(super) trait RunningSource: Send + Sync + Sized + 'static {
    /// The kind of source that it runs.
    const KIND: SourceKind;
    /// Its word in the audit log.
    const WORD: &'static str;

    /// Begins to run.
    fn begin(row: Source, all: &StoredSources<Self>) -> Self;

    /// The source, as it was when this began.
    fn row(&self) -> &Source;

    /// Told when all run that the store has.
    fn all_run(_context: &SourceContext) {}
}

/// The sources of one kind; cheap to clone.
pub(super) struct StoredSources<T>(Arc<SourceList<T>>);

struct SourceList<T> {
    context: SourceContext,
    running: RwLock<BTreeMap<u64, Arc<T>>>,
    /// One reads the store at a time: what was read earlier is not entered later.
    reading: tokio::sync::Mutex<()>,
}

impl<T> Clone for StoredSources<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Empties the list when the server stops: each source that runs knows the list that it stands in.
struct EndOnDrop<'a, T>(&'a StoredSources<T>);

impl<T> Drop for EndOnDrop<'_, T> {
    fn drop(&mut self) {
        self.0.0.running.write().clear();
    }
}

impl<T: RunningSource> StoredSources<T> {
    pub(super) fn new(context: SourceContext) -> Self {
        Self(Arc::new(SourceList {
            context,
            running: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
        }))
    }

    pub(super) fn context(&self) -> &SourceContext {
        &self.0.context
    }

    /// Finds one by its number.
    pub(super) fn find(&self, number: u64) -> Option<Arc<T>> {
        self.0.running.read().get(&number).cloned()
    }

    /// Returns all of them, by name.
    pub(super) fn all(&self) -> Vec<Arc<T>> {
        let mut all: Vec<_> = self.0.running.read().values().cloned().collect();
        all.sort_by(|one, other| one.row().name.cmp(&other.row().name));
        all
    }

    /// Follows the store, for ever.
    pub(super) async fn follow(self) {
        let _all_end = EndOnDrop(&self);
        loop {
            if let Err(error) = self.read_store().await {
                tracing::warn!(%error, kind = %T::KIND, "the sources in the store could not be read");
            }
            sleep(EVERY).await;
        }
    }

    /// Takes over what the store has: those that are new begin, those that were changed begin anew, and those that are gone end.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn read_store(&self) -> Result<(), StoreError> {
        let _alone = self.0.reading.lock().await;
        let rows = self.0.context.store().sources().all().await?;
        let rows: BTreeMap<u64, Source> =
            rows.into_iter().filter(|row| row.kind == T::KIND).map(|row| (row.id.0, row)).collect();
        let mut running = self.0.running.write();
        running.retain(|number, one| rows.get(number) == Some(one.row()));
        for (number, row) in rows {
            running.entry(number).or_insert_with(|| Arc::new(T::begin(row, self)));
        }
        T::all_run(&self.0.context);
        Ok(())
    }
}
