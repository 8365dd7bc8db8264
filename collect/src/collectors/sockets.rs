//! Counts TCP connections.

mod tables;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

pub(crate) use self::tables::{SocketProbe, SocketReport};
use self::tables::{parse_established, parse_socket_counts};
use super::{BackgroundReports, Collector, Readings, background::LatestReport, small_file::SmallFile};

/// Connections that carry data, as the TCP MIB counts them (RFC 4022, `tcpCurrEstab`): those that only the peer has closed count, too.
const ESTABLISHED: Metric =
    Metric::gauge("tcp.established", Unit::Count, LocalizedText::new("TCP connections", "TCP 연결"));
/// Connections that no program holds any more and that are not closed yet: of the whole machine, whatever network asks. The kernel
/// has one counter of them (`tcp_orphan_count` in net/ipv4/tcp.c).
const ORPHANS: Metric =
    Metric::gauge("tcp.orphans", Unit::Count, LocalizedText::new("TCP orphans", "고아 TCP 연결"));
/// Sockets in a state of RFC 9293.
const SOCKETS: Metric =
    Metric::gauge("tcp.sockets", Unit::Count, LocalizedText::new("TCP sockets", "TCP 소켓"))
        .by(&[Label { id: "state", name: LocalizedText::new("State", "상태") }]);

/// TCP of this process's network, IPv4 and IPv6: in a container that is the container's. The orphans alone are those of the machine.
///
/// Connections and orphans come from `/proc/net/snmp` and `/proc/net/sockstat` (proc_pid_net(5)), which cost the same however many there are.
/// The states come from `/proc/net/tcp` and `tcp6`, which the kernel writes a line for each socket of: [`SocketProbe`] reads them in a
/// part of its own, only while there are few enough, and the more seldom the longer it takes.
pub(super) struct Sockets {
    snmp: SmallFile,
    counts: SmallFile,
    states: LatestReport<SocketReport>,
}

impl Collector for Sockets {
    const METRICS: &'static [Metric] = &[ESTABLISHED, ORPHANS, SOCKETS];
    const PANELS: &'static [Panel] = &[
        Panel::new(PanelView::Fact, "tcp", 37, ESTABLISHED.name, &[PanelLine::of(&ESTABLISHED, 0)]),
        Panel::new(PanelView::Values, "tcp-states", 92, SOCKETS.name, &[PanelLine::of(&SOCKETS, 0)]),
    ];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self {
            snmp: SmallFile::new("/proc/net/snmp"),
            counts: SmallFile::new("/proc/net/sockstat"),
            states: apart.sockets.clone(),
        })
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        into.set(&ESTABLISHED, self.snmp.read().and_then(parse_established).map(|count| count as f64));
        let orphans = self.counts.read().and_then(|text| parse_socket_counts(text)?.orphans);
        into.set(&ORPHANS, orphans.map(|count| count as f64));
        let Some((report, silent)) = self.states.find() else { return };
        for (state, count) in report.states() {
            match silent {
                None => into.set_labelled(&SOCKETS, state, count as f64),
                Some(since) => into.no_answer(&SOCKETS, Some(state), since),
            }
        }
    }
}
