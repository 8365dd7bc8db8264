//! A machine that is watched.

use std::fmt;

use serde::{
    Deserialize, Serialize,
    de::{MapAccess, Visitor},
};

use crate::{Cursor, Sample, Topic, history::History, sample::Processes, serde_str};

/// The name of a host in topics and addresses: one topic segment. The machine the server runs on is `local`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostId(String);

serde_str::checked_text!(HostId);

/// A text that cannot name a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot name a host: 1 to 64 of a-z, 0-9, '_', '.' and '-'")]
pub struct BadHostId(String);

impl HostId {
    /// The machine the server runs on.
    #[must_use]
    pub fn local() -> Self {
        Self("local".to_owned())
    }

    /// CPU, memory and disk, every [`HostInfo::fast_ms`]: a [`Sample`].
    #[must_use]
    pub fn metrics_topic(&self) -> Topic {
        self.topic("metrics")
    }

    /// All the rest that is measured, every [`HostInfo::slow_ms`]: a [`Sample`].
    #[must_use]
    pub fn system_topic(&self) -> Topic {
        self.topic("system")
    }

    /// The busiest programs, every [`HostInfo::slow_ms`]: [`Processes`].
    #[must_use]
    pub fn processes_topic(&self) -> Topic {
        self.topic("processes")
    }

    /// The programs that were busy while there was much to do: [`Spike`](crate::spike::Spike).
    #[must_use]
    pub fn spikes_topic(&self) -> Topic {
        self.topic("spikes")
    }

    /// CPU, memory and disk as `{"data":[cpu,mem,disk]}`, percent: the simplest form.
    #[must_use]
    pub fn bare_topic(&self) -> Topic {
        self.topic("cpumemdisk")
    }

    fn topic(&self, kind: &str) -> Topic {
        format!("host/{}/{kind}", self.0).parse().expect("a host id is one topic segment")
    }
}

impl std::str::FromStr for HostId {
    type Err = BadHostId;

    fn from_str(text: &str) -> Result<Self, BadHostId> {
        let one_segment = !text.contains('/') && text.parse::<Topic>().is_ok();
        if one_segment { Ok(Self(text.to_owned())) } else { Err(BadHostId(text.chars().take(80).collect())) }
    }
}

/// The facts about a host that do not change while it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostInfo {
    /// Its name here.
    pub id: HostId,
    /// The host's own name.
    pub hostname: String,
    /// Operating system and version, where known.
    pub os: Option<String>,
    /// Kernel version, where known.
    pub kernel: Option<String>,
    /// The processor's name, where known.
    pub cpu_model: Option<String>,
    /// The number of logical cores.
    pub cores: usize,
    /// The interval of measuring CPU, memory and disk while someone watches, milliseconds.
    pub fast_ms: u32,
    /// The interval of measuring the rest while someone watches, milliseconds.
    pub slow_ms: u32,
}

impl HostInfo {
    /// Its name for people: the machine's own for the one that the server runs on, and for another one the name that it has here.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.id.0 == "local" { &self.hostname } else { &self.id.0 }
    }
}

/// Names for people, by the value of a label: an object on the wire.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Names(Vec<(String, String)>);

impl Names {
    /// Gives a label's value a name.
    pub fn insert(&mut self, label: String, name: String) {
        self.0.retain(|known| known.0 != label);
        self.0.push((label, name));
    }

    /// The name of a label's value, if it has one.
    #[must_use]
    pub fn get(&self, label: &str) -> Option<&str> {
        self.0.iter().find(|known| known.0 == label).map(|known| &*known.1)
    }

    /// Returns true if nothing has a name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Names {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(label, name)| (label, name)))
    }
}

/// By hand, since the page would pay for a map of its own.
impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names by label")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = Names::default();
                while let Some(label) = map.next_key()? {
                    names.0.push((label, map.next_value()?));
                }
                Ok(names)
            }
        }
        from.deserialize_map(Pairs)
    }
}

/// All that a page needs to show a host before the first live event: the server renders from it, and the browser
/// comes to life from the same copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HostSnapshot {
    /// Which machine.
    pub info: HostInfo,
    /// The place in the log that this copy stands for: go on from here.
    pub cursor: Cursor,
    /// The time at which it was taken, milliseconds since 1970.
    pub at: u64,
    /// The last sample of CPU, memory and disk.
    pub metrics: Option<Sample>,
    /// The last sample of the rest.
    pub system: Option<Sample>,
    /// The last list of programs.
    pub processes: Option<Processes>,
    /// Names for people of label values that are no reading: a sensor's, by the place of its device. All others are their own names.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub names: Names,
    /// The last five minutes.
    pub history: History,
}
