//! The share of time that services were up, over real and over built histories.

use history::{History, HistorySettings, Resolution, Sample};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    made, read,
    support::{get, start_with},
    tcp, until,
};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(now.as_millis()).expect("a time")
}

/// A day of a past, by the days since its beginning: seconds up and down; none where nothing was known.
type Shape = fn(i64) -> Option<(f64, f64)>;

/// Builds the past of the first probe of a server, up to the last whole day.
fn build(folder: &std::path::Path, days: i64, shape: Shape) {
    let start = now() / DAY * DAY - days * DAY;
    let history = History::open(&folder.join("history"), HistorySettings::default(), start).expect("opened");
    let series = ["probe.up_seconds", "probe.down_seconds"].map(|metric| {
        let key = format!("local\0{metric}\01").into_bytes();
        history.register(&key, Resolution::FINEST).expect("registered")
    });
    for day in 0..days {
        // An answer a day, which stands for all of it.
        let at = start + day * DAY + DAY / 2;
        if let Some((up, down)) = shape(day) {
            for (series, value) in series.into_iter().zip([up, down]) {
                history.push(series, Sample { at, value }, at).expect("pushed");
            }
        }
        history.commit(at).expect("committed");
        history.maintain(at).expect("maintained");
    }
    history.commit(now()).expect("committed");
    history.maintain(now()).expect("maintained");
}

#[tokio::test(flavor = "multi_thread")]
async fn uptime_is_of_the_time_that_is_known_and_a_year_of_it_is_told_at_once() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().to_owned();
    // Of 400 days every tenth was unknown; on day 350 the service was down for six hours, on day 399 for half of one.
    tokio::task::spawn_blocking(move || {
        build(&folder, 400, |day| match day {
            day if day % 10 == 5 => None,
            350 => Some((64_800.0, 21_600.0)),
            399 => Some((84_600.0, 1_800.0)),
            _ => Some((86_400.0, 0.0)),
        });
    })
    .await
    .expect("it is built");
    let folder = data.path().to_owned();
    let server = start_with(move |config| config.data_dir = folder).await;
    let to = server.address;
    let nowhere = "127.0.0.1:9".parse().expect("an address");
    let mut body = tcp("shop", nowhere, None);
    body["paused"] = json!(true);
    assert_eq!(made(&server, "/api/v1/probes", body).await, 1);
    let told = read(&get(to, "/api/v1/probes/1/uptime?days=400").await);
    let days = told["days"].as_array().expect("days");
    assert_eq!(days.len(), 400);
    // The last one is today, of which nothing is known yet.
    let day = |number: usize| &days[number - 1];
    assert_eq!(
        (&day(350)["up_ms"], &day(350)["down_ms"]),
        (&json!(18 * HOUR), &json!(6 * HOUR)),
        "{}",
        day(350)
    );
    assert_eq!(day(399)["down_ms"], json!(HOUR / 2));
    assert_eq!((&day(395)["up_ms"], &day(395)["down_ms"]), (&json!(0), &json!(0)));
    assert_eq!((&day(1)["up_ms"], &day(399)["from_ms"]), (&json!(DAY), &json!(now() / DAY * DAY - DAY)));
    let sum = |field: &str| days.iter().filter_map(|day| day[field].as_i64()).sum::<i64>();
    assert_eq!(sum("down_ms"), 6 * HOUR + HOUR / 2);
    assert_eq!(sum("up_ms") + sum("down_ms"), 359 * DAY, "unknown days are not in it");
    assert_eq!(told["whole"]["up_ms"], json!(sum("up_ms")));
    let percent = told["percent"].as_f64().expect("a share");
    assert!((percent - 99.92).abs() < 0.005, "{percent}");
    let spans = told["spans"].as_array().expect("spans");
    let down = |span: &Value| span["down_ms"].as_i64();
    assert_eq!(
        spans.iter().map(down).collect::<Vec<_>>()[1..],
        [Some(HOUR / 2), Some(HOUR / 2), Some(6 * HOUR + HOUR / 2)]
    );

    let page = get(to, "/probes?days=1").await.body;
    assert!(page.contains("Uptime of 90 days: 2 with an outage"), "{page}");
    assert_eq!(page.matches("<th scope=\"row\"").count(), 90, "{page}");
    assert!(page.contains("97.91 %") && page.contains("75.00 %"), "{page}");
    assert!(!get(to, "/probes").await.body.contains("<th scope=\"row\""));
    for (path, status) in [
        ("/api/v1/probes/1/uptime?days=0", 400),
        ("/api/v1/probes/1/uptime?days=3661", 400),
        ("/api/v1/probes/1/uptime?days=-1", 400),
        ("/api/v1/probes/1/uptime?days=3660", 200),
        ("/api/v1/probes/2/uptime", 404),
        ("/api/v1/probes/x/uptime", 404),
        ("/probes?days=x", 200),
        ("/probes?days=77", 200),
    ] {
        assert_eq!(get(to, path).await.status, status, "{path}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_that_a_service_was_up_and_down_is_counted_as_it_passes() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().to_owned();
    let server = start_with(move |config| config.data_dir = folder).await;
    let service = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let began = now();
    let id = made(&server, "/api/v1/probes", tcp("shop", service.local_addr().expect("one"), None)).await;
    let path = format!("/api/v1/probes/{id}/uptime?days=2");
    let at_least = |field: &'static str, ms: i64| {
        move |told: &Value| told["whole"][field].as_i64().is_some_and(|known| known >= ms)
    };
    until(&server, &path, "it is up for two seconds", at_least("up_ms", 1_900)).await;
    drop(service);
    let told = until(&server, &path, "and down for one", at_least("down_ms", 900)).await;
    let known = told["whole"]["up_ms"].as_i64().zip(told["whole"]["down_ms"].as_i64());
    assert!(known.is_some_and(|(up, down)| up + down <= now() - began), "{told}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_history_there_is_no_uptime_and_the_page_is_there() {
    let server = start_with(|config| config.history.keep = false).await;
    let id = made(&server, "/api/v1/probes", tcp("shop", "127.0.0.1:9".parse().expect("one"), None)).await;
    assert_eq!(get(server.address, &format!("/api/v1/probes/{id}/uptime")).await.status, 404);
    let page = get(server.address, "/probes").await;
    assert!(page.status == 200 && !page.body.contains("class=\"uptime\""), "{}", page.body);
    server.stop().await;
}
