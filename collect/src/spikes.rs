//! Tells when a resource runs short, so that whoever uses it is looked for at that moment and not half a minute later.

use std::time::{Duration, Instant};

use common::{
    Sample,
    sample::{Process, Processes},
    spike::{Spike, SpikeResource},
};
use parking_lot::Mutex;

/// A spike begins when a resource was above its limit for so many rounds, and is over when it was well below for as many: at the usual
/// pace that is a second and a half.
const ROUNDS: u32 = 3;
/// Well below a limit, percent of the resource.
const BELOW: f64 = 10.0;
/// While it lasts, programs are looked at so long after its beginning, and each hour after the last of these.
const LOOKS: [Duration; 4] =
    [Duration::ZERO, Duration::from_secs(60), Duration::from_secs(5 * 60), Duration::from_secs(30 * 60)];
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The resources that are watched, for the thread that measures them and the one that looks at programs.
#[derive(Debug, Default)]
pub(crate) struct SpikeWatch(Mutex<[ResourceWatch; SpikeResource::ALL.len()]>);

#[derive(Debug, Default)]
struct ResourceWatch {
    /// The rounds that said otherwise than what is known.
    against: u32,
    /// The spike that goes on.
    spike: Option<CurrentSpike>,
}

#[derive(Debug, Clone, Copy)]
struct CurrentSpike {
    since: Instant,
    since_ms: u64,
    value: f64,
    /// The number of looks that were told.
    looks: u32,
}

/// A spike that wants a look at the programs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DueLook {
    resource: SpikeResource,
    since_ms: u64,
    value: f64,
}

impl SpikeWatch {
    /// Takes what a round has measured.
    pub(crate) fn note(&self, sample: &Sample, now: Instant) {
        let mut watches = self.0.lock();
        for (watch, resource) in watches.iter_mut().zip(SpikeResource::ALL) {
            if let Some(value) = sample.value(metric(resource)) {
                watch.note(value, limit(resource), now, sample.at);
            }
        }
    }

    /// Returns the spikes that want a look now.
    pub(crate) fn due(&self, now: Instant) -> Vec<DueLook> {
        let watches = self.0.lock();
        let due = watches.iter().zip(SpikeResource::ALL).filter_map(|(watch, resource)| {
            let spike = watch.spike.filter(|spike| spike.is_due(now))?;
            Some(DueLook { resource, since_ms: spike.since_ms, value: spike.value })
        });
        due.collect()
    }

    /// Takes note that the programs were looked at.
    pub(crate) fn looked(&self, look: DueLook) {
        for (watch, resource) in self.0.lock().iter_mut().zip(SpikeResource::ALL) {
            if let Some(spike) = &mut watch.spike
                && resource == look.resource
                && spike.since_ms == look.since_ms
            {
                spike.looks += 1;
            }
        }
    }
}

impl ResourceWatch {
    fn note(&mut self, value: f64, limit: f64, now: Instant, at: u64) {
        let is_against = match &mut self.spike {
            Some(spike) => {
                spike.value = value;
                value < limit - BELOW
            }
            None => value >= limit,
        };
        self.against = if is_against { self.against + 1 } else { 0 };
        if self.against == ROUNDS {
            self.against = 0;
            self.spike = match self.spike {
                Some(_) => None,
                None => Some(CurrentSpike { since: now, since_ms: at, value, looks: 0 }),
            };
        }
    }
}

impl CurrentSpike {
    fn is_due(&self, now: Instant) -> bool {
        let after = match LOOKS.get(self.looks as usize) {
            Some(after) => *after,
            None => HOUR * (self.looks - LOOKS.len() as u32 + 1),
        };
        now >= self.since + after
    }
}

impl DueLook {
    /// Makes the entry that is told of it, with the programs of this moment.
    pub(crate) fn spike(self, processes: &Processes) -> Spike {
        let ranked: &[Process] = match self.resource {
            SpikeResource::Cpu => &processes.by_cpu,
            SpikeResource::Memory => &processes.by_memory,
        };
        let programs = ranked.iter().take(Spike::PROGRAMS).cloned().collect();
        Spike {
            at: processes.at,
            since: self.since_ms.min(processes.at),
            resource: self.resource,
            value: self.value,
            programs,
        }
    }
}

