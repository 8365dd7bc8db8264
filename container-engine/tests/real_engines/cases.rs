//! The cases, the same for both engines where they do the same.

use std::time::Duration;

use container_engine::{
    Container, ContainerId, EndCause, EngineVersion, GapCause, Happening, Health, Product, RestartRule, Seen,
    Signal, State, WatchReport,
    cgroup::CgroupFinder,
    logs::{LogLine, LogQuery, ResumePoint, StdStream},
    restart_loop,
    test_engine::TestEngine,
    usage::usage,
};
use serde_json::json;

use crate::recorder::Recorder;

/// All cases, one after another on one engine.
pub(crate) async fn everything(engine: &mut TestEngine) {
    let version = engine.client().negotiate().await.expect("it answers");
    assert_eq!(version.product, engine.product());
    assert!(version.clock.is_some() && version.release().is_some(), "{version:?}");
    let mut recorder = Recorder::new(engine.client());
    recorder.until(|report| matches!(report, WatchReport::Containers(list) if list.is_empty())).await;
    a_life(engine, &mut recorder).await;
    ends(engine, &version, &mut recorder).await;
    health(engine, &mut recorder).await;
    a_restart_loop(engine, &mut recorder).await;
    lines(engine, &version).await;
    lines_after_a_break(engine, &version).await;
    statistics(engine, &version).await;
    assert_eq!(recorder.gaps(), []);
    a_killed_engine(engine, &mut recorder).await;
}

fn is_started(what: &Happening) -> bool {
    *what == Happening::Started
}

fn is_ended(what: &Happening) -> bool {
    matches!(what, Happening::Ended { .. })
}

fn state(container: &Option<Container>) -> &State {
    &container.as_ref().expect("it is there").state
}

async fn a_life(engine: &TestEngine, recorder: &mut Recorder) {
    let options = json!({"Labels": {"com.docker.compose.project": "shop"}, "Env": ["DB_PASSWORD=hunter2"], "HostConfig": {"NanoCpus": 500_000_000}});
    let id = engine.run("web-1", &["sleep", "1000"], &options);
    recorder.event(&id, |what| *what == Happening::Created).await;
    let (event, container) = recorder.event(&id, is_started).await;
    let container = container.expect("it is there");
    assert_eq!((event.name.as_str(), &container.state), ("web-1", &State::Running));
    assert!(event.image.ends_with("bb:latest") && container.image.ends_with("bb:latest"), "{}", event.image);
    assert!(container.pid.is_some() && container.started_at.is_some() && container.health.is_none());
    assert_eq!((container.compose_project(), container.limits.nano_cpus), (Some("shop"), Some(500_000_000)));
    engine.act(&id, "pause");
    assert_eq!(state(&recorder.event(&id, |what| *what == Happening::Paused).await.1), &State::Paused);
    engine.act(&id, "unpause");
    assert_eq!(state(&recorder.event(&id, |what| *what == Happening::Unpaused).await.1), &State::Running);
    engine.act(&id, "rename?name=web-2");
    let (event, container) = recorder.event(&id, |what| matches!(what, Happening::Renamed { .. })).await;
    // Podman does not say the old name: the watch knows it.
    assert_eq!(event.what, Happening::Renamed { from: Some("web-1".to_owned()) });
    assert_eq!((event.name.as_str(), container.expect("it is there").name), ("web-2", "web-2".to_owned()));
    let version = engine.client().negotiate().await.expect("it answers");
    let inspected = engine.client().inspect(&version, &id).await.expect("it answers").expect("it is there");
    assert!(inspected.environment.contains(&"DB_PASSWORD=***".to_owned()), "{:?}", inspected.environment);
    let listed = engine.client().containers(&version).await.expect("it answers");
    assert_eq!(
        listed.iter().map(|row| (row.id.clone(), row.state.clone())).collect::<Vec<_>>(),
        [(id.clone(), State::Running)]
    );
    engine.remove(&id);
    recorder.event(&id, |what| *what == Happening::Removed).await;
    assert_eq!(engine.client().inspect(&version, &id).await, Ok(None));
    assert_eq!(recorder.ends(&id), 1);
}

