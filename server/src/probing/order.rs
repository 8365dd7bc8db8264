//! The probes that a server has an agent ask, as they travel.

use ::probe::ProbeSpec;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::answer::ProbeAnswer;

/// An agent asks at most so many probes.
pub(crate) const MOST_PROBES: usize = 100;
/// A list has at most so many bytes, so that the answer with it stays one that an agent reads.
const LIST_BYTES: usize = 160 << 10;
/// A probe's name has at most so many characters.
const NAME_CHARS: usize = 80;
/// The shortest and the longest time from one question to the next, milliseconds.
const INTERVAL_MS: std::ops::RangeInclusive<u64> = 1_000..=86_400_000;

/// The head of an agent's report as far as it is about probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct AgentProbing {
    /// The version of the list that it has; 0 for none.
    #[serde(default)]
    pub(crate) version: u64,
    /// True where its operator has turned probes off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) off: bool,
}

/// The probes that an agent is to ask: all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct ProbeList {
    /// A number of its content; 0 for the empty list.
    pub(crate) version: u64,
    /// The probes: `id`, `name`, `spec`, `interval_ms`, `parent`. An agent leaves out those that it cannot read.
    #[schema(value_type = Vec<Object>)]
    pub(crate) probes: Vec<Value>,
}

/// A probe that an agent is to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderedProbe {
    pub(crate) id: u64,
    /// Its name: others that hang on it tell it.
    pub(crate) name: String,
    pub(crate) spec: ProbeSpec,
    pub(crate) interval_ms: u64,
    /// The probe of the same agent that it hangs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<u64>,
}

/// An answer of a probe, as an agent reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ReportedProbe {
    /// The probe's number.
    pub(crate) id: u64,
    #[serde(flatten)]
    pub(crate) answer: ProbeAnswer,
}

impl OrderedProbe {
    /// Reads one that a server sends; none where it is none that this version asks.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let probe = Self::deserialize(value).ok()?;
        let is_sound = INTERVAL_MS.contains(&probe.interval_ms) && probe.name.chars().count() <= NAME_CHARS;
        is_sound.then_some(probe)
    }
}

impl ProbeList {
    /// The list of these probes, as far as they fit.
    pub(crate) fn of<'a>(probes: impl IntoIterator<Item = &'a OrderedProbe>) -> Self {
        let (mut list, mut bytes, mut digest) = (Self::default(), 0, Sha256::new());
        for probe in probes {
            let Ok(value) = serde_json::to_value(probe) else { continue };
            let text = value.to_string();
            bytes += text.len() + 1;
            if list.probes.len() == MOST_PROBES || bytes > LIST_BYTES {
                break;
            }
            digest.update(text.as_bytes());
            list.probes.push(value);
        }
        if !list.probes.is_empty() {
            // Numbers of JSON have 53 bits in every language.
            let first =
                digest.finalize().iter().take(6).fold(0, |number, byte| number << 8 | u64::from(*byte));
            list.version = first.max(1);
        }
        list
    }

    /// The numbers of its probes.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.probes.iter().filter_map(|probe| probe.get("id")?.as_u64())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ::probe::{HttpProbe, ProbeKind};
    use serde_json::json;

    use super::*;

    fn ordered(id: u64, keyword: &str) -> OrderedProbe {
        let keyword = Some(keyword.to_owned());
        let kind = ProbeKind::Http(HttpProbe { keyword, ..HttpProbe::of("https://a.example/") });
        let spec = ProbeSpec::new(kind, Duration::from_secs(1), 0).expect("a check");
        OrderedProbe { id, name: "a".to_owned(), spec, interval_ms: 1_000, parent: None }
    }

    #[test]
    fn a_version_is_that_of_the_content_and_lists_are_bounded() {
        assert_eq!(ProbeList::of([]), ProbeList::default());
        let [one, same, other] = [ordered(1, "x"), ordered(1, "x"), ordered(1, "y")];
        assert_eq!(ProbeList::of([&one]).version, ProbeList::of([&same]).version);
        assert_ne!(ProbeList::of([&one]).version, ProbeList::of([&other]).version);
        assert!(ProbeList::of([&one]).version < 1 << 53);
        let many: Vec<_> = (0..1_000).map(|id| ordered(id, "x")).collect();
        assert_eq!(ProbeList::of(&many).probes.len(), MOST_PROBES);
        let long: Vec<_> = (0..100).map(|id| ordered(id, &"\u{1}".repeat(2_000))).collect();
        let list = ProbeList::of(&long);
        let bytes = serde_json::to_string(&list).expect("JSON").len();
        assert!(list.probes.len() > 5 && bytes < LIST_BYTES + 100, "{} {bytes}", list.probes.len());
        assert_eq!(list.numbers().last(), Some(list.probes.len() as u64 - 1));
    }

    #[test]
    fn a_probe_is_read_as_it_was_written_and_what_makes_no_sense_is_none() {
        let value = serde_json::to_value(ordered(3, "x")).expect("JSON");
        assert_eq!(OrderedProbe::read(&value), Some(ordered(3, "x")));
        let with = |name: &str, new: Value| {
            let mut value = value.clone();
            value[name] = new;
            OrderedProbe::read(&value)
        };
        assert!(with("of_a_later_version", json!(1)).is_some());
        assert_eq!(with("interval_ms", json!(1)), None);
        assert_eq!(with("name", json!("x".repeat(81))), None);
        assert_eq!(
            with("spec", json!({"kind": {"type": "exec", "command": "id"}, "timeout_ms": 1000})),
            None
        );
        assert_eq!(
            with("spec", json!({"kind": {"type": "http", "url": "file:///etc/passwd"}, "timeout_ms": 1000})),
            None
        );
    }
}
