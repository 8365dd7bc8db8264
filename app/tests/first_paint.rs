//! Tests the page that the server sends before any script has run.

use std::sync::{Arc, Mutex, OnceLock};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use app::{
    App,
    ports::{Server, ServerPorts},
};
use common::{
    Cursor, Epoch, Sample, Seq,
    history::{History, Rates},
    host::{HostId, HostInfo, HostSnapshot, Names},
    metric_catalog::MetricCatalog,
    sample::{Process, Processes},
    series::SeriesKey,
};
use leptos::prelude::*;
use leptos_router::location::RequestUrl;

#[test]
fn numbers_and_charts_are_there_before_any_script() {
    let page = render("/", &[], Some(snapshot()));
    for text in
        ["web-1.example", "12.5", "62.0", "81.3", "1.3\u{a0}MB/s", "postgres", "5.0\u{a0}GiB of 8.0\u{a0}GiB"]
    {
        assert!(page.html.contains(text), "{text} is missing");
    }
    assert!(page.html.matches("<svg class=\"ch\"").count() >= 7, "a chart is missing");
    assert_eq!(page.status, None);
}

#[test]
fn nothing_is_styled_inline_or_scripted_inline() {
    for path in ["/", "/lab", "/nowhere"] {
        let html = render(path, &[], Some(snapshot())).html;
        for forbidden in [" style=", "<style", "onclick", "javascript:"] {
            assert!(!html.contains(forbidden), "{path} has {forbidden}");
        }
    }
}

#[test]
fn every_id_is_unique_and_every_card_can_be_found() {
    let html = render("/", &[], Some(snapshot())).html;
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
    for card in ["cpu", "memory", "disk", "cores", "memory-swap", "network", "disk-io", "filesystems"] {
        assert!(html.contains(&format!("data-testid=\"card-{card}\"")), "{card}");
    }
}

#[test]
fn the_page_speaks_the_readers_language() {
    let html = render("/", &[("lang", "ko")], Some(snapshot())).html;
    for text in ["연결 대기 중", "메모리", "파일 시스템"] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("Waiting for the connection"));
}

#[test]
fn a_sensor_is_shown_by_its_name_and_one_without_by_its_place() {
    let html = render("/", &[], Some(snapshot())).html;
    let sensors = section(&html, "temperatures");
    assert!(sensors.contains("coretemp Core 0") && !sensors.contains("platform/coretemp.0"), "{sensors}");
    assert!(sensors.contains("nvme/nvme0/temp1") && sensors.contains("33.0"));
}

#[test]
fn names_from_outside_are_text() {
    let mut snapshot = snapshot();
    snapshot.info.hostname = "<script>alert(1)</script>".into();
    let html = render("/", &[], Some(snapshot)).html;
    assert!(!html.contains("<script>alert"));
}

#[test]
fn a_host_that_has_measured_nothing_yet_has_dashes_and_no_zeros() {
    let empty = HostSnapshot {
        metrics: None,
        system: None,
        processes: None,
        history: History::default(),
        ..snapshot()
    };
    let html = render("/", &[], Some(empty)).html;
    assert!(html.contains("The first measurement has not arrived yet"));
    assert!(!html.contains(">0.0"));
}

#[test]
fn what_gives_no_answer_says_since_when_and_what_is_not_listed_is_counted_in_both_languages() {
    let mut snapshot = snapshot();
    if let Some(metrics) = &mut snapshot.metrics {
        let dead = SeriesKey::labelled("filesystem.used", "/mnt/dead");
        metrics.no_answer.insert(dead, 1_795_183_000_000.0);
    }
    if let Some(system) = &mut snapshot.system {
        system.left_out.insert(SeriesKey::of("network.received"), 7.0);
    }
    for (language, silent, more) in [
        ("en", "No answer since 13:56:40", "7 more not listed"),
        ("ko", "13:56:40부터 응답 없음", "그 외 7개는 표시하지 않음"),
    ] {
        let html = render("/", &[("lang", language)], Some(snapshot.clone())).html;
        let filesystems = section(&html, "filesystems");
        assert!(filesystems.contains("/mnt/dead") && filesystems.contains(silent), "{filesystems}");
        assert!(filesystems.contains("81.3%"), "the other one has its numbers");
        assert!(section(&html, "network").contains(more));
    }
}

