//! The engine's inspection of one container.

use serde_json::Value;

use crate::{
    container::{Container, Health, Limits, State},
    error::EngineError,
    json::Json,
    list::{labels, plain_name},
    mask::{mask_arguments, mask_variable},
    ports, text,
    time::EventTime,
};

/// The most variables, arguments, mounts or networks that are kept.
const MOST: usize = 512;

/// A container with its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The container.
    pub container: Container,
    /// The environment, `NAME=value`, with secrets masked.
    pub environment: Vec<String>,
    /// The entry point and the command, with secrets masked.
    pub command: Vec<String>,
    /// The restart policy's name, such as `on-failure`; none without one.
    pub restart_policy: Option<String>,
    /// The mode of its network, such as `host` or `none`.
    pub network_mode: Option<String>,
    /// The networks that it is connected to.
    pub networks: Vec<String>,
    /// The mounts, as source and destination.
    pub mounts: Vec<(String, String)>,
    /// True where it has a health check.
    pub has_health_check: bool,
}

/// Reads an inspection.
///
/// # Errors
/// When the body is no inspection of a container.
pub fn parse_inspected(body: &[u8]) -> Result<Inspected, EngineError> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| EngineError::malformed(error.to_string()))?;
    let json = Json(Some(&value));
    let id = json.any(&["Id", "ID"]).text().and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| EngineError::malformed("the inspection of a container has no id"))?;
    let (config, host, state) = (json.get("Config"), json.get("HostConfig"), json.get("State"));
    let short = |json: Json<'_>| json.word().map(|word| text::clean(word, text::NAME));
    let status = State::parse(state.get("Status").text().unwrap_or_default());
    let container = Container {
        id,
        name: plain_name(json.get("Name").text().unwrap_or_default()),
        // Podman's `Image` of the top is an id, Docker's a digest.
        image: text::clean(config.get("Image").text().unwrap_or_default(), text::REFERENCE),
        health: health(state),
        exit_code: exit_code(&status, state),
        oom_killed: state.get("OOMKilled").is_true(),
        error: state.get("Error").word().map(|error| text::clean(error, text::SENTENCE)),
        restart_count: json.get("RestartCount").u64(),
        created: time(json.get("Created")),
        started_at: time(state.get("StartedAt")),
        finished_at: time(state.get("FinishedAt")),
        ports: ports::inspected(json.get("NetworkSettings").get("Ports")),
        labels: labels(config.get("Labels")),
        pid: state.get("Pid").u64().and_then(|pid| u32::try_from(pid).ok()).filter(|pid| *pid > 0),
        limits: limits(host),
        tty: config.get("Tty").is_true(),
        state: status,
    };
    let environment = config.get("Env").elements().take(MOST).filter_map(Json::text);
    Ok(Inspected {
        container,
        environment: environment.map(|variable| text::clean(&mask_variable(variable), text::VALUE)).collect(),
        command: command(json),
        restart_policy: short(host.get("RestartPolicy").get("Name")).filter(|name| name != "no"),
        network_mode: short(host.get("NetworkMode")),
        networks: json
            .get("NetworkSettings")
            .get("Networks")
            .members()
            .take(MOST)
            .map(|(name, _)| text::clean(name, text::NAME))
            .collect(),
        mounts: mounts(json.get("Mounts")),
        has_health_check: has_health_check(config.get("Healthcheck")),
    })
}

/// The health while it runs and is not paused. After the end Docker sets `unhealthy` without an event, and Podman leaves what was.
fn health(state: Json<'_>) -> Option<Health> {
    if !state.get("Running").is_true() || state.get("Paused").is_true() {
        return None;
    }
    state.any(&["Health", "Healthcheck"]).get("Status").text().and_then(Health::parse)
}

/// The code of the last end, or of a start that failed; a container that was never started has none, though engines write 0.
fn exit_code(status: &State, state: Json<'_>) -> Option<i64> {
    let code = state.get("ExitCode").i64();
    let has_failed = state.get("Error").word().is_some() || code.is_some_and(|code| code != 0);
    match status {
        State::Created => code.filter(|_| has_failed),
        State::Restarting => code,
        ended if ended.is_ended() => code,
        _ => None,
    }
}

