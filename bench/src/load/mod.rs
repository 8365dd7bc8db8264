//! The load generator. It speaks to every server as a stranger would, over sockets alone; charts are a browser's affair.

mod agents;
mod build;
mod child;
mod delaying_proxy;
mod files;
mod machine;
mod measure;
mod measured;
mod pause;
mod payload;
mod process;
mod publisher;
mod report;
mod run;
mod stats;
mod subject;
mod subscriber;
mod subscriber_pool;
mod tally;
mod version;
mod wire;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use self::{
    measure::{
        Plan, charts, containers, encodes, fanout, idle, inspector, kept_logs, lab, mixed, nodes, polls,
        proxied, sign_ins, slow_disk, stalled,
    },
    report::Results,
    subject::{BEFORE, PEERS, PULSEBOARD, Program, SIGNED_IN},
};
use super::Options;

/// The measurements, in order.
const MEASUREMENTS: [&str; 15] = [
    "idle",
    "polls",
    "proxied",
    "encodes",
    "mixed",
    "stalled",
    "slow_disk",
    "nodes",
    "fanout",
    "inspector",
    "sign_ins",
    "kept_logs",
    "containers",
    "charts",
    "lab",
];
/// All but what is measured in a browser ends within twenty minutes: no measurement begins after this, and none takes longer than the
/// rest.
const LAST_START: Duration = Duration::from_secs(1150);

/// Above this share of the CPU for other programs, servers that fall behind look cheap and slow: the figures are
/// useless.
const FOREIGN_MOST: f64 = 0.1;

/// Measures, prints and writes; says whether every subscriber heard everything once and in order.
pub(crate) fn bench(options: &Options) -> Result<bool> {
    if let Some(unknown) = options.only.iter().find(|name| !MEASUREMENTS.contains(&name.as_str())) {
        bail!("there is no measurement {unknown:?}: choose among {}", MEASUREMENTS.join(", "));
    }
    if let Some(minutes) = options.heaps {
        return charts::keep_heaps(minutes).map(|()| true);
    }
    if options.agent {
        return agents::beside_peers(options);
    }
    files::raise_limit()?;
    if let Some(hosts) = options.agents {
        return agents::at_one_server(options, hosts);
    }
    let plan = plan(options)?;
    let programs = programs(options);
    let results = measure(options, &plan, &programs)?;
    let text = report::markdown(&plan, &programs, &results);
    println!("{text}");
    if let Some(file) = &options.into {
        fs::write(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let whole = !options.quick
        && options.into.is_none()
        && !options.print_only
        && options.only.is_empty()
        && options.wires.is_none()
        && options.peers.is_none();
    let (foreign, _) = results.foreign();
    if whole && foreign > FOREIGN_MOST {
        let share = 100.0 * foreign;
        eprintln!(
            "bench: RESULTS.md is left as it is: other programs used {share:.0} % of the CPU meanwhile"
        );
    } else if whole {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md");
        let before = fs::read_to_string(&file).unwrap_or_default();
        let text = text + &agents::kept_sections(&before);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(results.faults() == tally::Faults::default())
}

fn plan(options: &Options) -> Result<Plan> {
    let binary = match &options.server {
        Some(binary) => binary.clone(),
        None => build::server()?,
    };
    let deadline = Instant::now() + LAST_START;
    let millis = Duration::from_millis;
    let (wires, before) = (options.wires.clone(), options.before.clone());
    let quick = options.quick;
    let (time, settle) = if quick { (millis(800), millis(500)) } else { (millis(2500), millis(1200)) };
    Ok(Plan {
        binary,
        before,
        rounds: if quick { 1 } else { 3 },
        every_rate: !quick,
        time,
        subscribers: 1000,
        idle: if quick { [250, 1000] } else { [1000, 4000] },
        settle,
        deadline,
        wires,
    })
}

fn programs(options: &Options) -> Vec<Program> {
    let wanted = |program: &Program| {
        options.peers.as_ref().is_none_or(|names| names.iter().any(|name| name == program.name))
    };
    let before = options.before.iter().flat_map(|_| [BEFORE, SIGNED_IN]);
    std::iter::once(PULSEBOARD).chain(before).chain(PEERS.into_iter().filter(wanted)).collect()
}

fn measure(options: &Options, plan: &Plan, programs: &[Program]) -> Result<Results> {
    let wanted = |name: &str| {
        let wanted = options.only.is_empty() || options.only.iter().any(|only| only == name);
        if wanted {
            eprintln!("bench: {name}");
        }
        wanted
    };
    let mut results = Results::default();
    if wanted("idle") {
        results.idle = idle::measure(plan, programs)?;
    }
    if wanted("polls") {
        results.polls = polls::measure(plan)?;
    }
    if wanted("proxied") {
        results.proxied = proxied::measure(plan)?;
    }
    if wanted("encodes") {
        results.encodes = encodes::measure(plan)?;
    }
    if wanted("mixed") {
        results.mixed = Some(mixed::measure(plan, programs)?);
    }
    if wanted("stalled") {
        results.stalled = stalled::measure(plan)?;
    }
    if wanted("slow_disk") {
        results.slow_disk = slow_disk::measure(plan)?;
    }
    if wanted("nodes") {
        results.nodes = Some(nodes::measure(plan, options.peers.as_deref())?);
    }
    if wanted("fanout") {
        results.fanout = fanout::measure(plan, programs)?;
    }
    if wanted("inspector") {
        results.inspector = inspector::measure(plan)?;
    }
    if wanted("sign_ins") {
        results.sign_ins = sign_ins::measure(plan)?;
    }
    if wanted("kept_logs") {
        results.kept_logs = Some(kept_logs::measure(options.quick)?);
    }
    if wanted("containers") {
        results.containers = Some(containers::measure(plan, options.quick)?);
    }
    if wanted("charts") {
        results.charts = Some(charts::measure(plan.rounds, options.quick)?);
        results.heaps = charts::kept_heaps()?;
    }
    if wanted("lab") {
        results.lab = lab::measure(plan)?;
    }
    Ok(results)
}
