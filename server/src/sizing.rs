//! `pulseboard sizing`: the nodes that a load needs, from what one delivery and one connection cost. docs/scaling.md has its table.

mod costs;

use std::fmt;

use clap::Args;

use self::costs::{BASE_MIB, NATS_MICROS, NODE_MICROS, TransportCosts};

pub use self::costs::Transport;

/// The share of its cores that a node may use: what is left is for crowds that come back at once.
const USED_SHARE: f64 = 0.6;
/// The connections of a node, unless its operator says another number.
const CONNECTIONS_A_NODE: u64 = 100_000;
/// An idle connection's end in the kernel: slabs and buffers of 8,000 on Linux 6.18, at both ends, halved.
const KERNEL_KIB: f64 = 6.5;

/// A load, as its operator knows it.
#[derive(Debug, Clone, Copy, PartialEq, Args)]
pub struct SizingArgs {
    /// Connections at the same time
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub connections: u64,
    /// Publications a second that each connection is told: one open page is told four for each host that it shows
    #[arg(long, default_value_t = 4.0, value_parser = rate)]
    pub publications: f64,
    /// Bytes of a publication
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub bytes: u32,
    /// Publications a second of all topics, which every node follows [default: those of one connection]
    #[arg(long, value_parser = rate)]
    pub all_publications: Option<f64>,
    /// The transport of all
    #[arg(long, value_enum, default_value_t = Transport::Websocket)]
    pub transport: Transport,
    /// Cores of a node
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub cores: u32,
    /// Connections that a node may hold at most
    #[arg(long, default_value_t = CONNECTIONS_A_NODE, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub connections_a_node: u64,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.0..=1_000_000.0).contains(&rate) => Ok(rate),
        _ => Err("a number from 0 to 1000000".to_owned()),
    }
}

/// The needs of a load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizing {
    args: SizingArgs,
    /// Deliveries a second, of all nodes.
    pub deliveries: f64,
    /// Cores in use for deliveries, of all nodes.
    pub delivering: f64,
    /// Nodes that carry the load.
    pub nodes: u64,
    /// Nodes to start: one more where there are several, so that one may be down.
    pub started: u64,
    /// Connections of a node while another one is down.
    pub held: f64,
    /// The share of a node's cores in use while all are up.
    pub used_share: f64,
    /// Memory of a node with its share of the connections, MiB.
    pub node_mib: f64,
    /// Memory of the kernel for them, MiB.
    pub kernel_mib: f64,
    /// Bits a second that leave all nodes.
    pub bits: f64,
    /// Cores in use of all NATS servers; none for one node, which needs none.
    pub nats: Option<f64>,
}

/// A load that no number of nodes carries.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "every node follows all publications, which alone takes {following:.1} of its {cores} cores, and it may use {USED_SHARE} of them: take \
     nodes with more cores, or publish less"
)]
pub struct TooManyPublications {
    following: f64,
    cores: u32,
}

impl Sizing {
    /// Computes what a load needs.
    ///
    /// # Errors
    /// Where following all publications takes more than a node may use.
    pub fn of(args: SizingArgs) -> Result<Self, TooManyPublications> {
        let costs = TransportCosts::of(args.transport);
        let connections = args.connections as f64;
        let deliveries = connections * args.publications;
        let delivering = 1e-6 * connections * costs.micros_a_second(args.publications);
        let followed = args.all_publications.unwrap_or(args.publications).max(args.publications);
        let usable = f64::from(args.cores) * USED_SHARE;
        // Every node of several reads all publications, whoever listens.
        let following = 1e-6 * followed * NODE_MICROS;
        let nodes = if delivering <= usable && args.connections <= args.connections_a_node {
            1
        } else if following < usable {
            let by_cpu = (delivering / (usable - following)).ceil();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it saturates, and is not negative"
            )]
            let by_cpu = by_cpu as u64;
            by_cpu.max(args.connections.div_ceil(args.connections_a_node))
        } else {
            return Err(TooManyPublications { following, cores: args.cores });
        };
        let started = if nodes == 1 { 1 } else { nodes.saturating_add(1).max(3) };
        let several = started > 1;
        let in_use = delivering / started as f64 + if several { following } else { 0.0 };
        // While a node is down, the others hold its connections.
        let held = connections / (started - u64::from(several)) as f64;
        Ok(Self {
            args,
            deliveries,
            delivering,
            nodes,
            started,
            held,
            used_share: in_use / f64::from(args.cores),
            node_mib: BASE_MIB + held * costs.idle_kib / 1024.0,
            kernel_mib: held * KERNEL_KIB / 1024.0,
            bits: 8.0 * connections * costs.bytes_a_second(args.publications, f64::from(args.bytes)),
            nats: several.then_some(1e-6 * followed * NATS_MICROS),
        })
    }
}

