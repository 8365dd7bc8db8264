//! English.

use common::frame::ByeReason;

use super::DoctorWords;

pub(super) const EN: DoctorWords = DoctorWords {
    name: "Doctor",
    intro: "What stands between this browser and the server: proxies, filters and the browser's own limits. It tries every kind of request, and the server tells how each arrived.",
    again: "Run again",
    copy: "Copy report",
    copied: "The report was copied.",
    not_copied: "The browser does not let this page copy. The report is selected: press Ctrl+C, or Cmd+C on a Mac.",
    proxy: "Your proxy",
    lines_for: "Lines for ",
    lines_whole: "All six transports",
    lines_http2: "HTTPS with HTTP/2",
    lines_are_all: "These lines were run with all six transports. docs/proxies.md has every proxy's, and their traps.",
    rest: "Other checks",
    silence_goes_on: " The idle test runs on to 100 s.",
    report: "Report",
    missing: "What examines could not be loaded. Try again; if that does not help, reload the page.",
    made: "Made",
    address: "Page",
    browser: "Browser",

    running: "Checking",
    well: "OK",
    note: "Note",
    fault: "Fault",
    unknown: "Not known",

    routes: "Transport endpoints",
    upgrade: "WebSocket upgrade",
    streaming: "Streaming",
    tls: "TLS",
    host: "Host header",
    http: "HTTP version",
    crowd: "Parallel requests",
    clock: "Clocks",
    idle: "Idle connections",

    blocked: "An endpoint is blocked",
    stripped: "The WebSocket upgrade is stripped",
    refused: "WebSocket upgrades are refused on the way",
    held: "Answers are held back",
    late: "Each event arrives late",
    no_tls: "The connection is not encrypted",
    opened: "Something opens TLS on the way",
    other_host: "A proxy changes the Host header",
    old_http: "A proxy speaks HTTP/1.0 to the server",
    six: "At most six requests at once",
    few_streams: "Few requests at once",
    apart: "The clocks are apart",
    cut: "Idle connections are cut",
    short_life: "Long answers are ended",

    mend_routes: "Let requests to /live/ and /socket.io/ through to the server.",
    mend_upgrade: "Pass the headers Upgrade and Connection on. Until then the page uses a transport that needs no upgrade.",
    mend_streaming: "Pass answers on as they come. Until then the page polls, which no buffer holds back.",
    mend_late: "Let the proxy send each piece at once. Until then every number is that much older than it need be.",
    mend_plain: "Serve the page over HTTPS: give the proxy a certificate, or Pulseboard itself (--tls-cert and --tls-key).",
    mend_tls: "A proxy of your own is fine as long as it passes answers on as they come. A filter or a virus scanner should leave this address alone.",
    mend_host: "Pass the Host header on as it came, and put that name under hosts in the server's settings. Until then whatever changes something is refused.",
    mend_http: "Have the proxy speak HTTP/1.1 to the server.",
    mend_six: "The tabs of this browser share one connection, so the dashboard needs only one of them. For more at once use HTTPS with HTTP/2.",
    mend_streams: "The dashboard needs one stream, so nothing is missing. For more let the proxy allow more concurrent streams on a connection.",
    mend_clock: "Set both clocks by NTP, on Linux with: timedatectl set-ntp true.",
    mend_idle: "Give idle connections more time, or have the server send more often: heartbeat_ms under [live] in its settings.",
    mend_life: "Readers come back from where they were, so nothing is lost. With these lines nothing ends.",

    asking: "Checking…",
    no_word: "The server did not tell how the requests arrived.",
    behind_block: "Could not be checked: its endpoint is blocked.",
    behind_host: "The Upgrade header arrived, but the server refuses the request for its Host. It is checked again as soon as the Host is right.",
    plain: "This page came without TLS: everyone on the way can read along.",
    plain_local: "This page came without TLS, from this very machine: nobody is in between.",
    too_few: "Could not be checked: too few events came to tell whether they arrive one at a time.",
    turned_away: |reason| {
        let why = match reason {
            ByeReason::TooManyConnections => {
                "too many connections (limits.connections_per_address or limits.connections in its settings)"
            }
            ByeReason::LogFull => "it keeps as many topics as it may",
            ByeReason::Shutdown => "it is stopping",
            ByeReason::Ended | ByeReason::SignedOut => "someone ended the connection",
            ByeReason::Renew => "it renews its connections",
        };
        ["Could not be checked: the server turned the stream away, because ", why, "."].concat()
    },
    late_seen: |ms, error| {
        [
            "Events arrive one at a time, but each of them ",
            ms,
            " ms after the server sent it (± ",
            error,
            " ms). Something on the way waits for more.",
        ]
        .concat()
    },
    held_long: |seconds| {
        [
            "A stream that begins with a few bytes passes, but nothing came for ",
            seconds,
            " s of one that begins with about a kilobyte, twice in a row. Compression on the way does that (Caddy before 2.11).",
        ]
        .concat()
    },
    answer_lost: "The request for a WebSocket reached the server with its Upgrade header, but the answer did not come back.",
    opened_held: " It also holds answers back.",
    held_all: |seconds| {
        [
            "The request reached the server, which published 3 times a second. Nothing of it came within ",
            seconds,
            " s, twice in a row.",
        ]
        .concat()
    },
    held_some: |seconds| {
        [
            "The server published 3 times a second, but it came in lumps, with nothing for ",
            seconds,
            " s in between, twice in a row.",
        ]
        .concat()
    },
    stream_refused: |status| match status {
        0 => "Could not be checked: the stream was not answered.".to_owned(),
        status => {
            ["Could not be checked: the stream was answered with status ", &status.to_string(), "."].concat()
        }
    },
    all_routes: |count| ["All ", &count.to_string(), " endpoints reach the server."].concat(),
    route_answered: |name, status| {
        [name, " is answered with ", &status.to_string(), ", and not by the server."].concat()
    },
    route_cut: |name| [name, ": the connection is cut before an answer."].concat(),
    route_silent: |name| [name, " is not answered."].concat(),
    socket_opened: |ms| ["A WebSocket opened within ", ms, " ms."].concat(),
    socket_stripped: |http| {
        ["The request for a WebSocket reached the server as ", http, " without its Upgrade header."].concat()
    },
    socket_refused: |ms| {
        [
            "The request for a WebSocket did not reach the server. It was ended after ",
            ms,
            " ms, twice in a row.",
        ]
        .concat()
    },
    socket_silent: |seconds| {
        [
            "The request for a WebSocket did not reach the server, and nothing came back within ",
            seconds,
            " s, twice in a row.",
        ]
        .concat()
    },
    streamed: |count, first| {
        [&count.to_string(), " events arrived one at a time, the first data after ", first, " ms."].concat()
    },
    whole: |http| {
        ["The browser and the server speak ", http, " with each other: nobody in between opens it."].concat()
    },
    ends_before: |http| {
        ["TLS ends at a proxy before the server, which passes requests on as ", http, "."].concat()
    },
    opened_seen: |browser, server| {
        [
            "The server offers HTTP/2 to everyone who comes over TLS. The browser speaks ",
            browser,
            ", and its requests arrive as ",
            server,
            ": someone in between has a certificate for this address.",
        ]
        .concat()
    },
    same_host: |host| ["Requests reach the server for ", host, ", as the browser asked."].concat(),
    other_seen: |asked, heard| {
        ["The browser asked for ", asked, ", but its requests reach the server as for ", heard, "."].concat()
    },
    arrives: |http| ["Requests reach the server as ", http, "."].concat(),
    old_seen: |browser| {
        [
            "The browser speaks ",
            browser,
            ", but its requests reach the server as HTTP/1.0: without upgrades, and with a new connection for every answer.",
        ]
        .concat()
    },
    all_at_once: |count, http| {
        ["All ", &count.to_string(), " requests reached the server at once, over ", http, "."].concat()
    },
    six_seen: |count, all, seconds| {
        [
            &count.to_string(),
            " of ",
            &all.to_string(),
            " requests reached the server at once; the others waited ",
            seconds,
            " s until one had ended. Over HTTP/1.1 a browser opens six connections to one server, for all tabs together.",
        ]
        .concat()
    },
    streams_seen: |count, all, seconds, http| {
        [
            &count.to_string(),
            " of ",
            &all.to_string(),
            " requests reached the server at once; the others waited ",
            seconds,
            " s until one had ended. Over ",
            http,
            " it is not the browser that counts: what it talks to allows few streams on one connection (lighttpd 8; Apache six at first, then more).",
        ]
        .concat()
    },
    clocks: |ms, error| ["The clocks are ", ms, " ms apart (± ", error, " ms)."].concat(),
    apart_seen: |ahead, long, error| {
        let way = if ahead { " ahead of" } else { " behind" };
        ["The server's clock is ", long, way, " this browser's (± ", error, " ms)."].concat()
    },
    silent_so_far: |seconds, all| {
        ["No data for ", &seconds.to_string(), " s of ", &all.to_string(), " so far, and not cut."].concat()
    },
    silent_long: |seconds| {
        ["A connection without data for ", &seconds.to_string(), " s was not cut."].concat()
    },
    cut_seen: |after, heartbeat, lives| {
        let so = if lives {
            ", so its lines live on."
        } else {
            ", which is too late: lines break when little happens."
        };
        [
            "A connection without data was cut after ",
            after,
            " s. The server sends at least every ",
            &heartbeat.to_string(),
            " s",
            so,
        ]
        .concat()
    },
    dropped: |seconds| {
        ["An idle connection was dropped without a word within ", &seconds.to_string(), " s."].concat()
    },
    life_seen: |name, seconds| {
        [
            name,
            " is on the way. As it comes it ends every answer ",
            &seconds.to_string(),
            " s after it began, however much flows.",
        ]
        .concat()
    },
    no_silence: |status| match status {
        0 => "Could not be checked: the idle answer did not begin.".to_owned(),
        status => ["Could not be checked: the answer had status ", &status.to_string(), "."].concat(),
    },
    found: |faults, notes| {
        let count = |count: usize, one: &str| {
            [count.to_string().as_str(), " ", one, if count == 1 { "" } else { "s" }].concat()
        };
        match (faults, notes) {
            (0, 0) => "Nothing is wrong between this browser and the server.".to_owned(),
            (0, notes) => {
                ["Nothing is wrong between this browser and the server; ", &count(notes, "note"), "."]
                    .concat()
            }
            (faults, 0) => [&count(faults, "fault"), " found."].concat(),
            (faults, notes) => [&count(faults, "fault"), " found, and ", &count(notes, "note"), "."].concat(),
        }
    },
};
