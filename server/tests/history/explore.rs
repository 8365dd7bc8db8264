//! Series of any hosts, overlaid in a document, in a picture and in a table, from a folder that was written before the server started.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use history::{History, HistorySettings, Resolution, Sample};

use crate::support::{Answer, TestServer, get, start_with};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// Writes series with a sample a minute for the last half an hour, and the same half an hour of the day before; the ten minutes in the middle
/// are missing.
fn write(folder: &Path, series: &[&str], now: i64) {
    let history = History::open(folder, HistorySettings::default(), now).expect("a folder");
    for (number, key) in series.iter().enumerate() {
        let resolution = Resolution::decimals(2).expect("few");
        let series = history.register(key.as_bytes(), resolution).expect("a series");
        for minute in (0..10).chain(20..30) {
            for (before, more) in [(DAY, 0.5), (0, 0.0)] {
                let at = now - before - (30 - minute) * MINUTE;
                let value = minute as f64 + 100.0 * number as f64 + more;
                history.push(series, Sample { at, value }, now).expect("it is taken");
            }
        }
    }
    history.commit(now).expect("written");
}

/// Starts a server over these series.
pub(crate) async fn over(series: &[&str], now: i64) -> TestServer {
    start_with(|config| write(&config.data_dir.join("history"), series, now)).await
}

