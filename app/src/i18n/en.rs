//! English.

use super::{finder::FinderWords, refusals, text::Words};

pub(super) const EN: Words = Words {
    // Frame.
    product: "Pulseboard",
    skip: "Skip to content",
    pages: "Pages",
    page_tools: "Page tools",
    no_script: "Live updates need JavaScript. What you see is from the moment the page was loaded.",

    // Connection.
    not_yet: "Waiting for the connection",
    connected: "Connected",
    disconnected: "Disconnected",
    connect: "Connect",
    disconnect: "Disconnect",
    connect_all: "Connect all",
    disconnect_all: "Disconnect all",
    connection: "Connection",
    state_idle: "Not connected",
    state_connecting: "Connecting",
    state_live: "Live",
    state_delayed: "Delayed",
    state_stale: "Stale",
    state_reconnecting: "Reconnecting",
    state_offline: "Offline",
    state_stopped: "Disconnected",
    transport: "Transport",
    round_trip: "Round trip",

    // Notifications.
    notices: "Notices",
    close: "Close",

    // Settings of the reader.
    theme_system: "System",
    theme_light: "Light",
    theme_dark: "Dark",
    language: "Language",

    // Palette and shortcuts.
    palette: "Search pages and actions",
    palette_hint: "Search pages and actions",
    shortcuts: "Keyboard shortcuts",

    // Time.
    range: "Time range",
    range_1: "1 min",
    range_5: "5 min",
    just_now: "just now",
    time: "Time",

    // Charts.
    table: "Table",
    chart: "Chart",
    save_png: "Save picture (PNG)",
    save_csv: "Save data (CSV)",
    legend: "Legend: choose a series to see it alone",
    legend_plain: "Legend",
    value: "Value",
    item: "Item",
    peak: "peak",
    no_value: "no value",
    warning: "Warning",
    critical: "Critical",
    since: "since",

    // Cards.
    now: "Now",
    cpu: "CPU",
    memory: "Memory",
    size: "Size",
    free: "Free",
    usage: "Usage",
    read_only: "read-only",
    left_out: |count| [&count.to_string(), " more not listed"].concat(),
    processes: "Processes",
    pid: "PID",
    user: "User",
    command: "Command",
    no_metrics: "The first measurement has not arrived yet.",

    // Trouble.
    loading: "Loading",
    trouble: "This page could not be loaded",
    trouble_hint: "Check that the server runs and that you can reach it, then try again.",
    trouble_id: "Quote this id when you ask for help",
    try_again: "Try again",
    not_loaded: "A part of the page did not arrive. Try again once the server can be reached.",
    no_answer: "The server did not answer.",
    unreadable: "What the server sent could not be read. Reload the page if it stays so.",
    past_trouble: "The charts have a hole: what was measured while this page was away could not be loaded.",
    account: "Account",
    hosts: "Hosts",
    lost: "There is no page at this address",
    lost_hint: "It may have been moved or mistyped.",
    to_overview: "Go to the overview",

    // Rooms of their own.
    finder: FINDER,

    // Sentences with something in them.
    age: |d| [d, " ago"].concat(),
    unread: |n| match n {
        0 => "Notices".into(),
        1 => "Notices: 1 unread".into(),
        n => ["Notices: ", &n.to_string(), " unread"].concat(),
    },
    refusal: refusals::en,
    answered: |status| ["refused (", &status.to_string(), ")"].concat(),
    refused_with: |status, said| ["The server refused (", &status.to_string(), "): ", said].concat(),
    theme_is: |x| ["Theme: ", x].concat(),
    more_of: |x| ["More for ", x].concat(),
    milliseconds: |n| [&n.to_string(), " ms"].concat(),
    seconds: |n| [&n.to_string(), " s"].concat(),
    minutes: |n| [&n.to_string(), " min"].concat(),
    hours: |n| [&n.to_string(), " h"].concat(),
    days: |n| if n == 1 { "1 day".into() } else { [&n.to_string(), " days"].concat() },
    running: |n| [&n.to_string(), " running"].concat(),
    level_for: |level, d| [level, " for ", d].concat(),
    level_over: |level, d| [level, " for over ", d].concat(),
};

const FINDER: FinderWords = FinderWords {
    recent: "Recent",
    cards: "Cards",
    rooms: "Rooms",
    actions: "Actions",
    choose: "choose",
    take: "open",
};
