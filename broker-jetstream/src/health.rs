//! Lines for operators: what the log stands on, and what is weaker than it could be.

use std::{fmt::Write, sync::atomic::Ordering::Relaxed};

use async_nats::jetstream::stream::Info;

use crate::{shared::Shared, streams};

/// Describes the servers and the stream of `Log` topics as they were seen last.
pub(crate) fn details(shared: &Shared, log: &Info) -> String {
    let mut text = String::new();
    write_details(&mut text, shared, log).expect("a String takes everything");
    text
}

fn write_details(text: &mut String, shared: &Shared, log: &Info) -> std::fmt::Result {
    let server = shared.connection.client.server_info();
    let (name, state) = (&shared.names.log, &log.state);
    writeln!(text, "NATS {} at {}, node {}", server.version, shared.connection.addresses, shared.node)?;
    let behind = state.last_sequence.saturating_sub(shared.head().seq.0);
    writeln!(
        text,
        "stream {name}: {} entries, {} bytes, {behind} not read yet",
        state.messages, state.bytes
    )?;
    let cluster = log.cluster.as_ref();
    if let Some((cluster, leader)) = cluster.and_then(|cluster| Some((cluster, cluster.leader.as_ref()?))) {
        let current = cluster.replicas.iter().filter(|replica| replica.current && !replica.offline).count();
        let all = cluster.replicas.len() + 1;
        writeln!(text, "stream {name}: leader {leader}, {} of {all} copies are current", current + 1)?;
    }
    if log.config.num_replicas < shared.settings.replicas {
        writeln!(
            text,
            "stream {name} has {} copies where {} are asked for: `nats stream edit {name} --replicas {}`",
            log.config.num_replicas, shared.settings.replicas, shared.settings.replicas
        )?;
    }
    let max_bytes = streams::max_bytes(&shared.settings);
    if log.config.max_bytes != max_bytes {
        writeln!(
            text,
            "stream {name} is bounded to {} bytes where {max_bytes} are asked for (-1: as much as the server allows): `nats stream edit \
             {name} --max-bytes {max_bytes}`",
            log.config.max_bytes
        )?;
    }
    if log.config.num_replicas == 1 {
        writeln!(
            text,
            "one copy: a power cut may take the last two minutes, unless nats-server has `sync_interval: always`, or `replicas` is 3"
        )?;
    }
    match shared.skipped.load(Relaxed) {
        0 => Ok(()),
        skipped => writeln!(
            text,
            "{skipped} messages at NATS were skipped: they are not ours, or newer than this release"
        ),
    }
}
