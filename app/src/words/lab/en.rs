//! English.

use super::{Facts, LabWords};

pub(super) const EN: LabWords = LabWords {
    pages: "Pages of the lab",
    compare: "Compare",
    intro: "The same live numbers over every transport, side by side, measured in this browser and on this network. Each card has a line of its own and stays with its transport.",

    conditions: "Conditions",
    all_on: "All on",
    all_off: "All off",
    rate: "Publish rate",
    size: "Payload size",
    cut: "Cut the lines",
    cut_server: "Server closes them",
    cut_network: "No network for 5 s",
    network_gone: "These lines have no network for 5 seconds.",
    starved: "A line waits for a free connection: over HTTP/1.1 a browser opens at most six to one server, for all of its tabs together, and WebSockets are not among them. Turn a card off, close another tab, or use HTTPS, which brings HTTP/2.",
    missing: "What measures the lines could not be loaded. If trying again does not help, reload the page.",

    p50: "Age p50",
    p99: "Age p99",
    bytes: "Bytes per update",
    updates: "Updates",
    requests: "Requests",
    reconnect: "Reconnect",
    gaps: "Missing",
    doubled: "Doubled",
    state: "State",
    in_ms: |name| [name, " (ms)"].concat(),
    in_bytes: |name| [name, " (B)"].concat(),

    how: "How this is measured",
    how_age: "From the server's time in each publication to its arrival in this page, over the last minute. The clocks are compared as NTP does it, with plain requests: half of the best round trip is taken for the way there.",
    how_counted: "Every frame that arrives is counted with all that is around it. The opening of the line, TLS and TCP are not in it.",
    how_compressed: "Counted before compression: this server compresses WebSocket messages, and browsers hide how much that saves.",
    how_heads: "The browser tells the size of each answer's body. It hides the heads of questions and answers: they are estimated at what browsers usually send, and 300 bytes.",
    how_estimated: "Estimated: HTTP/2 packs heads and bodies in its own way, and browsers do not show it.",
    how_requests: "Requests made since the page was opened. A line that stays open is one request.",
    how_reconnect: "From the moment the line was lost until the server welcomed it again, the last time.",
    how_lost: "Each publication has a number. Missing are numbers that never came, doubled those that came twice.",

    comparison: "Comparison",
    measure: "What the chart shows",
    save_table: "Save table (CSV)",
    save_chart: "Save chart (PNG)",
    difference: "What the difference is",
    not_measured: "Nothing has been measured yet: connect it above.",
    direction: "Direction",
    format: "Format",
    protocol: "Protocol",
    comes_back: "After a break",
    limits: "Limits",
    choose: "Choose it when",
    here: "Here",

    a_second: |rate| [&rate.to_string(), " a second"].concat(),
    ended: |lines| match lines {
        0 => "No line was open at that moment.".to_owned(),
        1 => "The server closed one line.".to_owned(),
        _ => ["The server closed ", &lines.to_string(), " lines."].concat(),
    },
    measured: |p50, p99, bytes| {
        [
            "Half of the updates arrived within ",
            p50,
            " ms, 99 of 100 within ",
            p99,
            " ms, at ",
            bytes,
            " bytes each.",
        ]
        .concat()
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
            limits: "Some proxies refuse the upgrade or cut silent lines. It is not among the six connections of HTTP/1.1.",
            choose: "both sides speak often, or every byte and millisecond counts.",
        },
        Facts {
            short: "SSE",
            direction: "From the server only; the way up is a request of its own.",
            format: "A text of blocks: id, event, data.",
            protocol: "An HTTP answer that never ends (text/event-stream).",
            comes_back: "The browser does it, with the last id. This page does it itself, to choose when.",
            limits: "Text only, and one of the six connections of HTTP/1.1. Proxies that buffer hold it back.",
            choose: "the server speaks and the page listens: the least code for live data.",
        },
        Facts {
            short: "Stream",
            direction: "From the server only.",
            format: "One JSON object a line (NDJSON).",
            protocol: "An HTTP answer that never ends, read piece by piece with fetch.",
            comes_back: "Not by itself: the page asks again from its cursor.",
            limits: "One of the six connections of HTTP/1.1. Proxies that buffer hold it back.",
            choose: "programs and scripts read along: curl shows it as it is.",
        },
        Facts {
            short: "Long poll",
            direction: "From the server, as answers to questions.",
            format: "A JSON array of all that is new.",
            protocol: "Plain HTTP requests; the server holds each until there is something to say.",
            comes_back: "Each question names the place to go on from: a lost one is asked again.",
            limits: "Every answer costs a request with its heads, so much news costs much. One of the six connections of HTTP/1.1.",
            choose: "something on the way ends or buffers every answer that stays open.",
        },
        Facts {
            short: "Poll",
            direction: "From the server, as answers to questions.",
            format: "A JSON array of all that is new.",
            protocol: "Plain HTTP requests, one a second.",
            comes_back: "Nothing is open between two questions, so nothing breaks.",
            limits: "News waits for the next question, half a second on average; and silence costs requests, too.",
            choose: "seconds do not matter, or nothing else gets through.",
        },
        Facts {
            short: "Socket.IO",
            direction: "Both ways, as named events with acknowledgements.",
            format: "Packets of text: a digit for the kind, then JSON.",
            protocol: "Engine.IO 4 over WebSocket, or over long polling where that fails.",
            comes_back: "Its clients do it, and get what they missed where the server remembers it.",
            limits: "Both sides have to speak it: a library at each end. Its pings come on top.",
            choose: "your programs speak it already, or you want its rooms and acknowledgements.",
        },
    ],
};
