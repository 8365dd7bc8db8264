//! English.

use super::ConnectionsWords;

pub(super) const EN: ConnectionsWords = ConnectionsWords {
    intro: "Who is connected to this server right now, over which transport, and how well each keeps up. Only operators may look.",
    table: "Live connections",
    find: "Filter",
    find_hint: "Transport, address or topic",
    transport: "Transport",
    address: "Address",
    topics: "Topics",
    lag: "Lag",
    lag_hint: "Entries of its topics that it has not received yet",
    mailbox: "Buffered",
    mailbox_hint: "Bytes taken from the log that its socket has not taken yet",
    round_trip: "Round trip",
    round_trip_hint: "From the server to its client and back, as the kernel measured it, or the last ping",
    sent: "Sent",
    sent_hint: "Entries of the log that were sent to it, and bytes written",
    dropped: "Dropped",
    dropped_hint: "Entries that it never received: replaced by newer ones, or gone before it read them",
    since: "Since",
    actions: "Actions",
    this_page: "this page",
    no_topics: "none",
    unknown: "unknown",
    nobody: "Nobody is connected.",
    nothing_found: "No connection has this in its transport, address or topics.",
    show_all: "Show all",
    token: "Operator token",
    token_hint: "It is in the file operator-token in the server's data folder, unless the setting operator.token names another. This tab keeps it until it is closed.",
    token_wrong: "This is not the operator's token.",
    token_give: "Show connections",
    hidden: "Behind a proxy that buffers (Varnish, h2o, mitmproxy, lighttpd as it comes) a slow reader does not show: the proxy takes up to 64 MB for it, and its lag and dropped stay 0.",
    failed: "The connections could not be loaded.",
    old: "The list is not up to date: the server did not answer. It is asked again every second.",
    follow: "Follow",
    kick: "Disconnect",
    kick_title: "Disconnect this client?",
    kick_own: "It is this page's own connection, which will come back by itself.",
    kick_now: "Disconnect",
    cancel: "Cancel",
    frames: "Frames of",
    frames_table: "Frames, the newest first",
    time: "Time",
    way: "Direction",
    size: "Size",
    text: "Text",
    down: "to client",
    up: "from client",
    compressed: "compressed",
    cut: "(cut)",
    pause: "Pause",
    go_on: "Continue",
    close: "Close",
    waiting: "No frames since you began to follow.",
    ended: "This connection has ended.",
    lost: "It cannot be followed any more: the way to the server broke, or too many connections are followed at once.",
    on: "Following: new frames in both directions appear here.",

    shown: |shown, matching, total| {
        let of = |part: usize, whole: usize| [&part.to_string(), " of ", &whole.to_string()].concat();
        match (shown == matching, matching == total) {
            (true, true) => {
                [total.to_string().as_str(), if total == 1 { " connection" } else { " connections" }].concat()
            }
            (true, false) => [&of(matching, total), " connections"].concat(),
            (false, _) => ["the first ", &of(shown, matching), " connections"].concat(),
        }
    },
    follow_one: |address| ["Follow ", address].concat(),
    kick_one: |address| ["Disconnect ", address].concat(),
    kick_told: |address, transport, topics| {
        let topics = [topics.to_string().as_str(), if topics == 1 { " topic" } else { " topics" }].concat();
        [
            address,
            " over ",
            transport,
            " follows ",
            &topics,
            ". The client reconnects in a moment and resumes; nothing is lost.",
        ]
        .concat()
    },
    kicked: |address| [address, " was disconnected. Its client reconnects in a moment."].concat(),
    not_kicked: |address, why| [address, " could not be disconnected: ", why].concat(),
    missed: |count| [&count.to_string(), " frames are not shown: they came too fast."].concat(),
    paused: |count| ["Paused. ", &count.to_string(), " frames since then are not shown."].concat(),
};