#[test]
fn an_unknown_host_is_waited_for() {
    assert!(render("/", &[], None).html.contains("skeleton"));
}

#[test]
fn an_unknown_address_is_answered_with_404() {
    let page = render("/nowhere", &[], Some(snapshot()));
    assert_eq!(page.status, Some(404));
    assert!(page.html.contains("There is no page at this address"));
}

#[test]
fn the_lab_has_its_frame_and_its_pages_are_those_it_lists() {
    let page = render("/lab", &[], Some(snapshot()));
    assert_eq!(page.status, None);
    assert!(page.html.contains("<h1>Lab</h1>") && page.html.contains("card--lanes skeleton"));
    let mut links =
        page.html.split("<a ").filter(|tag| tag.contains("href=\"/lab\"") && tag.contains("rail__link"));
    assert!(links.next().is_some_and(|tag| tag.contains("aria-current=\"page\"")));
    assert_eq!(render("/lab/nowhere", &[], Some(snapshot())).status, Some(404));
}

#[test]
fn what_is_known_of_the_last_minutes_is_drawn_at_any_pace() {
    // Of three points in a row a line can be drawn, and of three that lie far apart none.
    let drawn = |pace: u32, apart: u64| {
        let mut snapshot = snapshot();
        (snapshot.info.fast_ms, snapshot.info.slow_ms) = (pace, pace);
        let at: Vec<u64> = (1..=3).rev().map(|n| snapshot.at - n * apart).collect();
        let values = |id: &'static str| [(id.into(), vec![Some(10.0), Some(30.0), Some(20.0)])].into();
        snapshot.history = History {
            at: at.clone(),
            values: values("cpu.total"),
            rates: Rates { at, values: values("network.received") },
        };
        let html = render("/", &[], Some(snapshot)).html;
        [("cpu", "ch-s1"), ("network", "ch-s5")]
            .map(|(card, line)| section(&html, card).contains(&format!("class=\"{line}\"")))
    };
    assert_eq!(drawn(2_000, 2_000), [true, true]);
    assert_eq!(drawn(2_000, 60_000), [false, false]);
    assert_eq!(drawn(60_000, 60_000), [true, true]);
}

#[test]
fn what_is_wrong_and_since_when_is_there_before_any_script() {
    let told = |busy: f64| {
        let mut snapshot = snapshot();
        let at: Vec<u64> = (1..=240).rev().map(|n| snapshot.at - n * 1000).collect();
        let values = [("cpu.total".into(), at.iter().map(|_| Some(busy)).collect())].into();
        snapshot.history = History { at, values, rates: Rates::default() };
        let values = &mut snapshot.metrics.as_mut().expect("it has one").values;
        values.insert(SeriesKey::of("cpu.total"), busy);
        values.insert(SeriesKey::of("disk.percent"), 40.0);
        let system = &mut snapshot.system.as_mut().expect("it has one").values;
        system.extend(["load.1", "load.5", "load.15"].map(|load| (SeriesKey::of(load), busy / 10.0)));
        render("/", &[], Some(snapshot)).html
    };
    let ill = told(97.0);
    assert!(ill.matches("Critical for over 3 min").count() >= 2, "on its tile and on top");
    assert!(ill.contains("data-testid=\"load\" data-level=\"crit\""), "9.7 on two cores");
    assert!(ill.contains("data-verdict=\"ill\"") && !ill.contains("No warnings"));
    let well = told(7.0);
    assert!(well.contains("data-verdict=\"well\"") && well.contains("No warnings"));
    assert!(well.contains("worst 7.0%") && !well.contains("Critical"));
}

