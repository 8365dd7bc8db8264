//! On the server: from the request, through its ports.

use charts::Chart;
use common::{
    Topic,
    history::History,
    host::{HostId, HostSnapshot},
    metric_catalog::MetricCatalog,
};
use leptos::{prelude::*, text_prop::TextProp};

use super::Reader;
use crate::{
    i18n::Language,
    ports::{Server, ServerPorts},
};

/// The chart as SVG text.
pub(crate) fn picture(chart: &Chart, width: u32, height: u32) -> String {
    charts::svg(chart, width, height)
}

/// A host as it is now, packed for the page.
pub(crate) fn host(id: &HostId) -> Option<HostSnapshot> {
    use_context::<Server>().and_then(|server| server.0.host(id)).map(packed)
}

/// The title of this moment. Leptos asks for it after the page is rendered, where the request may go on in a thread that does not know
/// the page's values.
pub(crate) fn title(read: impl Fn() -> String + Send + Sync + 'static) -> TextProp {
    read().into()
}

/// Half as long as text: of its moments the steps from one to the next, and of its rates whole bytes a second.
fn packed(mut snapshot: HostSnapshot) -> HostSnapshot {
    let History { at, rates, .. } = &mut snapshot.history;
    for at in [at, &mut rates.at] {
        let mut last = 0_u64;
        for at in at {
            let step = at.wrapping_sub(last);
            last = std::mem::replace(at, step);
        }
    }
    for rate in rates.values.values_mut().flatten().flatten() {
        *rate = rate.round();
    }
    snapshot
}

/// The server's catalog of metrics; an empty one where there is no server, as in tests of a part.
pub(crate) fn catalog() -> &'static MetricCatalog {
    static NONE: MetricCatalog = MetricCatalog { metrics: &[], panels: &[] };
    use_context::<Server>().map_or(&NONE, |server| server.0.catalog())
}

/// None: a page is told of notices in the browser alone.
pub(crate) const fn notice_topics() -> Vec<Topic> {
    Vec::new()
}

/// The topics on which the reader is told of notices, as they stand in the page; none where it is told of none.
pub(crate) fn notice_mark() -> Option<String> {
    let topics = use_context::<Server>()?.0.notice_topics();
    let topics: Vec<&str> = topics.iter().map(Topic::as_str).collect();
    (!topics.is_empty()).then(|| topics.join(" "))
}

/// Reads the reader's preferences from the request; those of nobody where there is no server, as in tests of a part.
pub(crate) fn reader() -> Reader {
    let nobody = || Reader { language: Language::En, theme: None, network: None };
    use_context::<Server>().map_or_else(nobody, |server| reader_of(&*server.0))
}

/// Reads the reader's preferences from a request.
pub(crate) fn reader_of(server: &dyn ServerPorts) -> Reader {
    let chosen = server.preference("lang");
    let language = Language::choose(chosen.as_deref(), server.accept_language().as_deref());
    let theme = server.preference("theme").filter(|theme| matches!(theme.as_str(), "light" | "dark"));
    Reader { language, theme, network: server.network() }
}

/// The path below which browsers find the board, without a slash at its end.
pub(crate) fn base() -> String {
    use_context::<Server>().map(|server| server.0.base_path().to_owned()).unwrap_or_default()
}

/// None: the server's routes are the same below every base path.
pub(crate) const fn router_base() -> String {
    String::new()
}

/// True where the reader has not signed in and is shown a part.
pub(crate) fn is_wall_display() -> bool {
    use_context::<Server>().is_some_and(|server| server.0.is_wall_display())
}

/// The `rel` of a link to another page: where the reader has to sign in first, the browser follows it, and the server leads to the
/// sign-in page.
pub(crate) fn page_link() -> Option<&'static str> {
    is_wall_display().then_some("external")
}

/// Answers with another status.
pub(crate) fn set_status(status: u16) {
    if let Some(server) = use_context::<Server>() {
        server.0.set_status(status);
    }
}

#[cfg(test)]
mod tests {
    use common::{
        Cursor, Epoch, Seq,
        history::{Columns, Rates},
        host::HostInfo,
    };

    use super::*;
    use crate::{first_paint::unpacked, live::Cell};

    /// Five minutes at the usual paces, with values as long as they get.
    fn full() -> HostSnapshot {
        let column =
            |moments: u64, value: f64| (0..moments).map(|n| Some(value + (n % 97) as f64 / 100.0)).collect();
        let columns = |ids: &[&'static str], moments, value| -> Columns {
            ids.iter().map(|id| ((*id).into(), column(moments, value))).collect()
        };
        let at = |moments: u64, step| (0..moments).map(|n| 1_795_838_213_390 + n * step + n % 3).collect();
        HostSnapshot {
            info: HostInfo {
                id: HostId::local(),
                hostname: "vm".into(),
                os: None,
                kernel: None,
                cpu_model: None,
                cores: 2,
                fast_ms: 500,
                slow_ms: 2000,
            },
            cursor: Cursor::new(Epoch(1), Seq(1)),
            at: 1_795_838_513_390,
            metrics: None,
            system: None,
            processes: None,
            names: Default::default(),
            history: History {
                at: at(600, 500),
                values: columns(&["cpu.total", "memory.percent", "disk.percent"], 600, 61.0),
                rates: Rates {
                    at: at(150, 2000),
                    values: columns(
                        &["network.received", "network.sent", "disk.read", "disk.written"],
                        150,
                        123_456_789.0,
                    ),
                },
            },
        }
    }

    #[test]
    fn a_title_outlives_the_values_that_it_was_made_of() {
        let owner = Owner::new();
        let text = owner.with(|| {
            let name = Cell::new("vm".to_owned());
            title(move || name.get())
        });
        drop(owner);
        let told = std::thread::spawn(move || text.get().to_string()).join();
        assert_eq!(told.expect("it is read elsewhere"), "vm");
    }

    #[test]
    fn five_minutes_of_history_go_into_the_page_small_and_come_out_whole() {
        let snapshot = full();
        let packed = packed(snapshot.clone());
        let text = serde_json::to_string(&packed).expect("JSON");
        assert!(text.len() < 24_000, "{} bytes", text.len());
        let HostSnapshot { history, .. } = unpacked(packed);
        assert_eq!((&history.at, &history.rates.at), (&snapshot.history.at, &snapshot.history.rates.at));
        assert_eq!(history.values, snapshot.history.values);
    }
}
