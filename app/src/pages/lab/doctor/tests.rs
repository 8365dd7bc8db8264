use common::{
    doctor::{ProbeReport, RequestLogEntry},
    frame::ByeReason,
};

use super::words::DoctorWords;
use super::{
    evidence::{CROWD, CROWD_MS, Evidence, ProbeResult},
    judge::{Check, Finding, ReportTexts, Verdict},
    remedies::Problem,
};
use crate::{
    i18n::{Language, Words},
    ports::{IdleProbe, Preflight, StreamProbe, WebSocketProbe},
};

fn judge(check: Check, seen: &Evidence) -> Finding {
    check.judge(seen, 7, ReportTexts(DoctorWords::of(Language::En), Words::of(Language::En)))
}

fn verdict(check: Check, seen: &Evidence) -> Verdict {
    judge(check, seen).verdict
}

fn arrival(path: &str, http: &str, upgrade: bool) -> RequestLogEntry {
    let upgrade = upgrade.then(|| "websocket".to_owned());
    let host = Some("board.example".to_owned());
    let method = "GET".to_owned();
    RequestLogEntry {
        method,
        path: path.into(),
        at: 0.0,
        http: http.into(),
        host,
        upgrade,
        via: None,
        marks: Vec::new(),
    }
}

fn probe_report(http: &str, tls: bool, arrivals: Vec<RequestLogEntry>) -> Option<ProbeReport> {
    let this = arrival("/api/v1/doctor", http, false);
    Some(ProbeReport {
        this,
        asker: None,
        arrivals,
        tls,
        listen: "127.0.0.1:3000".into(),
        heartbeat_ms: 15_000,
    })
}

fn way(id: &'static str, knock: Preflight) -> ProbeResult {
    ProbeResult { id, name: id, path: if id == "sse" { "/live/sse" } else { "/live/ws" }, knock }
}

/// The first piece is the server's first words, each other one a publication that is as late as the network.
fn streamed(pieces: &[f64]) -> Option<StreamProbe> {
    let beats = pieces.iter().skip(1).map(|at| (at + LAG_MS, *at)).collect();
    Some(StreamProbe {
        status: 200,
        pieces: pieces.to_vec(),
        beats,
        listened: 2_500.0,
        ..StreamProbe::default()
    })
}

const LAG_MS: f64 = 4.0;
/// One by one.
const FLOWS: [f64; 7] = [8.0, 210.0, 405.0, 600.0, 1_100.0, 1_800.0, 2_400.0];

/// Everything is as it should be, over HTTP/1.1 without a proxy.
fn healthy() -> Evidence {
    Evidence {
        host: "Board.example".into(),
        is_published: true,
        protocol: "http/1.1".into(),
        probe_report: probe_report("HTTP/1.1", false, vec![arrival("/live/sse", "HTTP/1.1", false)]),
        ways: Some(vec![way("websocket", Preflight::Answered(204)), way("sse", Preflight::Answered(204))]),
        socket: Some(WebSocketProbe::After(12.0)),
        stream: streamed(&FLOWS),
        long_stream: streamed(&FLOWS),
        crowd: Some((0..CROWD).map(|n| n as f64).collect()),
        clock: Some(Some((3.0, 1.0))),
        silence: Some(IdleProbe::Whole),
        ..Evidence::default()
    }
}

/// Moves the evidence to the server's own machine.
fn there(mut seen: Evidence) -> Evidence {
    if let Some(told) = &mut seen.probe_report {
        told.this.host = Some("localhost:3000".into());
    }
    seen
}

#[test]
fn what_is_well_is_accused_of_nothing() {
    for check in Check::ALL {
        let found = judge(check, &Evidence { host: "localhost:3000".into(), ..there(healthy()) });
        assert_eq!((found.verdict, found.problem), (Verdict::Well, None), "{check:?}: {}", found.evidence);
    }
}

#[test]
fn what_was_not_seen_yet_is_under_way_and_nothing_is_known_of_a_server_that_is_not_heard() {
    for check in Check::ALL {
        assert_eq!(verdict(check, &Evidence::default()), Verdict::Running, "{check:?}");
    }
    let seen = Evidence {
        is_unheard: true,
        ways: Some(vec![way("sse", Preflight::Cut)]),
        socket: Some(WebSocketProbe::Refused(3.0)),
        stream: Some(StreamProbe { listened: 2_500.0, ..StreamProbe::default() }),
        long_stream: Some(StreamProbe::default()),
        crowd: Some(Vec::new()),
        clock: Some(None),
        silence: Some(IdleProbe::Refused(0)),
        ..Evidence::default()
    };
    for check in Check::ALL {
        assert_eq!(verdict(check, &seen), Verdict::Unknown, "{check:?}");
    }
}