async fn ends(engine: &TestEngine, version: &EngineVersion, recorder: &mut Recorder) {
    let by_docker = |cause| if engine.product() == Product::Docker { cause } else { EndCause::Untold };
    let failed = engine.run("failed", &["sh", "-c", "exit 3"], &json!({}));
    let (event, container) = recorder.event(&failed, is_ended).await;
    let (seen, cause) = (Seen::Event, by_docker(EndCause::Itself));
    assert_eq!(event.what, Happening::Ended { exit_code: Some(3), signal: None, seen, cause });
    assert!(state(&container).is_ended());
    assert_eq!(container.expect("it is there").exit_code, Some(3));

    let killed = engine.run("killed", &["sleep", "1000"], &json!({}));
    recorder.event(&killed, is_started).await;
    engine.act(&killed, "kill?signal=KILL");
    let (event, container) = recorder.event(&killed, is_ended).await;
    let Happening::Ended { exit_code, signal, cause, .. } = event.what else { panic!("{event:?}") };
    assert_eq!((exit_code, signal), (Some(137), Some(Signal(9))));
    // Podman may tell the kill after the end.
    let causes: &[EndCause] = if engine.product() == Product::Docker {
        &[EndCause::Requested]
    } else {
        &[EndCause::Requested, EndCause::Untold]
    };
    assert!(causes.contains(&cause), "{cause:?}");
    assert!(!container.expect("it is there").oom_killed);

    let stopped = engine.run(
        "stopped",
        &["sh", "-c", "trap 'exit 7' TERM; echo ready; while true; do sleep 0.1; done"],
        &json!({}),
    );
    recorder.event(&stopped, is_started).await;
    let follow = LogQuery { follow: true, ..LogQuery::default() };
    let mut stream = engine.client().logs(version, &stopped, &follow).await.expect("it answers");
    assert_eq!(stream.next().await.expect("lines").map(|line| line.text), Some(b"ready".to_vec()));
    engine.act(&stopped, "stop?t=30");
    let (event, _) = recorder.event(&stopped, is_ended).await;
    let Happening::Ended { exit_code, cause, .. } = event.what else { panic!("{event:?}") };
    // Podman tells the stop now and then, and Docker always.
    assert!(exit_code == Some(7) && causes.contains(&cause), "{exit_code:?} {cause:?}");
    if engine.product() == Product::Docker {
        recorder.event(&stopped, |what| *what == Happening::Stopped).await;
    }

    let memory = json!({"HostConfig": {"Memory": 16 * 1024 * 1024, "MemorySwap": 16 * 1024 * 1024}});
    // A child runs out of memory, and the container ends a moment later: Docker misses that of one that is gone at once.
    let hungry = engine.run("hungry", &["sh", "-c", "tail /dev/zero; sleep 1; exit 137"], &memory);
    let (event, container) = recorder.event(&hungry, is_ended).await;
    let Happening::Ended { exit_code, cause, .. } = event.what else { panic!("{event:?}") };
    assert_eq!(exit_code, Some(137), "{container:?}");
    if engine.product() == Product::Docker {
        assert_eq!((cause, container.expect("it is there").oom_killed), (EndCause::OutOfMemory, true));
        recorder.event(&hungry, |what| *what == Happening::OutOfMemory).await;
    }
    for id in [&failed, &killed, &stopped, &hungry] {
        engine.remove(id);
        recorder.event(id, |what| *what == Happening::Removed).await;
        assert_eq!(recorder.ends(id), 1);
    }
}

async fn health(engine: &TestEngine, recorder: &mut Recorder) {
    let milliseconds = 1_000_000_u64;
    let options = json!({"Healthcheck": {
        "Test": ["CMD", "test", "!", "-e", "/tmp/bad"], "Interval": 200 * milliseconds, "Timeout": 10_000 * milliseconds, "Retries": 1,
    }});
    let id = engine.run("checked", &["sh", "-c", "sleep 2; echo > /tmp/bad; sleep 1000"], &options);
    recorder.event(&id, is_started).await;
    let unhealthy = |what: &Happening| *what == Happening::Health(Health::Unhealthy);
    let healthy = |what: &Happening| *what == Happening::Health(Health::Healthy);
    for (is_it, wanted) in
        [(&healthy as &dyn Fn(&Happening) -> bool, Health::Healthy), (&unhealthy, Health::Unhealthy)]
    {
        let (_, container) = tokio::select! {
            told = recorder.event(&id, is_it) => told,
            // Podman's own timers are systemd's.
            () = checks_by_hand(engine, &id) => unreachable!("they go on"),
        };
        assert_eq!(container.and_then(|container| container.health), Some(wanted));
    }
    let told = recorder.of(&id).iter().filter(|event| unhealthy(&event.what)).count();
    assert_eq!(told, 1, "changes only");
    engine.remove(&id);
    recorder.event(&id, |what| *what == Happening::Removed).await;
}