fn time(json: Json<'_>) -> Option<EventTime> {
    json.text().and_then(EventTime::parse)
}

fn limits(host: Json<'_>) -> Limits {
    let positive = |name: &str| host.get(name).u64().filter(|limit| *limit > 0);
    // A quota of a period is the older form of the same limit.
    let quota = || {
        let (quota, period) = (positive("CpuQuota")?, positive("CpuPeriod").unwrap_or(100_000));
        u64::try_from(u128::from(quota) * 1_000_000_000 / u128::from(period)).ok()
    };
    Limits {
        memory: positive("Memory"),
        nano_cpus: positive("NanoCpus").or_else(quota),
        pids: positive("PidsLimit"),
    }
}

/// The entry point and its arguments: `Path` and `Args` are what was run.
fn command(json: Json<'_>) -> Vec<String> {
    let path = json.get("Path").word();
    let arguments = json.get("Args").elements().take(MOST).filter_map(Json::text);
    let words = mask_arguments(path.into_iter().chain(arguments));
    words.iter().map(|word| text::clean(word, text::VALUE)).collect()
}

fn mounts(mounts: Json<'_>) -> Vec<(String, String)> {
    let path = |json: Json<'_>| text::clean(json.text().unwrap_or_default(), text::VALUE);
    mounts
        .elements()
        .take(MOST)
        .map(|mount| (path(mount.get("Source")), path(mount.get("Destination"))))
        .collect()
}