async fn explore(server: &TestServer, query: &str) -> Answer {
    get(server.address, &format!("/explore?{query}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn series_are_drawn_over_each_other_with_their_gaps_and_another_day() {
    let now = now();
    let server = over(&["local\0probe.a\0C:50%", "local\0probe.b", "elsewhere\0probe.a"], now).await;
    let range = format!("from={}&to={}", now - 31 * MINUTE, now);
    let page = explore(&server, &format!("series=local:probe.a:C%253A50%2525&{range}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("C:50%") && page.body.contains("fill-opacity=\".18\""), "it has a band");
    let line = page.body.split("stroke-linejoin").nth(1).and_then(|rest| rest.split(" d=\"").nth(1));
    let line = line.and_then(|rest| rest.split('"').next()).expect("a line");
    assert_eq!(line.matches('M').count(), 2, "the gap is one: {line}");

    let both = format!("series=local:probe.a:C%253A50%2525&series=local:probe.b&{range}&compare=day");
    let page = explore(&server, &both).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!page.body.contains("fill-opacity=\".18\""), "several have no bands");
    assert!(page.body.contains("a day before") && page.body.contains("stroke-opacity=\".6\""));
    assert_eq!(page.body.matches("data-values=").count(), 4, "a row of the legend for each line");
    for figure in ["29.5", "129.5"] {
        assert!(page.body.contains(figure), "{figure}");
    }
    // Every link and every form carries the time.
    let links: Vec<&str> = page.body.split("href=\"/explore?").skip(1).collect();
    assert!(links.len() > 10);
    for link in links {
        let link = link.split('"').next().unwrap_or_default();
        assert!(link.contains("from=") && link.contains("to=") || link.contains("span="), "{link}");
    }

    let found = explore(&server, &format!("find=PROBE&{range}")).await;
    assert!(found.body.contains("2 series") && !found.body.contains("elsewhere"), "{}", found.body);
    assert!(found.body.contains("series=local%3Aprobe.a%3AC%253A50%2525"));
    assert!(explore(&server, "find=c:50").await.body.contains("1 series"));
    assert!(explore(&server, "find=no+such").await.body.contains("all of these words"));
    let long_ago = explore(&server, "find=probe&from=1000000000000&to=1000000900000").await;
    assert!(long_ago.body.contains("all of these words"), "they have no sample then");

    let picture = get(server.address, &format!("/explore.svg?{both}")).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/svg+xml; charset=utf-8")));
    assert!(picture.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    assert!(picture.body.starts_with("<svg") && picture.body.contains("C:50%"), "{}", picture.body);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_has_a_row_for_each_step_and_an_empty_cell_for_a_gap() {
    let now = now() / MINUTE * MINUTE;
    let server = over(&["local\0probe.a\0=1+1", "local\0cpu.total\0x"], now).await;
    let range = format!("from={}&to={}&step=60000&zone=%2B09:00", now - 30 * MINUTE, now);
    let series = "series=local:probe.a:%3D1%2B1&series=local:cpu.total:x";
    let table = get(server.address, &format!("/api/v1/range.csv?{series}&{range}")).await;
    assert_eq!((table.status, table.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    let name = table.header("content-disposition").expect("a name");
    assert!(name.starts_with("attachment; filename=\"pulseboard-2") && name.ends_with(".csv\""), "{name}");
    let lines: Vec<&str> = table.body.trim_start_matches('\u{feff}').lines().collect();
    assert!(table.body.starts_with('\u{feff}'));
    assert_eq!(lines[0], "time,\"local probe.a =1+1\",\"local cpu.total x (%)\"");
    assert_eq!(lines.len(), 31);
    assert!(lines[1].ends_with(":00+09:00,0,100") && lines[30].ends_with(",29,129"), "{lines:?}");
    assert!(lines[11].ends_with(":00+09:00,,"), "{}", lines[11]);
    let most = get(server.address, &format!("/api/v1/range.csv?{series}&{range}&aggregate=count")).await;
    assert!(most.body.contains("\"local cpu.total x\"") && most.body.contains(",1,1\r\n"), "{}", most.body);

    for (query, status, why) in [
        ("", 400, "1 to 20 series"),
        ("series=x", 400, "names no series"),
        ("series=local:no.such", 404, "There is no series local:no.such."),
        ("series=elsewhere:probe.a", 404, "There is no series"),
        ("series=local:cpu.total:x&from=9&to=3", 400, "ends before it begins"),
        ("series=local:cpu.total:x&step=1", 400, "10000 steps"),
        ("series=local:cpu.total:x&aggregate=median", 400, "is one of"),
        ("series=local:cpu.total:x&zone=mars", 400, "offset from UTC"),
    ] {
        let answer = get(server.address, &format!("/api/v1/range.csv?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        assert!(answer.body.contains(why), "{query}: {}", answer.body);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_questions_get_a_sentence_and_the_form_again() {
    let now = now();
    let server = over(&["local\0probe.a", "elsewhere\0probe.a"], now).await;
    let many: String = (0..21).map(|number| format!("series=local:probe.a:{number}&")).collect();
    for (query, status, why) in [
        ("series=elsewhere:probe.a", 404, "There is no series elsewhere:probe.a."),
        ("series=local:no.such", 404, "There is no series local:no.such."),
        ("series=..%2F..%2Fetc:x", 400, "names no series"),
        ("series=H%C3%96ST%00:x", 400, "names no series"),
        ("series=%ff%fe", 400, "names no series"),
        ("series=%3Cscript%3Ealert(1)%3C/script%3E", 400, "&lt;script&gt;"),
        (&*many, 400, "at most 20 series"),
        ("from=5&to=3", 400, "ends before it begins"),
        ("from=0&to=3155760000000", 400, "at most 20 years"),
        ("from=x", 400, "is no time"),
        ("to=-5", 400, "is no time"),
        ("start=yesterday&end=today", 400, "is no time"),
        ("span=1century", 400, "is one of"),
        ("compare=year", 400, "is one of"),
        ("zone=%F0%9F%8C%8D", 400, "offset from UTC"),
        ("step=0", 400, "10000 steps"),
        ("aggregate=x", 400, "is one of"),
    ] {
        let page = explore(&server, query).await;
        assert_eq!(page.status, status, "{query}: {}", page.body);
        assert!(page.body.contains(why), "{query}: {}", page.body);
        assert!(page.body.contains("role=\"search\"") && !page.body.contains("<script>alert"), "{query}");
        let picture = get(server.address, &format!("/explore.svg?{query}")).await;
        assert_eq!(picture.status, status, "{query}: {}", picture.body);
    }
    // The rest of a view is shown beside its problem.
    let page = explore(&server, "series=local:probe.a&series=local:no.such").await;
    assert_eq!((page.status, page.body.matches("data-values=").count()), (404, 1), "{}", page.body);
    // A time without any number, and the longest one.
    for query in ["from=0&to=1", "from=1167609600000&to=1798761600000", "from=0&to=1&compare=week"] {
        let page = explore(&server, &format!("series=local:probe.a&{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.body);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn history_leads_to_the_series_of_each_panel() {
    let now = now();
    let server = over(&["local\0cpu.total"], now).await;
    let page = get(server.address, "/history?span=6h").await;
    assert!(page.body.contains("\"/explore?series=local%3Acpu.total&amp;span=6h\""), "{}", page.body);
    assert!(page.body.contains("href=\"/explore\""), "the bar leads there");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_shown_where_nothing_is_kept() {
    let server = start_with(|config| config.history.keep = false).await;
    let page = explore(&server, "series=local:cpu.total").await;
    assert!(page.status == 200 && page.body.contains("history.keep"), "{}", page.body);
    for path in ["/explore.svg?series=local:cpu.total", "/api/v1/range.csv?series=local:cpu.total"] {
        let answer = get(server.address, path).await;
        assert!(answer.status == 404 && answer.body.contains("history.keep"), "{}", answer.body);
    }
    server.stop().await;
}
