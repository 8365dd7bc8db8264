//! Reads the entries of the topic: first what each is, then the rest as that. Serde's own reader of such an enum keeps all it has read
//! until it knows, which is a third of this page's code.

use common::container::{ContainerInfo, ContainerNews};
use serde::Deserialize;

/// An entry, as far as most of them go.
#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    name: String,
    #[serde(default)]
    id: String,
    container: Option<ContainerInfo>,
    #[serde(default)]
    from_ms: u64,
    #[serde(default)]
    until_ms: u64,
}

/// Reads an entry; nothing where it is none that this page knows.
pub(super) fn news(text: &str) -> Option<ContainerNews> {
    let entry: Entry = serde_json::from_str(text).ok()?;
    Some(match &*entry.name {
        "event" => ContainerNews::Event(serde_json::from_str(text).ok()?),
        "engine" => ContainerNews::Engine(serde_json::from_str(text).ok()?),
        "changed" => ContainerNews::Changed { container: entry.container? },
        "gone" => ContainerNews::Gone { id: entry.id },
        "listed" => ContainerNews::Listed,
        "unknown" => {
            let Entry { from_ms, until_ms, .. } = entry;
            // The page says it in the reader's language.
            ContainerNews::Unknown { from_ms, until_ms, why: String::new() }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use common::container::{ContainerEvent, EngineState, EngineStatus, Happening};

    use super::*;

    #[test]
    fn every_entry_is_read_as_the_server_writes_it() {
        let container = || ContainerInfo { id: "a".into(), name: "web".into(), ..ContainerInfo::default() };
        let event = ContainerEvent {
            at_ms: 5,
            time: "0.005000000".into(),
            id: "a".into(),
            name: "web".into(),
            image: "bb".into(),
            what: Happening::Ended,
            exit_code: Some(3),
            signal: None,
            old_name: None,
            is_late: true,
            container: Some(container()),
        };
        let engine =
            EngineStatus { state: EngineState::Away, since_ms: 5, product: None, why: Some("gone".into()) };
        for one in [
            ContainerNews::Event(event),
            ContainerNews::Changed { container: container() },
            ContainerNews::Gone { id: "a".into() },
            ContainerNews::Listed,
            ContainerNews::Engine(engine),
            ContainerNews::Unknown { from_ms: 1, until_ms: 9, why: String::new() },
        ] {
            let text = serde_json::to_string(&one).expect("JSON");
            assert_eq!(news(&text), Some(one), "{text}");
        }
        for text in ["", "null", "{}", r#"{"type":"later"}"#, r#"{"type":"event"}"#, r#"{"type":"changed"}"#]
        {
            assert_eq!(news(text), None, "{text}");
        }
    }
}