async fn checks_by_hand(engine: &TestEngine, id: &ContainerId) {
    if engine.product() == Product::Docker {
        std::future::pending::<()>().await;
    }
    loop {
        tokio::task::block_in_place(|| engine.check_health(id));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn a_restart_loop(engine: &TestEngine, recorder: &mut Recorder) {
    let options = json!({"HostConfig": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}});
    let id = engine.run("loop", &["sh", "-c", "exit 1"], &options);
    let rule = RestartRule { starts: 3, within: Duration::from_secs(60) };
    while restart_loop(&recorder.of(&id), rule).is_none() {
        let before = recorder.of(&id).len();
        recorder.until(|report| matches!(report, WatchReport::Event { event, .. } if event.id == id)).await;
        assert!(recorder.of(&id).len() > before);
    }
    while recorder.ends(&id) < 4 {
        recorder
            .until(|report| matches!(report, WatchReport::Event { event, .. } if is_ended(&event.what)))
            .await;
    }
    engine.remove(&id);
    recorder.event(&id, |what| *what == Happening::Removed).await;
    let starts = recorder.of(&id).iter().filter(|event| is_started(&event.what)).count();
    assert_eq!((starts, recorder.ends(&id)), (4, 4), "one by hand, three by the policy");
}

const SCRIPT: &str =
    "echo out1; echo err1 >&2; printf 'a\\n\\n'; head -c 40000 /dev/zero | tr '\\0' x; echo; printf end";

async fn read(
    engine: &TestEngine,
    version: &EngineVersion,
    id: &ContainerId,
    query: &LogQuery,
) -> Vec<LogLine> {
    let mut stream = engine.client().logs(version, id, query).await.expect("it answers");
    let mut lines = Vec::new();
    while let Some(line) = stream.next().await.expect("lines") {
        lines.push(line);
    }
    lines
}

async fn lines(engine: &TestEngine, version: &EngineVersion) {
    let long = "x".repeat(40_000);
    for tty in [false, true] {
        let id = engine.create(&format!("lines-{tty}"), &["sh", "-c", SCRIPT], &json!({"Tty": tty}));
        engine.act(&id, "start");
        // It follows until the container ends.
        let follow = LogQuery { follow: true, tail: None, ..LogQuery::default() };
        let _ = read(engine, version, &id, &follow).await;
        while !engine
            .client()
            .inspect(version, &id)
            .await
            .expect("it answers")
            .expect("it is there")
            .container
            .state
            .is_ended()
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let all = LogQuery { tail: None, ..LogQuery::default() };
        let lines = read(engine, version, &id, &all).await;
        let texts = |stream: StdStream| -> Vec<String> {
            let of = lines.iter().filter(|line| line.stream == stream);
            of.map(|line| String::from_utf8(line.text.clone()).expect("UTF-8")).collect()
        };
        let (out, err) = (texts(StdStream::Out), texts(StdStream::Err));
        let wanted = if tty {
            vec!["out1", "err1", "a", "", &long, "end"]
        } else {
            vec!["out1", "a", "", &long, "end"]
        };
        let short = |texts: &[String]| {
            texts
                .iter()
                .map(|text| format!("{}:{}", text.len(), &text[..text.len().min(60)]))
                .collect::<Vec<_>>()
        };
        assert!(out == wanted, "{tty}: {:?}", short(&out));
        assert_eq!(err, if tty { vec![] } else { vec!["err1"] });
        assert!(lines.iter().all(|line| line.time.is_some() && !line.cut), "{tty}");
        engine.remove(&id);
    }
}

async fn lines_after_a_break(engine: &TestEngine, version: &EngineVersion) {
    let id = engine.run("numbers", &["sh", "-c", "seq 1 200; sleep 1; seq 201 400"], &json!({}));
    let client = engine.client();
    let mut query = LogQuery { follow: true, tail: None, ..LogQuery::default() };
    let mut point = ResumePoint::new(version.product);
    let mut shown = Vec::new();
    let mut stream = client.logs(version, &id, &query).await.expect("it answers");
    while shown.len() < 100 {
        let line = stream.next().await.expect("lines").expect("more lines");
        point.note(&line);
        shown.push(line.text);
    }
    drop(stream);
    query.since = point.since();
    let mut replay = point.replay();
    let mut stream = client.logs(version, &id, &query).await.expect("it answers");
    while let Some(line) = stream.next().await.expect("lines") {
        if replay.is_new(&line) {
            shown.push(line.text);
        }
    }
    let wanted: Vec<Vec<u8>> = (1..=400).map(|number: u32| number.to_string().into_bytes()).collect();
    assert!(shown == wanted, "{} lines", shown.len());
    engine.remove(&id);
}

async fn statistics(engine: &TestEngine, version: &EngineVersion) {
    let id = engine.run("busy", &["sh", "-c", "while true; do :; done"], &json!({}));
    let container =
        engine.client().inspect(version, &id).await.expect("it answers").expect("it is there").container;
    let group = CgroupFinder::new().find(&id, container.pid.expect("it runs")).expect("it is on this host");
    let before = group.read().expect("it runs");
    let mut stream = engine.client().stats(version, &id).await.expect("it answers");
    let first = stream.next().await.expect("it answers").expect("a reading");
    let between = group.read().expect("it runs");
    let second = stream.next().await.expect("it answers").expect("a reading");
    let after = group.read().expect("it runs");
    // Totals only rise, and both tell the same ones.
    assert!(
        before.cpu <= first.cpu && first.cpu <= between.cpu,
        "{} {} {}",
        before.cpu,
        first.cpu,
        between.cpu
    );
    assert!(
        between.cpu < second.cpu && second.cpu <= after.cpu,
        "{} {} {}",
        between.cpu,
        second.cpu,
        after.cpu
    );
    assert_eq!(first.online_cpus, before.online_cpus);
    assert!(before.memory.is_some_and(|(used, _)| used > 0) && first.memory.is_some());
    assert_eq!(before.pids, Some(1));
    for (before, after) in [(&first, &second), (&before, &after)] {
        let usage = usage(before, after, &container.limits).expect("time has passed");
        assert!(
            usage.cpus > 0.0 && usage.cpu_of_host.is_some_and(|share| share > 0.0 && share <= 1.0),
            "{usage:?}"
        );
        assert_eq!(usage.cpu_of_limit, None);
    }
    engine.remove(&id);
    // The container is gone, and with it both.
    while stream.next().await.expect("it ends properly").is_some() {}
    assert!(group.read().is_err());
}

async fn a_killed_engine(engine: &mut TestEngine, recorder: &mut Recorder) {
    // Docker stops what has survived it when it starts again, which takes ten seconds where nobody listens.
    let id = engine.run(
        "survivor",
        &["sh", "-c", "trap 'exit 7' TERM; while true; do sleep 0.1; done"],
        &json!({}),
    );
    let (_, container) = recorder.event(&id, is_started).await;
    let pid = container.and_then(|container| container.pid).expect("it runs");
    let before = recorder.told.len();
    engine.kill_engine();
    recorder.until(|report| matches!(report, WatchReport::Away { .. })).await;
    if engine.product() == Product::Podman {
        // Nobody but its monitor sees the end.
        let killed = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()));
    }
    engine.launch().await;
    let (event, container) = recorder.event(&id, is_ended).await;
    assert!(matches!(event.what, Happening::Ended { exit_code: Some(_), .. }), "{event:?}");
    assert!(state(&container).is_ended());
    // Something that comes after it shows that it was told once.
    let last = engine.run("last", &["true"], &json!({}));
    recorder.event(&last, is_ended).await;
    assert_eq!((recorder.ends(&id), recorder.ends(&last)), (1, 1));
    let told = &recorder.told[before..];
    let is_listed = |report: &WatchReport| matches!(report, WatchReport::Containers(list) if list.iter().any(|one| one.id == id));
    assert!(told.iter().any(is_listed), "{told:#?}");
    assert!(told.iter().any(|report| matches!(report, WatchReport::Connected { .. })));
    // Docker has forgotten everything, Podman nothing.
    let gaps = if engine.product() == Product::Docker { vec![GapCause::HistoryLost] } else { Vec::new() };
    assert_eq!(recorder.gaps(), gaps, "{told:#?}");
}