#[test]
fn an_upgrade_is_stripped_refused_or_its_answer_lost_by_what_the_server_saw() {
    let told = |arrivals: Vec<RequestLogEntry>, socket| {
        let probe_report = probe_report("HTTP/1.0", false, arrivals);
        judge(Check::Upgrade, &Evidence { probe_report, socket: Some(socket), ..healthy() })
    };
    let stripped = told(vec![arrival("/live/ws", "HTTP/1.0", false)], WebSocketProbe::Refused(5.0));
    assert_eq!(stripped.title, "The WebSocket upgrade is stripped");
    assert!(stripped.evidence.contains("as HTTP/1.0 without its Upgrade"), "{}", stripped.evidence);
    let lost = told(vec![arrival("/live/ws", "HTTP/1.1", true)], WebSocketProbe::Silent(2_500.0));
    assert!(lost.evidence.contains("did not come back"), "{}", lost.evidence);
    for socket in [WebSocketProbe::Refused(5.0), WebSocketProbe::Silent(2_500.0)] {
        let refused = told(Vec::new(), socket);
        assert_eq!(refused.title, "WebSocket upgrades are refused on the way");
        assert!(refused.evidence.contains("did not reach the server"), "{}", refused.evidence);
    }
}

#[test]
fn a_host_that_was_changed_is_told_and_excuses_the_refusal_of_an_upgrade() {
    let arrivals = vec![arrival("/live/ws", "HTTP/1.1", true)];
    let seen = Evidence {
        host: "board.example:8080".into(),
        probe_report: probe_report("HTTP/1.1", false, arrivals),
        socket: Some(WebSocketProbe::Refused(5.0)),
        ways: Some(vec![way("websocket", Preflight::Answered(403)), way("sse", Preflight::Answered(204))]),
        // Nothing may be published then: the stream has its first words, and no more.
        is_published: false,
        stream: streamed(&[5.0]),
        ..healthy()
    };
    let found = judge(Check::Host, &seen);
    assert_eq!(found.problem, Some(Problem::Host));
    assert!(found.evidence.contains("board.example:8080") && found.evidence.ends_with("for board.example."));
    assert_eq!(verdict(Check::Routes, &seen), Verdict::Well, "what arrived is not blocked");
    assert_eq!(verdict(Check::Upgrade, &seen), Verdict::Unknown);
    assert_eq!(
        verdict(Check::Streaming, &seen),
        Verdict::Unknown,
        "first words alone tell nothing of what follows"
    );
}

#[test]
fn behind_an_address_that_is_blocked_nothing_else_is_accused() {
    let seen = Evidence {
        ways: Some(vec![way("websocket", Preflight::Answered(403)), way("sse", Preflight::Silent)]),
        socket: Some(WebSocketProbe::Refused(5.0)),
        stream: Some(StreamProbe { listened: 2_500.0, ..StreamProbe::default() }),
        probe_report: probe_report("HTTP/1.1", false, Vec::new()),
        ..healthy()
    };
    let blocked = judge(Check::Routes, &seen);
    assert_eq!((blocked.verdict, blocked.problem), (Verdict::Fault, Some(Problem::Routes)));
    assert_eq!(
        blocked.evidence,
        "websocket (/live/ws) is answered with 403, and not by the server. sse (/live/sse) is not answered."
    );
    assert_eq!(verdict(Check::Upgrade, &seen), Verdict::Unknown);
    assert_eq!(verdict(Check::Streaming, &seen), Verdict::Unknown);
}

#[test]
fn a_stream_is_held_back_where_nothing_comes_or_lumps_do() {
    let held = judge(Check::Streaming, &Evidence { stream: streamed(&[]), ..healthy() });
    assert!(held.verdict == Verdict::Fault && held.evidence.contains("2.5 s"), "{}", held.evidence);
    let lumps = judge(Check::Streaming, &Evidence { stream: streamed(&[5.0, 2_300.0]), ..healthy() });
    assert!(lumps.verdict == Verdict::Fault && lumps.evidence.contains("2.3 s"), "{}", lumps.evidence);
    let asleep =
        StreamProbe { stalled: 1_900.0, ..streamed(&[5.0, 2_300.0, 2_301.0, 2_302.0]).expect("it came") };
    let stream = Some(asleep);
    assert_eq!(
        verdict(Check::Streaming, &Evidence { stream, ..healthy() }),
        Verdict::Well,
        "it was the page"
    );
    // A network that is slow, but steady.
    let slow: Vec<f64> = (0..6).map(|n| 1_200.0 + 200.0 * f64::from(n)).collect();
    assert_eq!(verdict(Check::Streaming, &Evidence { stream: streamed(&slow), ..healthy() }), Verdict::Well);
    let full = Some(StreamProbe { status: 429, pieces: vec![3.0], listened: 4.0, ..StreamProbe::default() });
    assert_eq!(verdict(Check::Streaming, &Evidence { stream: full, ..healthy() }), Verdict::Unknown);
}