/// The table that docs/scaling.md has.
impl fmt::Display for Sizing {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { args, .. } = self;
        let transport = TransportCosts::of(args.transport).name;
        writeln!(to, "deliveries     {} a second over {transport}", counted(self.deliveries))?;
        let spare = if self.started > 1 { ", so that one may be down" } else { "" };
        writeln!(to, "nodes          {} of {} cores{spare}", self.started, args.cores)?;
        writeln!(to, "connections    {} a node: its limits.connections", counted(self.held.ceil()))?;
        writeln!(
            to,
            "CPU            {:.1} cores in all, {:.0} % of each node",
            self.delivering,
            100.0 * self.used_share
        )?;
        writeln!(
            to,
            "memory         {:.0} MiB a node, and {:.0} MiB in the kernel",
            self.node_mib, self.kernel_mib
        )?;
        writeln!(to, "network        {} out of all nodes", bits(self.bits))?;
        match self.nats {
            None => writeln!(to, "NATS           none: one node keeps its log itself"),
            Some(cores) => writeln!(to, "NATS           3 servers, {} cores in all", cores_of(cores)),
        }
    }
}

/// A count with commas between thousands.
fn counted(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn cores_of(cores: f64) -> String {
    if cores < 0.01 { "under 0.01".to_owned() } else { format!("{cores:.2}") }
}

fn bits(rate: f64) -> String {
    if rate < 1e9 { format!("{:.1} Mbit/s", rate / 1e6) } else { format!("{:.1} Gbit/s", rate / 1e9) }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    const DOCS: &str = include_str!("../../docs/scaling.md");

    fn load(connections: u64) -> SizingArgs {
        SizingArgs {
            connections,
            publications: 4.0,
            bytes: 256,
            all_publications: None,
            transport: Transport::Websocket,
            cores: 4,
            connections_a_node: 100_000,
        }
    }

    #[test]
    fn the_table_of_the_docs_is_what_the_command_says() {
        let mut rows = String::new();
        for connections in [1_000, 10_000, 50_000, 100_000, 250_000, 1_000_000] {
            let sizing = Sizing::of(load(connections)).expect("it is carried");
            writeln!(
                rows,
                "| {} | {} | {} | {:.2} | {:.0} % | {:.0} MiB | {} | {} |",
                counted(connections as f64),
                counted(sizing.deliveries),
                sizing.started,
                sizing.delivering,
                100.0 * sizing.used_share,
                sizing.node_mib + sizing.kernel_mib,
                bits(sizing.bits),
                sizing.nats.map_or_else(|| "–".to_owned(), cores_of),
            )
            .expect("a String takes everything");
        }
        assert!(DOCS.contains(&rows), "docs/scaling.md needs these rows:\n{rows}");
    }

    #[test]
    fn the_docs_show_what_the_command_prints() {
        let printed = Sizing::of(SizingArgs { connections: 30_000, publications: 20.0, ..load(0) });
        let printed = printed.expect("it is carried").to_string();
        assert!(DOCS.contains(&printed), "docs/scaling.md needs:\n{printed}");
    }

    #[test]
    fn more_of_anything_never_needs_less() {
        let mut before = Sizing::of(load(1)).expect("it is carried");
        for step in 1..=60 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a billion")]
            let sizing = Sizing::of(load(1.4_f64.powi(step) as u64 + 1)).expect("it is carried");
            assert!(sizing.started >= before.started && sizing.delivering >= before.delivering, "{sizing:?}");
            assert!(sizing.used_share <= USED_SHARE + 0.01, "{sizing:?}");
            before = sizing;
        }
        for publications in [0.0, 0.1, 20.0, 100.0, 1000.0] {
            let sizing = Sizing::of(SizingArgs { publications, ..load(10_000) }).expect("it is carried");
            assert!(sizing.delivering.is_finite() && sizing.nodes >= 1, "{sizing:?}");
        }
    }

    #[test]
    fn what_no_number_of_nodes_carries_is_said() {
        let flood = |connections| SizingArgs { all_publications: Some(1_000_000.0), ..load(connections) };
        assert!(Sizing::of(flood(10)).is_ok(), "one node follows nobody");
        let refused = Sizing::of(flood(1_000_000)).expect_err("every node would have to follow them");
        assert!(refused.to_string().contains("take nodes with more cores"), "{refused}");
        let most = SizingArgs {
            connections: 100_000_000,
            publications: 1_000_000.0,
            cores: 1024,
            connections_a_node: 1,
            ..load(0)
        };
        assert!(Sizing::of(most).is_ok_and(|sizing| sizing.used_share <= USED_SHARE + 0.01));
    }

    #[test]
    fn numbers_are_written_with_commas() {
        assert_eq!([0.0, 999.0, 1000.0, 1_234_567.0].map(counted), ["0", "999", "1,000", "1,234,567"]);
    }
}
