//! The engine's list of containers.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    container::{Container, Health, Limits, State},
    error::EngineError,
    id::ContainerId,
    json::Json,
    mask::mask_value,
    ports::{self, Port},
    text,
    time::EventTime,
};

/// The most labels that are kept of one container.
const MOST_LABELS: usize = 256;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedContainer {
    /// The whole id.
    pub id: ContainerId,
    /// The name, without the slash before it.
    pub name: String,
    /// The image, as it was asked for.
    pub image: String,
    /// The state.
    pub state: State,
    /// The health, where the list tells it: Docker writes it into `Status`, Podman nowhere.
    pub health: Option<Health>,
    /// The time at which it was made, to the second.
    pub created: Option<EventTime>,
    /// The ports.
    pub ports: Vec<Port>,
    /// The labels, with secrets masked.
    pub labels: BTreeMap<String, String>,
}

impl ListedContainer {
    /// The container, as far as the list tells.
    #[must_use]
    pub fn to_container(&self) -> Container {
        Container {
            id: self.id.clone(),
            name: self.name.clone(),
            image: self.image.clone(),
            state: self.state.clone(),
            health: self.health.clone(),
            exit_code: None,
            oom_killed: false,
            error: None,
            restart_count: None,
            created: self.created,
            started_at: None,
            finished_at: None,
            ports: self.ports.clone(),
            labels: self.labels.clone(),
            pid: None,
            limits: Limits::default(),
            tty: false,
        }
    }
}

/// Reads a list. A row without an id is left out.
///
/// # Errors
/// When the body is no list.
pub fn parse_list(body: &[u8]) -> Result<Vec<ListedContainer>, EngineError> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| EngineError::malformed(error.to_string()))?;
    if !value.is_array() {
        return Err(EngineError::malformed("the list of containers is no list"));
    }
    Ok(Json(Some(&value)).elements().filter_map(row).collect())
}

fn row(json: Json<'_>) -> Option<ListedContainer> {
    let status = json.get("Status").text().unwrap_or_default();
    let name = json.get("Names").elements().find_map(Json::word).unwrap_or_default();
    Some(ListedContainer {
        id: json.any(&["Id", "ID"]).text()?.parse().ok()?,
        name: plain_name(name),
        image: text::clean(json.get("Image").text().unwrap_or_default(), text::REFERENCE),
        state: State::parse(json.get("State").text().unwrap_or_default()),
        health: health_of(status),
        created: json.get("Created").u64().map(EventTime::from_seconds),
        ports: ports::listed(json.get("Ports")),
        labels: labels(json.get("Labels")),
    })
}

/// A name without the slash that engines write before it.
pub(crate) fn plain_name(name: &str) -> String {
    text::clean(name.strip_prefix('/').unwrap_or(name), text::NAME)
}

/// Labels, each with a bound, and with secrets masked.
pub(crate) fn labels(labels: Json<'_>) -> BTreeMap<String, String> {
    let labels = labels.members().take(MOST_LABELS);
    labels
        .map(|(name, value)| {
            let value = mask_value(name, value.text().unwrap_or_default());
            (text::clean(name, text::NAME), text::clean(&value, text::VALUE))
        })
        .collect()
}

/// Reads Docker's `Up 3 seconds (healthy)` and `Up 3 seconds (health: starting)`. `(Paused)` is no health.
fn health_of(status: &str) -> Option<Health> {
    let word = status.strip_suffix(')')?.rsplit_once('(')?.1;
    let word = word.strip_prefix("health: ").unwrap_or(word);
    Health::parse(word).filter(|health| !matches!(health, Health::Other(_)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::parse_list;
    use crate::container::{Health, State};

    fn parse(value: &Value) -> Vec<super::ListedContainer> {
        parse_list(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn recorded_lists_are_read() {
        let recorded: Value = serde_json::from_str(include_str!("../fixtures/list.json")).unwrap();
        let of = |name: &str| parse(&recorded[name]).remove(0);
        let cases = [
            ("docker 26.1 running", "web-1", "bb:latest", State::Running),
            ("docker 26.1 paused", "web-1", "bb:latest", State::Paused),
            ("docker 26.1 exited", "web-2", "bb:latest", State::Exited),
            ("docker 26.1 created", "never", "bb:latest", State::Created),
            ("podman 5.8 running", "web-1", "docker.io/library/bb:latest", State::Running),
            ("podman 4.3 running", "web-1", "docker.io/library/bb:latest", State::Running),
        ];
        for (fixture, name, image, state) in cases {
            let listed = of(fixture);
            assert_eq!(
                (listed.name.as_str(), listed.image.as_str(), &listed.state),
                (name, image, &state),
                "{fixture}"
            );
            assert_eq!((listed.health.as_ref(), listed.ports.len()), (None, 0), "{fixture}");
            assert_eq!(listed.to_container().created, listed.created);
        }
        assert_eq!(of("docker 26.1 running").created.unwrap().seconds(), 1_795_830_550);
        assert_eq!(of("docker 26.1 running").labels["app"], "web");
    }

    #[test]
    fn health_stands_in_dockers_status() {
        let id = "474c3790ec9e152ae1dd78b6977a9e53b73a8a15aefc3068c032d488979caeaf";
        let health =
            |status: &str| parse(&json!([{"Id": id, "State": "running", "Status": status}])).remove(0).health;
        assert_eq!(health("Up 3 seconds (healthy)"), Some(Health::Healthy));
        assert_eq!(health("Up 3 seconds (unhealthy)"), Some(Health::Unhealthy));
        assert_eq!(health("Up 3 seconds (health: starting)"), Some(Health::Starting));
        for none in
            ["Up 3 seconds", "Up 6 seconds (Paused)", "Exited (137) 2 seconds ago", "Exited (0)", "", ")"]
        {
            assert_eq!(health(none), None, "{none}");
        }
    }

    #[test]
    fn podmans_stopped_and_unknown_words_do_not_fail_the_list() {
        let id = "474c3790ec9e152ae1dd78b6977a9e53b73a8a15aefc3068c032d488979caeaf";
        let rows = parse(&json!([
            {"Id": id, "State": "stopped", "Names": null, "Labels": {"DB_PASSWORD": "x", "n": 3}, "Created": -1},
            {"Id": id, "State": "molten", "Names": ["/a\u{1b}[2J"]},
            {"Id": "../../etc"}, {"Id": 7}, null, 5
        ]));
        assert_eq!(rows.len(), 2);
        assert!(rows[0].state.is_ended());
        assert_eq!((rows[0].labels["DB_PASSWORD"].as_str(), rows[0].labels["n"].as_str()), ("***", ""));
        assert_eq!(rows[0].created, None);
        assert_eq!(rows[1].state, State::Other("molten".to_owned()));
        assert_eq!(rows[1].name, "a\u{fffd}[2J");
        for bad in [&b""[..], b"{}", b"[", b"\xff\xfe", br#"{"message":"x"}"#] {
            assert!(parse_list(bad).is_err());
        }
        assert!(parse_list("[".repeat(100_000).as_bytes()).is_err(), "depth has a bound");
    }
}