#[test]
fn who_opens_tls_shows_by_the_versions_of_http() {
    let told = |protocol: &str, http: &str, tls: bool, pieces: &[f64]| {
        let seen = Evidence {
            is_secure: true,
            protocol: protocol.into(),
            probe_report: probe_report(http, tls, Vec::new()),
            stream: streamed(pieces),
            long_stream: streamed(pieces),
            ..healthy()
        };
        verdict(Check::Tls, &seen)
    };
    let flows = [100.0, 1_000.0, 2_000.0];
    assert_eq!(told("h2", "HTTP/2.0", true, &flows), Verdict::Well);
    assert_eq!(told("h2", "HTTP/1.1", false, &flows), Verdict::Well, "a proxy of the owner's");
    assert_eq!(told("http/1.1", "HTTP/1.1", true, &flows), Verdict::Note);
    assert_eq!(told("h2", "HTTP/1.1", true, &[]), Verdict::Fault);
}

#[test]
fn those_of_a_crowd_that_waited_for_another_are_told_apart() {
    let wave = |wave: u32| f64::from(wave) * (f64::from(CROWD_MS) + 3.0);
    let crowd = (0..8).map(|n| 1e12 + f64::from(n) + wave(u32::from(n >= 5))).collect();
    let found = judge(Check::Crowd, &Evidence { crowd: Some(crowd), ..healthy() });
    assert_eq!(found.verdict, Verdict::Note);
    assert!(found.evidence.starts_with("5 of 8 requests reached"), "{}", found.evidence);
    assert!(found.evidence.contains("HTTP/1.1") && found.problem == Some(Problem::Six), "{}", found.evidence);
}

#[test]
fn few_streams_over_http2_are_not_laid_to_the_browser() {
    let crowd = (0..8).map(|n| 1e12 + if n < 6 { 0.0 } else { 2.0 * f64::from(CROWD_MS) }).collect();
    let found = judge(Check::Crowd, &Evidence { crowd: Some(crowd), protocol: "h2".into(), ..healthy() });
    assert_eq!(
        (found.verdict, found.title, found.problem),
        (Verdict::Note, "Few requests at once", Some(Problem::Streams))
    );
    assert!(!found.evidence.contains("HTTP/1.1") && found.evidence.contains("h2"), "{}", found.evidence);
}

#[test]
fn a_farewell_is_no_stream() {
    for (reason, setting) in [
        (ByeReason::TooManyConnections, "limits.connections_per_address"),
        (ByeReason::Shutdown, "stopping"),
        (ByeReason::LogFull, "topics"),
        (ByeReason::Ended, "ended"),
    ] {
        let away = Some(StreamProbe {
            status: 200,
            pieces: vec![3.0],
            bye: Some(reason),
            listened: 4.0,
            ..StreamProbe::default()
        });
        let found =
            judge(Check::Streaming, &Evidence { stream: away.clone(), long_stream: away, ..healthy() });
        assert!(found.verdict == Verdict::Unknown && found.evidence.contains(setting), "{}", found.evidence);
    }
}

#[test]
fn events_that_are_each_late_are_told_with_their_time_and_no_slow_page_or_network_is() {
    let late = |by: &[f64], error| {
        let mut stream = streamed(&FLOWS).expect("it came");
        stream.beats = stream.beats.iter().zip(by).map(|(beat, by)| (beat.1 + by, beat.1)).collect();
        judge(
            Check::Streaming,
            &Evidence { stream: Some(stream), clock: Some(Some((0.0, error))), ..healthy() },
        )
    };
    let found = late(&[40.0, 203.0, 201.0, 208.0, 202.0, 204.0], 1.0);
    assert_eq!(
        (found.verdict, found.title, found.problem),
        (Verdict::Fault, "Each event arrives late", Some(Problem::Late))
    );
    assert!(found.evidence.contains("201 ms"), "{}", found.evidence);
    assert_eq!(late(&[900.0, 800.0, 20.0, 700.0, 600.0, 500.0], 1.0).verdict, Verdict::Well, "one was quick");
    assert_eq!(late(&[250.0; 6], 120.0).verdict, Verdict::Well, "the way is that long");
}