/// A check of `NONE` switches the image's off.
fn has_health_check(check: Json<'_>) -> bool {
    check.get("Test").elements().next().and_then(Json::text).is_some_and(|first| first != "NONE")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Inspected, parse_inspected};
    use crate::container::{Container, Health, State};

    const ID: &str = "474c3790ec9e152ae1dd78b6977a9e53b73a8a15aefc3068c032d488979caeaf";

    fn parse(value: &Value) -> Inspected {
        parse_inspected(value.to_string().as_bytes()).unwrap()
    }

    fn with_state(state: &Value) -> Container {
        parse(&json!({"Id": ID, "Name": "/web-1", "State": state})).container
    }

    fn recorded(name: &str) -> Container {
        let all: Value = serde_json::from_str(include_str!("../fixtures/inspect-state.json")).unwrap();
        with_state(&all[name])
    }

    #[test]
    fn recorded_states_are_read() {
        for engine in ["docker 26.1", "podman 5.8", "podman 4.3"] {
            let of = |state: &str| recorded(&format!("{engine} {state}"));
            let created = of("created");
            assert_eq!(
                (&created.state, created.exit_code, created.pid),
                (&State::Created, None, None),
                "{engine}"
            );
            assert_eq!((created.started_at, created.finished_at), (None, None), "{engine}");
            let running = of("running");
            assert_eq!(
                (&running.state, running.exit_code, running.finished_at),
                (&State::Running, None, None)
            );
            assert!(running.pid.is_some() && running.started_at.is_some(), "{engine}");
            assert_eq!((of("paused").state, of("paused").pid), (State::Paused, running.pid));
            let killed = of("killed");
            assert_eq!(
                (&killed.state, killed.exit_code, killed.oom_killed),
                (&State::Exited, Some(137), false)
            );
            assert_eq!(of("exit 3").exit_code, Some(3));
            assert!(
                of("running").health.is_none(),
                "{engine} writes nothing, or an empty word, without a check"
            );
        }
        for engine in ["docker 26.1", "podman 5.8"] {
            let of = |state: &str| recorded(&format!("{engine} {state}"));
            assert!(of("out of memory").oom_killed, "{engine}");
            assert!(of("could not start").error.unwrap().contains("/nosuch"), "{engine}");
        }
        assert_eq!(recorded("docker 26.1 could not start").exit_code, Some(127));
        // A short life may end before it began; no duration is below zero.
        let short = recorded("docker 26.1 exit 3");
        assert!(short.finished_at < short.started_at);
        assert!(short.finished_at.unwrap().since(short.started_at.unwrap()).is_zero());
    }

    #[test]
    fn health_counts_only_while_it_runs() {
        let state = |running: bool, paused: bool, health: Value| {
            with_state(&json!({"Status": "x", "Running": running, "Paused": paused, "Health": health})).health
        };
        let unhealthy = json!({"Status": "unhealthy"});
        assert_eq!(state(true, false, unhealthy.clone()), Some(Health::Unhealthy));
        assert_eq!(state(false, false, unhealthy.clone()), None, "Docker sets it after the end");
        assert_eq!(state(true, true, unhealthy), None);
        assert_eq!(state(true, false, json!({"Status": "", "FailingStreak": 0, "Log": null})), None);
        assert_eq!(state(true, false, json!({"Status": "none"})), None);
        assert_eq!(state(true, false, json!({"Status": "odd"})), Some(Health::Other("odd".to_owned())));
    }

    #[test]
    fn dockers_restarting_is_neither_running_nor_ended() {
        let state =
            json!({"Status": "restarting", "Running": true, "Restarting": true, "Pid": 0, "ExitCode": 1});
        let container = with_state(&state);
        assert_eq!(
            (&container.state, container.pid, container.exit_code),
            (&State::Restarting, None, Some(1))
        );
        assert!(!container.state.is_ended());
    }

    #[test]
    fn the_configuration_is_read_and_secrets_are_masked() {
        let inspected = parse(&json!({
            "Id": ID, "Name": "/web-1", "Created": "2026-11-28T01:49:16.802930774Z", "RestartCount": 3,
            "Path": "/app", "Args": ["--password", "x", "postgres://u:x@db"],
            "Config": {"Image": "bb:latest", "Tty": true, "Env": ["PATH=/bin", "A_TOKEN=x", 7], "Labels": {"com.docker.compose.project": "shop"},
                       "Healthcheck": {"Test": ["CMD", "true"]}},
            "HostConfig": {"Memory": 1_048_576, "NanoCpus": 0, "CpuQuota": 50_000, "CpuPeriod": 100_000, "PidsLimit": null,
                           "RestartPolicy": {"Name": "always"}, "NetworkMode": "none"},
            "NetworkSettings": {"Networks": {"none": {}}, "Ports": {"80/tcp": null}},
            "Mounts": [{"Source": "/data", "Destination": "/var"}]
        }));
        assert_eq!(inspected.environment, ["PATH=/bin", "A_TOKEN=***"]);
        assert_eq!(inspected.command, ["/app", "--password", "***", "postgres://u:***@db"]);
        assert_eq!(inspected.restart_policy.as_deref(), Some("always"));
        assert_eq!((inspected.network_mode.as_deref(), inspected.networks.len()), (Some("none"), 1));
        assert_eq!(inspected.mounts, [("/data".to_owned(), "/var".to_owned())]);
        assert!(inspected.has_health_check);
        let container = inspected.container;
        assert!(container.tty);
        assert_eq!((container.compose_project(), container.compose_service()), (Some("shop"), None));
        assert_eq!(
            (container.limits.memory, container.limits.nano_cpus),
            (Some(1_048_576), Some(500_000_000))
        );
        assert_eq!(
            (container.limits.pids, container.restart_count, container.ports.len()),
            (None, Some(3), 1)
        );
    }

    #[test]
    fn what_is_no_inspection_is_an_error_and_extremes_are_none() {
        for bad in [&b""[..], b"{}", b"[]", br#"{"Id":"../etc"}"#, b"\xff"] {
            assert!(parse_inspected(bad).is_err());
        }
        let container =
            with_state(&json!({"Status": 7, "Pid": u64::MAX, "ExitCode": u64::MAX, "Running": "yes"}));
        assert_eq!((container.pid, container.exit_code, container.health), (None, None, None));
        let limits =
            parse(&json!({"Id": ID, "HostConfig": {"CpuQuota": u64::MAX, "CpuPeriod": 1, "Memory": -1}}))
                .container
                .limits;
        assert_eq!((limits.nano_cpus, limits.memory), (None, None));
    }
}
