//! English.

use super::OneContainerWords;

pub(super) const EN: OneContainerWords = OneContainerWords {
    removed_name: "Container",
    removed: "This container is not there any more. What happened to it stands below, as far as it is known.",
    elsewhere: "Its log lines and its configuration are read on its own machine, and it is started and stopped there: the agent only reports.",
    lines: "Its log lines",
    span: "Time shown",
    ten_minutes: "10 minutes",
    one_hour: "1 hour",
    received: "Received",
    sent: "Sent",
    read: "Read",
    written: "Written",
    configuration: "Configuration",
    not_loaded: "The configuration could not be loaded.",
    masked: "Values that look like secrets are masked.",
    id: "ID",
    created: "Created",
    command: "Command",
    restart_policy: "Restart policy",
    memory_limit: "Memory limit",
    cpu_limit: "Cores it may use",
    pids_limit: "Process limit",
    network_mode: "Network mode",
    health_check: "Health check",
    terminal: "Terminal",
    mounts: "Mounts",
    networks: "Networks",
    environment: "Environment",
    labels: "Labels",
    no_limit: "No limit of its own",
    none: "None",
    yes: "Yes",
    no: "No",
    question: "Change a container",
    cancel: "Cancel",
    action: |action| match action {
        "start" => "Start",
        "stop" => "Stop",
        _ => "Restart",
    },
    ask: |action, name| {
        let verb = match action {
            "start" => "Start ",
            "stop" => "Stop ",
            _ => "Restart ",
        };
        [verb, name, "?"].concat()
    },
    effect: |action| match action {
        "start" => "It is started as it was created. The audit log notes that you asked for it.",
        "stop" => {
            "Its programs are asked to end, and ended if they do not. The audit log notes that you asked for it."
        }
        _ => "Its programs are ended and started anew. The audit log notes that you asked for it.",
    },
    asked: |action| match action {
        "start" => "Starting…",
        "stop" => "Stopping…",
        _ => "Restarting…",
    },
    failed: |action| match action {
        "start" => "It was not started.",
        "stop" => "It was not stopped.",
        _ => "It was not restarted.",
    },
    of_cores: |cores| [cores, if cores == "1" { " core" } else { " cores" }].concat(),
};
