//! Spreads a recording over hosts: each begins at another moment of it, and goes through its phases in another order.

use crate::{
    proc::METRICS,
    random::Random,
    record::{PHASES, Recording},
};

/// The numbers of one host.
#[derive(Debug)]
pub(crate) struct Host {
    begin: usize,
    phases: [usize; PHASES],
}

/// A series of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeriesName {
    pub(crate) host: String,
    pub(crate) metric: &'static str,
    pub(crate) label: &'static str,
    pub(crate) decimals: u8,
}

impl Host {
    /// Hosts of a seed.
    pub(crate) fn all(count: usize, recording: &Recording) -> Vec<Self> {
        let mut random = Random::new(20_261_130);
        let mut host = |_| {
            let begin = random.below(recording.seconds() as u64) as usize;
            let mut phases = std::array::from_fn(|phase| phase);
            for index in (1..PHASES).rev() {
                phases.swap(index, random.below(index as u64 + 1) as usize);
            }
            Self { begin, phases }
        };
        (0..count).map(&mut host).collect()
    }

    /// The values of its series at a step.
    pub(crate) fn values<'a>(&self, recording: &'a Recording, step: usize) -> &'a [f64] {
        let at = self.begin + step;
        let seconds = recording.seconds();
        recording.row(at % seconds, self.phases[at / seconds % PHASES])
    }
}

/// The series of hosts, in the order of their values.
pub(crate) fn names(hosts: usize) -> Vec<SeriesName> {
    let of_host = |host| {
        METRICS.map(|(metric, label, decimals)| SeriesName {
            host: format!("host-{host:03}"),
            metric,
            label,
            decimals,
        })
    };
    (0..hosts).flat_map(of_host).collect()
}