#[test]
fn a_stream_that_begins_long_may_be_the_only_one_that_is_held_back() {
    let seen = Evidence { long_stream: streamed(&[]), ..healthy() };
    let found = judge(Check::Streaming, &seen);
    assert_eq!((found.verdict, found.problem), (Verdict::Fault, Some(Problem::Streaming)));
    assert!(found.evidence.contains("kilobyte"), "{}", found.evidence);
    assert_eq!(verdict(Check::Streaming, &Evidence { long_stream: None, ..healthy() }), Verdict::Running);
}

#[test]
fn a_page_without_tls_is_noted_unless_it_never_left_its_machine() {
    assert_eq!(judge(Check::Tls, &healthy()).problem, Some(Problem::Plain));
    for host in ["127.example:3000", "localhost.example", "[::2]"] {
        assert_eq!(
            verdict(Check::Tls, &Evidence { host: host.into(), ..healthy() }),
            Verdict::Note,
            "{host}"
        );
    }
    for host in ["127.0.0.1:3000", "localhost", "[::1]:80", "127.1.2.3", "localhost:80", "[::1]"] {
        assert_eq!(
            verdict(Check::Tls, &Evidence { host: host.into(), ..healthy() }),
            Verdict::Well,
            "{host}"
        );
    }
}

#[test]
fn a_proxy_that_ends_long_answers_is_told_with_their_life() {
    let mut seen = healthy();
    if let Some(told) = &mut seen.probe_report {
        told.this.marks = vec!["x-forwarded-for".into(), "x-varnish".into()];
    }
    let found = judge(Check::Idle, &seen);
    assert_eq!((found.verdict, found.problem), (Verdict::Note, Some(Problem::Life)));
    assert!(found.evidence.contains("Varnish") && found.evidence.contains("600 s"), "{}", found.evidence);
    let seen =
        Evidence { silence: None, answered_by: "http/1.1 a (ApacheTrafficServer/9.2.9)".into(), ..healthy() };
    let found = judge(Check::Idle, &seen);
    assert!(found.evidence.contains("900 s") && found.evidence.contains("7 s of 100"), "{}", found.evidence);
}

#[test]
fn a_silence_that_ends_when_an_answer_has_lived_is_told_as_a_life_and_an_earlier_one_as_a_cut() {
    for (mark, via, name, life_s) in [
        ("x-varnish", "", "Varnish", 600.0),
        ("via", "http/1.1 a (ApacheTrafficServer/9.2.9)", "Traffic Server", 900.0),
    ] {
        let judged = |after_s: f64| {
            let mut seen = Evidence {
                silence: Some(IdleProbe::Cut(after_s * 1_000.0)),
                answered_by: via.into(),
                ..healthy()
            };
            if let Some(told) = &mut seen.probe_report {
                told.this.marks = vec![mark.into()];
            }
            judge(Check::Idle, &seen)
        };
        for after_s in [life_s - 1.5, life_s, life_s + 1.5] {
            let found = judged(after_s);
            assert_eq!(
                (found.verdict, found.problem),
                (Verdict::Note, Some(Problem::Life)),
                "{name}, {after_s} s"
            );
            let life = format!("{life_s} s after it began");
            assert!(found.evidence.contains(name) && found.evidence.contains(&life), "{}", found.evidence);
        }
        for after_s in [60.0, life_s - 30.0] {
            let found = judged(after_s);
            assert_eq!(
                (found.verdict, found.problem),
                (Verdict::Note, Some(Problem::Idle)),
                "{name}, {after_s} s"
            );
        }
        assert_eq!(judged(5.0).verdict, Verdict::Fault, "before the server's next word");
    }
}

#[test]
fn clocks_are_apart_by_more_than_they_may_be_misjudged() {
    let told =
        |apart, error| judge(Check::Clock, &Evidence { clock: Some(Some((apart, error))), ..healthy() });
    assert_eq!(told(900.0, 1.0).verdict, Verdict::Well);
    assert_eq!(told(-1_900.0, 1_000.0).verdict, Verdict::Well);
    assert_eq!(
        told(-301_000.0, 2.0).evidence,
        "The server's clock is 5 min 1 s behind this browser's (± 2.0 ms)."
    );
}

#[test]
fn a_cut_matters_if_it_comes_before_the_servers_next_word() {
    let told = |silence| judge(Check::Idle, &Evidence { silence: Some(silence), ..healthy() });
    let soon = told(IdleProbe::Cut(5_040.0));
    assert!(soon.verdict == Verdict::Fault && soon.evidence.contains("after 5 s"), "{}", soon.evidence);
    assert_eq!(told(IdleProbe::Cut(60_000.0)).verdict, Verdict::Note);
    assert_eq!(told(IdleProbe::Dropped).verdict, Verdict::Fault);
    let running = judge(Check::Idle, &Evidence { silence: None, ..healthy() });
    assert!(running.verdict == Verdict::Running && running.evidence.contains("7 s"), "{}", running.evidence);
}
