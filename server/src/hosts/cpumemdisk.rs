//! The simplest form of this machine's numbers on Socket.IO: a namespace with a hello and three numbers, as short
//! tutorials write it. `GET /sse/cpumemdisk` is the same over Server-Sent Events.

use common::host::HostId;
use fanout::WireFormat;
use transports::{
    routes::FREE_SLOT,
    socketio::{RawNamespace, raw_frame, raw_packet},
};

const NAMESPACE: &str = "/socketio/cpumemdisk";
const EVENT: &str = "data";

static FRAME: WireFormat =
    WireFormat::new("socketio_cpumemdisk", FREE_SLOT, |entry| raw_frame(NAMESPACE, EVENT, entry));
static PACKET: WireFormat = WireFormat::new("socketio_cpumemdisk_polling", FREE_SLOT + 1, |entry| {
    raw_packet(NAMESPACE, EVENT, entry)
});

/// Its wire forms, for figures.
pub(crate) const FORMS: [&WireFormat; 2] = [&FRAME, &PACKET];

/// The namespace of a host.
pub(crate) fn namespace(host: &HostId) -> RawNamespace {
    RawNamespace {
        namespace: NAMESPACE,
        topic: host.bare_topic(),
        hello: "init-msg",
        frame: &FRAME,
        packet: &PACKET,
    }
}
