//! Readers on a slow disk.

use hdrhistogram::Histogram;

use crate::load::{
    measure::slow_disk::{DELAY, DiskRun, SlowDisk},
    stats::median,
};

/// The greatest factor on the readers' p99.
const SLOWER: f64 = 1.10;

/// Latencies of a run.
type LatenciesOf = fn(&DiskRun) -> &Histogram<u64>;

const READERS: [(&str, LatenciesOf); 2] = [
    ("pushed, of topics that are not stored", |run| &run.pushed),
    ("polls of the stored topic", |run| &run.polled),
];

/// A row of aims for each kind of reader.
pub(super) fn aims(all: &SlowDisk) -> impl Iterator<Item = (String, String, bool)> {
    READERS.into_iter().map(|(readers, of)| {
        let both =
            all.rounds.iter().map(|(usual, slow)| (DiskRun::p99_ms(of(usual)), DiskRun::p99_ms(of(slow))));
        let (usual, slow): (Vec<f64>, Vec<f64>) = both.unzip();
        // Not the median of the ratios: in one of them the machine may have held up either side.
        let ratio = median(&slow) / median(&usual);
        (
            format!("a slow disk raises the readers' p99 by at most 10 %: {readers}"),
            format!("{ratio:.2} times what it is on the disk as it is"),
            ratio <= SLOWER,
        )
    })
}

/// All figures.
pub(super) fn table(all: &SlowDisk) -> String {
    let mut text = format!(
        "Four publications a second on a stored topic, on the disk as it is and on one where each write and each sync of the journal takes {} ms \
         longer, by strace, which looks at the same calls in both. Meanwhile four labs publish 50 entries a second each, which are not stored, to 50 \
         WebSockets each, and four clients poll the stored topic a hundred times a second. A publication waits for its own write, and so \
         does its delivery.\n\n\
         | round | p99 ms pushed, usual disk | slow | p99 ms polled, usual | slow | p50 ms stored and pushed, usual | slow | lost, twice, out of order |\n\
         |---|---|---|---|---|---|---|---|\n",
        DELAY.as_millis(),
    );
    for (number, (usual, slow)) in all.rounds.iter().enumerate() {
        let mut faults = usual.faults();
        faults += slow.faults();
        text += &format!(
            "| {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {}, {}, {} |\n",
            number + 1,
            DiskRun::p99_ms(&usual.pushed),
            DiskRun::p99_ms(&slow.pushed),
            DiskRun::p99_ms(&usual.polled),
            DiskRun::p99_ms(&slow.polled),
            usual.stored.latency_ms(0.5),
            slow.stored.latency_ms(0.5),
            faults.lost,
            faults.duplicated,
            faults.out_of_order,
        );
    }
    text
}
