use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ContainerEvent, EngineEvent, EventError, Happening, Seen, Signal, parse_event, parse_keyed};
use crate::{container::Health, ends::EndCause};

fn recorded(file: &str) -> Vec<ContainerEvent> {
    let all: Vec<Value> = serde_json::from_str(file).unwrap();
    let events = all.iter().filter_map(|event| parse_event(event.to_string().as_bytes()).unwrap());
    events
        .map(|event| match event {
            EngineEvent::Container(event) => event,
            EngineEvent::ImagePulled { .. } => panic!("none was recorded"),
        })
        .collect()
}

fn words(events: &[ContainerEvent]) -> Vec<&Happening> {
    events.iter().map(|event| &event.what).collect()
}

fn ended(code: i64) -> Happening {
    let (exit_code, signal) = (Some(code), Signal::of_exit_code(code));
    Happening::Ended { exit_code, signal, seen: Seen::Event, cause: EndCause::Untold }
}

fn killed(signal: u8) -> Happening {
    Happening::Killed { signal: Some(Signal(signal)) }
}

#[test]
fn recorded_events_of_docker_are_read() {
    let events = recorded(include_str!("../../fixtures/docker-26.1-events.json"));
    let wanted = [
        &Happening::Created,
        &Happening::Started,
        &Happening::Health(Health::Unhealthy),
        &Happening::OutOfMemory,
        &ended(137),
        &Happening::Removed,
        &Happening::Paused,
        &Happening::Unpaused,
        &Happening::Renamed { from: Some("web-1".to_owned()) },
        &Happening::Updated,
        &killed(15),
        &killed(9),
        &Happening::Stopped,
        &Happening::Restarted,
        &killed(9),
    ];
    assert_eq!(words(&events), wanted);
    let die = &events[4];
    assert_eq!((die.name.as_str(), die.image.as_str()), ("q21", "bb:latest"));
    assert_eq!(die.time.0, 1_795_830_909_751_064_456, "to the nanosecond");
    let health = recorded(include_str!("../../fixtures/docker-26.1-health-events.json"));
    assert_eq!(words(&health), [&Happening::Health(Health::Unhealthy), &Happening::Health(Health::Healthy)]);
}

#[test]
fn recorded_events_of_podman_are_read() {
    for file in [
        include_str!("../../fixtures/podman-4.3-events.json"),
        include_str!("../../fixtures/podman-5.8-events.json"),
    ] {
        let events = recorded(file);
        let words = words(&events);
        let no_signal = Happening::Killed { signal: None };
        for wanted in [
            &Happening::Created,
            &Happening::Started,
            &Happening::Renamed { from: None },
            &Happening::Restarted,
            &ended(137),
            &no_signal,
            &Happening::Removed,
        ] {
            assert_eq!(words.iter().filter(|word| **word == wanted).count(), 1, "{wanted:?}");
        }
        let health: Vec<_> = words.iter().filter(|word| matches!(word, Happening::Health(_))).collect();
        let order = [Health::Starting, Health::Unhealthy, Health::Healthy].map(Happening::Health);
        assert_eq!(health, order.iter().collect::<Vec<_>>().iter().collect::<Vec<_>>());
    }
}

#[test]
fn images_and_events_of_other_types_are_told_apart() {
    let event = |value: Value| parse_event(value.to_string().as_bytes());
    let pulled = event(
        json!({"Type": "image", "Action": "pull", "Actor": {"ID": "bb:latest", "Attributes": {"name": "bb"}}, "timeNano": 5}),
    );
    assert!(matches!(pulled, Ok(Some(EngineEvent::ImagePulled { image, .. })) if image == "bb"));
    for other in ["network", "volume", "plugin", "daemon", "molten"] {
        assert_eq!(event(json!({"Type": other, "Action": "connect", "timeNano": 5})), Ok(None));
    }
    let id = "c2124fc163a1911ccdaa06d4faae5bf8aea14f2b6c435a4a5f51d8507c58b93e";
    let of = |action: &str| {
        event(json!({"Type": "container", "Action": action, "Actor": {"ID": id}, "timeNano": 5}))
    };
    for other in
        ["exec_create: sh -c 'secret'", "exec_die", "exec", "attach", "init", "cleanup", "top", "molten", ""]
    {
        assert_eq!(of(other), Ok(None), "{other}");
    }
    assert_eq!(of("health_status: none"), Ok(None));
    let keyed = parse_keyed(
        json!({"Action": "exec_start: x --password y", "Actor": {"ID": id}, "time": 7})
            .to_string()
            .as_bytes(),
    );
    assert_eq!(keyed.unwrap().key.2, "exec_start", "no command line is kept");
}

#[test]
fn what_is_no_event_is_an_error_and_extremes_are_read() {
    for bad in [&b""[..], b"[]", b"7", b"{", b"\xff", b"null"] {
        assert_eq!(parse_event(bad), Err(EventError::Json));
    }
    let event = |value: Value| parse_event(value.to_string().as_bytes());
    assert_eq!(event(json!({"Type": "container", "Action": "die"})), Err(EventError::Incomplete));
    assert_eq!(
        event(json!({"Action": "die", "Actor": {"ID": "../x"}, "timeNano": 1})),
        Err(EventError::Incomplete)
    );
    assert_eq!(event(json!({"Action": "die", "timeNano": -1, "time": 1.5})), Err(EventError::Incomplete));
    let id = "c2124fc163a1";
    let die = |code: &str| {
        event(
            json!({"Action": "die", "id": id, "timeNano": u64::MAX, "Actor": {"Attributes": {"exitCode": code}}}),
        )
    };
    let codes = [
        ("0", None),
        ("137", Some(9)),
        ("128", None),
        ("255", None),
        ("-9223372036854775808", None),
        ("9223372036854775807", None),
    ];
    for (code, signal) in codes {
        let Ok(Some(EngineEvent::Container(event))) = die(code) else { panic!("{code}") };
        assert_eq!(event.time.0, u64::MAX);
        assert!(
            matches!(event.what, Happening::Ended { exit_code: Some(_), signal: found, .. } if found == signal.map(Signal))
        );
    }
    assert!(
        matches!(die("x"), Ok(Some(EngineEvent::Container(event))) if matches!(event.what, Happening::Ended { exit_code: None, signal: None, .. }))
    );
}

#[test]
fn signals_are_read_by_number_and_by_name() {
    for text in ["15", "SIGTERM", "TERM"] {
        assert_eq!(Signal::parse(text), Some(Signal(15)));
    }
    for text in ["0", "65", "-9", "", "SIGMOLTEN"] {
        assert_eq!(Signal::parse(text), None);
    }
    assert_eq!(
        (Signal(9).to_string(), Signal(40).to_string()),
        ("SIGKILL".to_owned(), "signal 40".to_owned())
    );
    assert_eq!(Signal::of_exit_code(i64::MIN + 128), None);
}

proptest! {
    #[test]
    fn no_line_makes_the_parser_panic(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_event(&line);
    }

    #[test]
    fn no_object_makes_the_parser_panic(action in ".{0,40}", id in "[0-9a-f]{0,70}", time in any::<u64>(), code in ".{0,8}") {
        let event = json!({"Type": "container", "Action": action, "Actor": {"ID": id, "Attributes": {"exitCode": code, "signal": code}}, "timeNano": time});
        if let Ok(Some(EngineEvent::Container(event))) = parse_event(event.to_string().as_bytes()) {
            prop_assert_eq!(event.time.0, time);
            prop_assert_eq!(event.id.as_str(), id);
        }
    }
}
