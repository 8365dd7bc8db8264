//! English.

use super::{Facts, LabWords};

pub(super) const EN: LabWords = LabWords {
    pages: "Pages of the lab",
    intro: "The same live numbers over every transport, side by side, measured in this browser and on this network. Each has its own connection and never switches.",

    conditions: "Conditions",
    lines: "All transports",
    all_on: "Start all",
    all_off: "Stop all",
    rate: "Publish rate",
    size: "Payload size",
    cut: "Break the connections",
    cut_server: "Close from the server",
    cut_network: "Drop the network for 5 s",
    network_gone: "These connections have no network for 5 seconds.",
    starved: "One of them waits for a free connection: over HTTP/1.1 a browser opens at most six to one server, WebSockets aside. Stop one, close another tab, or use HTTPS with HTTP/2.",
    missing: "What measures them could not be loaded. If trying again does not help, reload the page.",

    p50: "Latency p50",
    p99: "Latency p99",
    bytes: "Bytes per update",
    bytes_short: "Bytes",
    updates: "Updates",
    requests: "Requests",
    reconnect: "Reconnect",
    gaps: "Missing",
    doubled: "Duplicates",
    state: "State",
    in_ms: |name| [name, " (ms)"].concat(),
    in_bytes: |name| [name, " (B)"].concat(),

    how: "How this is measured",
    how_age: "From the server's time in each publication to its arrival in this page, over the last minute. The clocks are compared as NTP does it: by half of the best round trip.",
    how_counted: "Every frame that arrives is counted with all that is around it. Opening the connection, TLS and TCP are not in it.",
    how_compressed: "Counted before compression: this server compresses WebSocket messages, and browsers hide how much that saves.",
    how_heads: "The browser tells the size of each answer's body. Heads are estimated at what browsers usually send, and 300 bytes.",
    how_estimated: "Estimated: HTTP/2 packs heads and bodies in its own way, and browsers do not show it.",
    how_requests: "Requests made since the page was opened. A connection that stays open is one request.",
    how_reconnect: "From the moment the connection was lost until the server welcomed it again, the last time.",
    how_lost: "Each publication has a number. Missing are numbers that never came, duplicates those that came twice.",

    comparison: "Comparison",
    lanes_hint: "How old each update was when it arrived, over the last minute. Lines: p50 and p99; ▾ is the lowest.",
    best: "lowest",
    busy: |used| {
        match used {
        Some(used) => {
            ["The server is busy (CPU ", used, "): the high p99 is the machine's, not the transports'."].concat()
        }
        None => "Every transport is late now and then: this machine or this browser is busy. The high p99 is not the transports'.".to_owned(),
    }
    },
    chart_and_table: "Chart and table of all figures",
    all_figures: "All figures",
    measure: "What the chart shows",
    save_table: "Save table (CSV)",
    save_chart: "Save chart (PNG)",
    difference: "How they differ",
    direction: "Direction",
    format: "Format",
    protocol: "Protocol",
    comes_back: "After a break",
    limits: "Limits",
    choose: "Choose it when",

    a_second: |rate| [&rate.to_string(), " per second"].concat(),
    ended: |lines| match lines {
        0 => "No connection was open at that moment.".to_owned(),
        1 => "The server closed one connection.".to_owned(),
        _ => ["The server closed ", &lines.to_string(), " connections."].concat(),
    },
    clocks: |apart, error| {
        ["The server's clock is ", apart, " ms ahead of this browser's, give or take ", error, " ms."]
            .concat()
    },

    facts: [
        Facts {
            short: "WebSocket",
            direction: "Both ways on one connection.",
            format: "Frames of text or bytes; here one JSON object each.",
            protocol: "Its own (RFC 6455), after an HTTP handshake that asks for an upgrade.",
            comes_back: "Not by itself: the page opens it anew, here from its cursor.",
            limits: "Some proxies refuse the upgrade or cut idle connections. It is not among the six connections of HTTP/1.1.",
            choose: "Both sides send often, or every byte and millisecond counts.",
        },
        Facts {
            short: "SSE",
            direction: "From the server only; the way up is a request of its own.",
            format: "A text of blocks: id, event, data.",
            protocol: "An HTTP answer that never ends (text/event-stream).",
            comes_back: "The browser does it, with the last id. This page does it itself, to choose when.",
            limits: "Text only, and one of the six connections of HTTP/1.1. Proxies that buffer hold it back.",
            choose: "The server sends and the page only reads: the least code for live data.",
        },
        Facts {
            short: "Stream",
            direction: "From the server only.",
            format: "One JSON object a line (NDJSON).",
            protocol: "An HTTP answer that never ends, read piece by piece with fetch.",
            comes_back: "Not by itself: the page asks again from its cursor.",
            limits: "One of the six connections of HTTP/1.1. Proxies that buffer hold it back.",
            choose: "Programs and scripts read along: curl shows it as it is.",
        },
        Facts {
            short: "Long poll",
            direction: "From the server, as answers to questions.",
            format: "A JSON array of all that is new.",
            protocol: "Plain HTTP requests; the server holds each until there is something to say.",
            comes_back: "Each question names the place to go on from: a lost one is asked again.",
            limits: "Every answer costs a request with its heads, so much news costs much. One of the six connections of HTTP/1.1.",
            choose: "Something on the way ends or buffers every answer that stays open.",
        },
        Facts {
            short: "Poll",
            direction: "From the server, as answers to questions.",
            format: "A JSON array of all that is new.",
            protocol: "Plain HTTP requests, one a second.",
            comes_back: "Nothing is open between two questions, so nothing breaks.",
            limits: "News waits for the next question, half a second on average; and silence costs requests, too.",
            choose: "Seconds do not matter, or nothing else gets through.",
        },
        Facts {
            short: "Socket.IO",
            direction: "Both ways, as named events with acknowledgements.",
            format: "Packets of text: a digit for the kind, then JSON.",
            protocol: "Engine.IO 4 over WebSocket, or over long polling where that fails.",
            comes_back: "Its clients do it, and get what they missed where the server remembers it.",
            limits: "Both sides have to speak it: a library at each end. Its pings come on top.",
            choose: "Your programs speak it already, or you want its rooms and acknowledgements.",
        },
    ],
};
