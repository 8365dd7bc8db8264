//! Collects one sample from the collectors of a tier.

use common::{Sample, host::Names};

use crate::collectors::{CollectFn, Detail, Readings};

/// Lets each of the collectors measure now, which is `at`, milliseconds since 1970. With the sample come the names of its labels.
pub(super) fn sample(collectors: &mut [CollectFn], detail: Detail, at: u64) -> (Sample, Names) {
    let mut readings = Readings::new(at, detail);
    for collect in collectors {
        collect(&mut readings);
    }
    readings.into_parts()
}