#[test]
fn what_is_judged_goes_by_the_thresholds_that_the_server_serves() {
    let levels = |thresholds: &str| {
        let text = CATALOG.replace("\t80 90 0", thresholds).leak();
        let catalog = Box::leak(Box::new(MetricCatalog::from_text(text)));
        let html = render_with(catalog, "/", &[], Some(snapshot())).html;
        let level = |card: &str| {
            let level = section(&html, card).split("data-level=\"").nth(1).expect("it is judged");
            level.split('"').next().expect("it ends").to_owned()
        };
        ["memory", "filesystems", "memory-swap"].map(level)
    };
    assert_eq!(levels("\t80 90 0"), ["none", "warn", "none"]);
    assert_eq!(levels("\t62 81.5 0"), ["warn", "warn", "warn"]);
    assert_eq!(levels("\t50 60.5 0"), ["crit", "crit", "crit"]);
    assert_eq!(levels("\t"), ["none", "none", "none"]);
}

#[test]
fn a_panel_that_this_page_was_never_told_of_is_shown_by_its_view() {
    let text = CATALOG.to_owned()
        + "m\tentropy.available\t5\t0\tEntropy\t엔트로피\t\n\
           p\tentropy\tEntropy\t엔트로피\t0\t55\t010\t256\t\t\t\t\t\t\tentropy.available 3 0\n\
           p\tof-tomorrow\tNew\t새\t99\t56\t000\t1\t\t\t\t\t\t\tentropy.available 3 0\n";
    let catalog = Box::leak(Box::new(MetricCatalog::from_text(text.leak())));
    let mut snapshot = snapshot();
    let system = snapshot.system.as_mut().expect("it has one");
    system.values.insert(SeriesKey::of("entropy.available"), 3_141.0);
    let html = render_with(catalog, "/", &[("lang", "ko")], Some(snapshot)).html;
    let card = section(&html, "entropy");
    assert!(card.contains("엔트로피") && card.contains(">3141<"), "{card}");
    assert!(html.contains("data-testid=\"tile-entropy\""));
    assert!(!html.contains("of-tomorrow"), "a view that is not known is left out");
}

#[test]
fn no_card_has_a_foot_and_each_says_what_became_of_it_to_those_who_hear() {
    let html = render("/", &[], Some(snapshot())).html;
    assert!(!html.contains("<footer"), "nothing is wrong");
    let cards = html.matches("data-testid=\"card-").count();
    assert_eq!(html.matches("data-testid=\"status\"").count(), cards);
    assert_eq!(html.matches("aria-haspopup=\"menu\"").count(), cards, "each can be turned off");
}

#[test]
fn where_there_is_no_page_there_is_nothing_to_connect() {
    let tools = |path| {
        let html = render(path, &[], Some(snapshot())).html;
        ["connect-all", "range", "theme"].map(|tool| html.contains(&format!("data-testid=\"{tool}\"")))
    };
    assert_eq!(tools("/"), [true, true, true]);
    assert_eq!(tools("/nowhere"), [false, false, true]);
    assert_eq!(tools("/lab"), [false, false, true], "its lines are its own");
}

#[test]
fn what_only_a_script_can_serve_is_no_button_before_it_runs() {
    let html = render("/", &[], Some(snapshot())).html;
    let network = section(&html, "network");
    assert!(network.contains("<span class=\"legend__item\">") && !network.contains("aria-pressed"));
}

/// A card's part of the page.
fn section<'a>(html: &'a str, card: &str) -> &'a str {
    let mark = format!("data-testid=\"card-{card}\"");
    let rest = &html[html.find(&mark).expect("the card is there")..];
    &rest[..rest.find("</section>").expect("it ends")]
}

struct Page {
    html: String,
    status: Option<u16>,
}

struct Request {
    cookies: Vec<(&'static str, &'static str)>,
    host: Option<HostSnapshot>,
    catalog: &'static MetricCatalog,
    status: Mutex<Option<u16>>,
}

impl ServerPorts for Request {
    fn network(&self) -> Option<String> {
        None
    }

    fn host(&self, _: &HostId) -> Option<HostSnapshot> {
        self.host.clone()
    }

    fn catalog(&self) -> &'static MetricCatalog {
        self.catalog
    }

    fn preference(&self, name: &str) -> Option<String> {
        self.cookies.iter().find(|cookie| cookie.0 == name).map(|cookie| cookie.1.to_owned())
    }

    fn accept_language(&self) -> Option<String> {
        None
    }

    fn set_status(&self, status: u16) {
        *self.status.lock().expect("no panic while it was held") = Some(status);
    }
}

