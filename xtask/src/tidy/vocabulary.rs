//! Things bear the names that their field gives them: words of our own that were renamed do not come back.

use super::banned_words::names;
use super::source::Source;
use super::violation::Violation;

const WHY: &str = "a stranger must find it by the name that they would search for";

/// Names of crates.
type Crates = &'static [&'static str];
/// Pairs of an old word and the field's.
type Renames = &'static [(&'static str, &'static str)];

/// The words of some crates: each old word, and the word of the field. A name begins with an upper-case letter where types are meant.
const RENAMED: &[(Crates, Renames)] = &[
    (
        &["app/src/", "bench/src/", "charts/src/", "frontend/src/", "server/src/", "xtask/src/"],
        &[
            ("Kind", "a compound that says of which thing"),
            ("Known", "a compound that says of which thing"),
            ("Place", "a compound that says of which thing"),
            ("Said", "a compound that says of which thing"),
            ("Told", "a compound that says of which thing"),
            ("Way", "a compound that says of which thing"),
            ("Asked", "a query or a request, by its address"),
            ("Testimony", "ProbeReport"),
            ("testimony", "probe_report"),
        ],
    ),
    (
        &["app/src/"],
        &[
            ("Bell", "Notifications"),
            ("Deed", "Action"),
            ("Kept", "Stored"),
            ("Knock", "Preflight"),
            ("Mend", "Problem"),
            ("Paper", "ChartCanvas"),
            ("Part", "ErasedView"),
            ("Past", "TrendHistory"),
            ("Piece", "LazyChunk"),
            ("Seat", "Lane"),
            ("Silence", "IdleProbe"),
            ("Tap", "CardFeed"),
            ("Tip", "Tooltip"),
            ("Twin", "DataTable"),
            ("Twins", "ToggleButtons"),
        ],
    ),
    (
        &["frontend/src/"],
        &[
            ("Choice", "TransportSelector"),
            ("Company", "TabCoordinator"),
            ("company", "coordinator"),
            ("Guest", "Follower"),
            ("guest", "follower"),
            ("Relay", "Broadcaster"),
            ("Strand", "LabConnection"),
            ("Trial", "UpgradeProbe"),
            ("Word", "TabMessage"),
        ],
    ),
    (&["charts/src/"], &[("Ink", "ColorRole"), ("CanvasPaper", "CanvasBackend"), ("SvgPaper", "SvgBackend")]),
    (
        &["server/src/"],
        &[
            ("Inbox", "MessageRouter"),
            ("Means", "TaskContext"),
            ("Places", "ConnectionSlots"),
            ("Refused", "the feature's error: ChatError, LabError"),
            ("Rounds", "PeriodicTask"),
            ("Silence", "IdleProbe"),
            ("Witness", "RequestLog"),
        ],
    ),
    (&["xtask/src/"], &[("Chore", "Task"), ("Ban", "BannedWords")]),
    (&["bench/src/"], &[("Crowd", "SubscriberPool"), ("Looking", "InspectorPoller")]),
];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let of_file =
        RENAMED.iter().filter(|(within, _)| within.iter().any(|start| source.path.starts_with(start)));
    let words: Vec<_> = of_file.flat_map(|(_, words)| *words).collect();
    let mut violations = Vec::new();
    for (number, line) in source.lines() {
        for (old, new) in &words {
            if names(line, old) {
                violations.push(Violation::new(&source.path, number, format!("`{old}` is now {new}"), WHY));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::super::violation::Violation;
    use super::check;

    fn complaints(path: &str, text: &str) -> Vec<usize> {
        check(&Source::new(path, text)).iter().map(Violation::line).collect()
    }

    #[test]
    fn a_word_of_our_own_does_not_come_back() {
        assert_eq!(complaints("app/src/live/a.rs", "\npub struct Bell;\n"), [2]);
        assert_eq!(complaints("frontend/src/feed.rs", "self.company.open();"), [1]);
        assert_eq!(complaints("server/src/chat/api.rs", "struct Asked {"), [1]);
    }

    #[test]
    fn it_may_stand_in_compounds_in_prose_and_in_other_crates() {
        assert!(complaints("app/src/live/a.rs", "struct NotificationKind;\n// The Bell.\n").is_empty());
        assert!(complaints("charts/src/a.rs", "struct Slot;\n").is_empty());
    }
}