fn metric(resource: SpikeResource) -> &'static str {
    match resource {
        SpikeResource::Cpu => "cpu.total",
        SpikeResource::Memory => "memory.percent",
    }
}

/// The share from which on a resource is short, percent.
fn limit(resource: SpikeResource) -> f64 {
    match resource {
        SpikeResource::Cpu => 80.0,
        SpikeResource::Memory => 90.0,
    }
}

#[cfg(test)]
mod tests {
    use common::series::SeriesKey;

    use super::*;

    const ROUND: Duration = Duration::from_millis(500);

    struct Rounds {
        watch: SpikeWatch,
        now: Instant,
        at: u64,
    }

    impl Rounds {
        fn new() -> Self {
            Self { watch: SpikeWatch::default(), now: Instant::now(), at: 1_796_000_000_000 }
        }

        fn pass(&mut self, cpu: Option<f64>, rounds: u32) {
            for _ in 0..rounds {
                self.now += ROUND;
                self.at += 500;
                let mut sample = Sample { at: self.at, ..Sample::default() };
                if let Some(cpu) = cpu {
                    sample.values.insert(SeriesKey::of("cpu.total"), cpu);
                }
                self.watch.note(&sample, self.now);
            }
        }

        fn due(&self) -> Vec<DueLook> {
            self.watch.due(self.now)
        }
    }

    #[test]
    fn a_spike_begins_after_three_rounds_and_one_round_is_none() {
        let mut rounds = Rounds::new();
        for cpu in [Some(100.0), None, Some(79.9), Some(80.0)] {
            rounds.pass(cpu, 1);
        }
        rounds.pass(Some(90.0), 1);
        assert_eq!(rounds.due(), []);
        rounds.pass(Some(99.0), 1);
        let due = rounds.due();
        let since_ms = rounds.at;
        assert_eq!(due, [DueLook { resource: SpikeResource::Cpu, since_ms, value: 99.0 }]);
        // It waits for its look as long as it lasts.
        rounds.pass(Some(70.0), 40);
        assert_eq!(rounds.due().len(), 1);
        rounds.pass(Some(69.0), 3);
        assert_eq!(rounds.due(), []);
    }

    #[test]
    fn a_long_spike_is_looked_at_less_and_less_often() {
        let mut rounds = Rounds::new();
        let mut looks = Vec::new();
        rounds.pass(Some(95.0), 3);
        let began = rounds.now;
        while rounds.now < began + 4 * HOUR {
            for look in rounds.due() {
                rounds.watch.looked(look);
                looks.push((rounds.now - began).as_secs());
            }
            assert_eq!(rounds.due(), [], "one look is enough for now");
            rounds.pass(Some(95.0), 1);
        }
        assert_eq!(looks, [0, 60, 300, 1_800, 3_600, 7_200, 10_800]);
    }

    #[test]
    fn a_look_that_came_after_the_end_is_none_of_the_next_spike() {
        let mut rounds = Rounds::new();
        rounds.pass(Some(95.0), 3);
        let [first] = rounds.due()[..] else { panic!("one spike") };
        rounds.pass(Some(5.0), 3);
        rounds.pass(Some(95.0), 3);
        rounds.watch.looked(first);
        assert_eq!(rounds.due().len(), 1, "nobody has looked at the second one");
    }

    #[test]
    fn it_names_the_programs_that_use_the_resource() {
        let program = |name: &str| Process { name: name.to_owned(), ..Process::default() };
        let processes = Processes {
            at: 2_000,
            count: 9,
            by_cpu: (0..9).map(|number| program(&format!("busy {number}"))).collect(),
            by_memory: vec![program("large")],
        };
        let look = |resource| DueLook { resource, since_ms: 1_500, value: 91.0 }.spike(&processes);
        let [cpu, memory] = SpikeResource::ALL.map(look);
        assert_eq!((cpu.programs.len(), &*cpu.programs[0].name), (Spike::PROGRAMS, "busy 0"));
        assert_eq!((memory.programs.len(), &*memory.programs[0].name), (1, "large"));
        assert_eq!((cpu.at, cpu.since), (2_000, 1_500));
    }
}