/// Nothing runs while a page is rendered in one go.
struct NoTasks;

impl CustomExecutor for NoTasks {
    fn spawn(&self, _: PinnedFuture<()>) {}

    fn spawn_local(&self, _: PinnedLocalFuture<()>) {}

    fn poll_local(&self) {}
}

/// The catalog of a server as it was when this was written: `data-catalog` of a page.
const CATALOG: &str = include_str!("catalog.txt");

fn render(path: &str, cookies: &[(&'static str, &'static str)], host: Option<HostSnapshot>) -> Page {
    static CATALOG_READ: OnceLock<MetricCatalog> = OnceLock::new();
    render_with(CATALOG_READ.get_or_init(|| MetricCatalog::from_text(CATALOG)), path, cookies, host)
}

fn render_with(
    catalog: &'static MetricCatalog,
    path: &str,
    cookies: &[(&'static str, &'static str)],
    host: Option<HostSnapshot>,
) -> Page {
    // The first test to come here sets it for all.
    let _ = Executor::init_custom_executor(NoTasks);
    let request = Arc::new(Request { cookies: cookies.to_vec(), host, catalog, status: Mutex::new(None) });
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(RequestUrl::new(path));
        provide_context(Server(request.clone()));
        App().to_html()
    });
    let status = *request.status.lock().expect("no panic while it was held");
    Page { html, status }
}

fn names() -> Names {
    let mut names = Names::default();
    names.insert("platform/coretemp.0/temp2".into(), "coretemp Core 0".into());
    names
}

fn snapshot() -> HostSnapshot {
    let gib = f64::from(1 << 30);
    let of = SeriesKey::of;
    let metrics = [(of("cpu.total"), 12.5), (of("memory.percent"), 62.0), (of("disk.percent"), 81.3)];
    let system = [
        (SeriesKey::labelled("cpu.core", 0), 12.0),
        (SeriesKey::labelled("cpu.core", 10), 3.0),
        (of("memory.used"), 5.0 * gib),
        (of("memory.total"), 8.0 * gib),
        (SeriesKey::labelled("network.received", "eth0"), 1_250_000.0),
        (SeriesKey::labelled("network.sent", "eth0"), 3_000.0),
        (SeriesKey::labelled("disk.read", "sda"), 0.0),
        (SeriesKey::labelled("disk.written", "sda"), 9_000.0),
        (SeriesKey::labelled("temperature", "platform/coretemp.0/temp2"), 41.5),
        (SeriesKey::labelled("temperature", "nvme/nvme0/temp1"), 33.0),
        (SeriesKey::labelled("of.tomorrow", "x"), 1.0),
        (SeriesKey::labelled("filesystem.used", "/"), 81.3 * gib),
        (SeriesKey::labelled("filesystem.total", "/"), 100.0 * gib),
    ];
    let process =
        Process { pid: 7, name: "postgres".into(), cpu: 3.0, memory: 1 << 30, ..Process::default() };
    HostSnapshot {
        info: HostInfo {
            id: HostId::local(),
            hostname: "web-1.example".into(),
            os: None,
            kernel: None,
            cpu_model: None,
            cores: 2,
            fast_ms: 500,
            slow_ms: 2_000,
        },
        cursor: Cursor::new(Epoch(1), Seq(9)),
        at: 1_795_183_407_000,
        metrics: Some(Sample { at: 1_795_183_406_900, values: metrics.into(), ..Sample::default() }),
        system: Some(Sample { at: 1_795_183_406_000, values: system.into(), ..Sample::default() }),
        processes: Some(Processes {
            at: 1_795_183_406_000,
            count: 1,
            by_cpu: vec![process.clone()],
            by_memory: vec![process],
        }),
        names: names(),
        history: History {
            at: vec![1_795_183_400_000, 1_795_183_401_000],
            values: [("cpu.total".into(), vec![Some(10.0), None])].into(),
            rates: Rates::default(),
        },
    }
}
