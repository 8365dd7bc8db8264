//! Costs of one connection and one delivery, as bench/RESULTS.md has them; a test compares the two.

use clap::ValueEnum;

/// Resident memory of a node without connections, MiB.
pub(super) const BASE_MIB: f64 = 27.0;
/// Three nodes over three NATS servers with three copies, at a thousand publications a second for thirty subscribers: deliveries for a second of CPU of them all, and the
/// share of NATS in it. There the publications cost, and hardly the deliveries.
const DELIVERIES_A_CPU_SECOND: f64 = 22867.0;
const NATS_SHARE: f64 = 0.62;
const SUBSCRIBERS: f64 = 30.0;
/// CPU of all NATS servers for one publication, microseconds.
pub(super) const NATS_MICROS: f64 = NATS_SHARE * 1e6 * SUBSCRIBERS / DELIVERIES_A_CPU_SECOND;
/// CPU of a node for following one publication, microseconds: of three, with one that took it in.
pub(super) const NODE_MICROS: f64 = (1.0 - NATS_SHARE) * 1e6 * SUBSCRIBERS / DELIVERIES_A_CPU_SECOND / 3.0;

/// The payload that was measured with, bytes.
const PAYLOAD: f64 = 256.0;

/// A transport whose costs were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Transport {
    /// WebSocket
    Websocket,
    /// Server-Sent Events
    Sse,
    /// NDJSON without end
    HttpStream,
    /// Long polling
    LongPolling,
    /// A question each second
    Polling,
    /// Socket.IO over WebSocket
    Socketio,
}

/// The costs of a transport.
#[derive(Debug, Clone, Copy)]
pub(super) struct TransportCosts {
    /// Its name in the tables.
    pub(super) name: &'static str,
    /// Resident memory of an idle connection, KiB.
    pub(super) idle_kib: f64,
    cpu: CpuCost,
    /// Bytes of a delivery, of a payload of [`PAYLOAD`].
    bytes: f64,
}

/// CPU, microseconds.
#[derive(Debug, Clone, Copy)]
enum CpuCost {
    /// Of a delivery, at 20, 100 and 1000 publications a second: the more come at once, the less each costs.
    OfDelivery([f64; 3]),
    /// Of a question, each second, whatever is in its answer.
    OfQuestion(f64),
}

/// The rates that deliveries were measured at.
const RATES: [f64; 3] = [20.0, 100.0, 1000.0];

impl TransportCosts {
    pub(super) const fn of(transport: Transport) -> Self {
        let (name, idle_kib, cpu, bytes) = match transport {
            Transport::Websocket => ("WebSocket", 3.50, CpuCost::OfDelivery([7.80, 6.84, 4.84]), 334.0),
            Transport::Sse => ("SSE", 3.03, CpuCost::OfDelivery([7.25, 6.41, 4.80]), 323.0),
            Transport::HttpStream => ("HTTP stream", 2.93, CpuCost::OfDelivery([7.80, 6.16, 4.76]), 338.0),
            Transport::LongPolling => {
                ("long polling", 4.23, CpuCost::OfDelivery([18.04, 12.27, 10.24]), 957.0)
            }
            Transport::Polling => ("polling", 3.81, CpuCost::OfQuestion(44.0), 367.0),
            Transport::Socketio => ("Socket.IO", 4.73, CpuCost::OfDelivery([9.61, 8.08, 5.52]), 322.0),
        };
        Self { name, idle_kib, cpu, bytes }
    }

    /// CPU of a connection for each second at a rate of publications, microseconds.
    pub(super) fn micros_a_second(&self, rate: f64) -> f64 {
        match self.cpu {
            CpuCost::OfQuestion(micros) => micros,
            // As it was measured at the next lower rate, and at least what a slower rate costs.
            CpuCost::OfDelivery(micros) => {
                let at = RATES.iter().rposition(|measured| *measured <= rate).unwrap_or(0);
                let here = rate * micros[at];
                let slower = (0..at).map(|lower| RATES[lower + 1] * micros[lower]).fold(0.0, f64::max);
                here.max(slower)
            }
        }
    }

    /// Bytes to a connection for each second.
    pub(super) fn bytes_a_second(&self, rate: f64, payload: f64) -> f64 {
        rate * (payload + self.bytes - PAYLOAD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULTS: &str = include_str!("../../../bench/RESULTS.md");

    /// The cells of the row that begins so.
    fn row(start: &str) -> Vec<&'static str> {
        let line = RESULTS.lines().find(|line| line.starts_with(start));
        line.unwrap_or_else(|| panic!("no row begins with {start:?}")).split('|').map(str::trim).collect()
    }

    fn number(cell: &str) -> f64 {
        cell.parse().unwrap_or_else(|_| panic!("{cell:?} is no number"))
    }

    #[test]
    fn every_cost_stands_in_the_results() {
        for transport in Transport::value_variants() {
            let costs = TransportCosts::of(*transport);
            let idle = RESULTS.lines().find_map(|line| {
                let cells: Vec<_> = line.split('|').map(str::trim).collect();
                (cells.get(1) == Some(&costs.name) && cells.get(2) == Some(&"Pulseboard"))
                    .then(|| number(cells[6]))
            });
            assert_eq!(idle, Some(costs.idle_kib), "{}", costs.name);
            let CpuCost::OfDelivery(micros) = costs.cpu else { continue };
            let crowds =
                if costs.name == "long polling" { ["250", "250", "25"] } else { ["1000", "1000", "100"] };
            for ((crowd, rate), micros) in crowds.iter().zip(RATES).zip(micros) {
                let cells = row(&format!("| {crowd} {}, {rate}/s | Pulseboard | ", costs.name));
                assert_eq!(number(cells[4]), micros, "{}, {rate}/s", costs.name);
                if rate == RATES[0] {
                    assert_eq!(number(cells[9]), costs.bytes, "{}", costs.name);
                }
            }
        }
        let question = row("| 900 clients, one publication in each answer | ");
        let CpuCost::OfQuestion(micros) = TransportCosts::of(Transport::Polling).cpu else {
            panic!("it is asked")
        };
        assert_eq!(number(question[2]), micros);
    }

    #[test]
    fn three_nodes_stand_in_the_results() {
        let cells = row("| 30 subscribers, 1000/s | Pulseboard | ");
        assert_eq!(number(cells[3]), DELIVERIES_A_CPU_SECOND);
        assert_eq!(number(cells[5].trim_end_matches(" %")) / 100.0, NATS_SHARE);
    }
}
