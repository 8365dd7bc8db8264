//! The documents of probes and targets, with every sort of row.

use app::door::{
    DoorContext, FormProblem, ProbeRow, ProbesPage, SourceDone, TargetAnswer, TargetRow, TargetsPage, probes,
    targets,
};
use common::{
    door::source_forms::{ProbeForm, TargetForm},
    probe::{ProbeMark, ProbeState, ProbeVerdict},
    uptime::ProbeUptime,
};

const MOMENT: u64 = 1_795_938_227_000;

/// The documents as an admin sees them, and as a viewer does; everything bears this name.
pub(crate) fn all_sources(context: &DoorContext, name: &str) -> Vec<(&'static str, String)> {
    let probes_page = |may_manage, id: &str, problem, done| ProbesPage {
        probes: vec![
            probe(name, 1, ProbeVerdict::Up),
            probe(name, 2, ProbeVerdict::Down),
            probe(name, 3, ProbeVerdict::Paused),
            probe(name, 4, ProbeVerdict::Pending),
        ],
        may_manage,
        days: Some(1),
        hosts: vec!["web-1".to_owned()],
        draft: probe_form(name, id),
        problem,
        done,
    };
    let targets_page = |may_manage, id: &str, problem, done| TargetsPage {
        targets: vec![target(name, 5, None), target(name, 6, Some(name))],
        may_manage,
        draft: target_form(name, id),
        problem,
        done,
    };
    let taken = || Some(FormProblem::SourceNameTaken);
    vec![
        ("probes", probes(context, probes_page(true, "", None, None))),
        ("probes-saved", probes(context, probes_page(true, "2", None, Some(SourceDone::Saved)))),
        ("probes-refused", probes(context, probes_page(true, "2", taken(), None))),
        ("probes-read", probes(context, probes_page(false, "", None, Some(SourceDone::Removed)))),
        ("targets", targets(context, targets_page(true, "", None, None))),
        ("targets-refused", targets(context, targets_page(true, "5", taken(), None))),
        (
            "targets-changed",
            targets(context, targets_page(true, "5", Some(FormProblem::ChangedMeanwhile), None)),
        ),
        ("targets-read", targets(context, targets_page(false, "", None, None))),
    ]
}

fn probe(name: &str, id: u64, verdict: ProbeVerdict) -> ProbeRow {
    let is_up = verdict == ProbeVerdict::Up;
    let mark = |at_ms, verdict, latency_ms| ProbeMark { at_ms, verdict, latency_ms };
    ProbeRow {
        id,
        name: format!("{name} {id}"),
        from: if id == 4 { "web-1" } else { "local" }.to_owned(),
        kind: "http",
        target: name.to_owned(),
        interval_ms: 30_000,
        parent: (!is_up).then(|| name.to_owned()),
        state: ProbeState {
            verdict,
            since_ms: MOMENT - 60_000,
            at_ms: Some(MOMENT),
            latency_ms: is_up.then_some(12.5),
            why: (verdict == ProbeVerdict::Down).then(|| name.to_owned()),
            code: (id == 4).then(|| "agent_away".to_owned()),
            certificate_days_left: is_up.then_some(1),
        },
        marks: vec![
            mark(MOMENT - 2, ProbeVerdict::Down, None),
            mark(MOMENT - 1, ProbeVerdict::Unknown, None),
            mark(MOMENT, ProbeVerdict::Up, Some(12.5)),
        ],
        uptime: (id < 4).then(uptime),
    }
}

/// Ten days that are known, in one of which there was an outage.
fn uptime() -> ProbeUptime {
    let hours: Vec<_> =
        (0..240).map(|hour| if hour == 100 { [3_000.0, 600.0] } else { [3_600.0, 0.0] }).collect();
    let hour = 3_600_000;
    ProbeUptime::of_hours(MOMENT / hour * hour - 239 * hour, &hours, MOMENT, 90)
}

fn probe_form(name: &str, id: &str) -> ProbeForm {
    let text = || name.to_owned();
    ProbeForm {
        csrf: String::new(),
        id: id.to_owned(),
        seen: "7".to_owned(),
        name: text(),
        from: "web-1".to_owned(),
        kind: "dns".to_owned(),
        target: text(),
        interval: "60".to_owned(),
        timeout: "5".to_owned(),
        retries: "1".to_owned(),
        parent: "1".to_owned(),
        status: text(),
        keyword: text(),
        absent: Some("on".to_owned()),
        days_left: "14".to_owned(),
        unverified: None,
        record: "MX".to_owned(),
        server: text(),
        expect: text(),
    }
}

fn target(name: &str, id: u64, error: Option<&str>) -> TargetRow {
    let answer = TargetAnswer {
        at_ms: MOMENT,
        took_ms: 3.25,
        series: 120,
        bytes: 9_000,
        faults: vec![name.to_owned()],
        error: error.map(str::to_owned),
    };
    TargetRow {
        id,
        name: format!("{name} {id}"),
        url: name.to_owned(),
        interval_ms: 15_000,
        is_paused: false,
        answer: Some(answer),
    }
}

fn target_form(name: &str, id: &str) -> TargetForm {
    TargetForm {
        csrf: String::new(),
        id: id.to_owned(),
        seen: "7".to_owned(),
        name: name.to_owned(),
        url: name.to_owned(),
        interval: "15".to_owned(),
        timeout: "10".to_owned(),
        metrics: name.to_owned(),
        token: name.to_owned(),
        unverified: Some("on".to_owned()),
    }
}
