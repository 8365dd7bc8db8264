//! Collects one sample from the collectors of a tier.

use common::Sample;

use crate::hosts::{
    collect::{CollectFn, Detail, Readings},
    wall_clock::unix_millis,
};

/// Lets each of the collectors measure now.
pub(super) fn sample(collectors: &mut [CollectFn], detail: Detail) -> Sample {
    let mut readings = Readings::new(unix_millis(), detail);
    for collect in collectors {
        collect(&mut readings);
    }
    readings.into_sample()
}
