//! Debian's exporters, asked as users' would be.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use scrape::{BasicAuth, MetricType, Rates, ScrapeError, TargetSpec};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{exporter::Exporter, failure, target, target_of, value_of};

const NODE_EXPORTER: &str = "prometheus-node-exporter";

#[tokio::test]
async fn node_exporter_gives_the_machine_and_rates_of_its_counters() {
    let exporter = Exporter::start_go(NODE_EXPORTER, &[]).await;
    let (mut target, mut rates) = (target(exporter.url()), Rates::default());
    let first = target.scrape().await.unwrap();
    assert!(first.series.len() > 200, "{} series", first.series.len());
    assert!(first.faults.is_empty(), "{:?}", first.faults);
    assert!(first.wire_bytes * 2 < first.body_bytes, "it was not compressed");
    let memory = value_of(&first, "node_memory_MemTotal_bytes", "").unwrap();
    let told = std::fs::read_to_string("/proc/meminfo").unwrap();
    let kilobytes: f64 = told.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert_eq!(memory, kilobytes * 1024.0);
    let idle = first
        .series
        .iter()
        .find(|series| series.metric == "node_cpu_seconds_total" && series.labels == r#"cpu="0",mode="idle""#)
        .expect("idle time");
    assert_eq!((idle.metric_type, idle.is_counter, idle.timestamp_ms), (MetricType::Counter, true, None));

    let (gauges, counters) =
        (first.series.iter().filter(|series| !series.is_counter).count(), first.series.len());
    let measured = rates.update(first.started, first.series);
    assert_eq!(measured.len(), gauges);
    assert!(gauges < counters);
    let second = target.scrape().await.unwrap();
    let measured = rates.update(second.started, second.series);
    let scrapes = measured.iter().filter(|series| series.metric == "promhttp_metric_handler_requests_total");
    let rate =
        scrapes.filter(|series| series.labels == "code=\"200\"").map(|series| series.value).sum::<f64>();
    // It was asked once between the two.
    let seconds = second.started.duration_since(first.started).as_secs_f64();
    assert!((rate * seconds - 1.0).abs() < 1e-6, "{rate} in {seconds}");
    assert!(measured.iter().all(|series| !series.is_rate || series.value >= 0.0));
}

#[tokio::test]
async fn node_exporters_own_page_is_refused_as_a_page() {
    let exporter = Exporter::start_go(NODE_EXPORTER, &[]).await;
    let (error, _) = failure(&mut target(format!("http://127.0.0.1:{}/", exporter.port))).await;
    assert!(matches!(error, ScrapeError::ContentType(_)), "{error:?}");
    let (error, _) =
        failure(&mut target(format!("http://127.0.0.1:{}/metrics?collect[]=none", exporter.port))).await;
    assert!(matches!(error, ScrapeError::Status(status) if status == 400), "{error:?}");
}

#[tokio::test]
async fn an_exporter_that_ended_is_told_and_found_again() {
    let exporter = Exporter::start_go(NODE_EXPORTER, &["--collector.disable-defaults"]).await;
    let mut target = target(exporter.url());
    target.scrape().await.unwrap();
    let port = exporter.port;
    exporter.end().await;
    let (error, _) = failure(&mut target).await;
    assert!(matches!(error, ScrapeError::NoConnection { .. }), "{error:?}");
    let again = format!("--web.listen-address=127.0.0.1:{port}");
    let _exporter = Exporter::start_go(NODE_EXPORTER, &["--collector.disable-defaults", &again]).await;
    target.scrape().await.unwrap();
}

/// The password `open sesame`, as the exporter's file has it.
const HASH: &str = "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy";

#[tokio::test]
async fn node_exporter_over_tls_wants_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("cert.pem"), cert.pem()).unwrap();
    std::fs::write(path("key.pem"), signing_key.serialize_pem()).unwrap();
    let config = format!(
        "tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\nbasic_auth_users:\n  me: {HASH}\n"
    );
    std::fs::write(path("web.yml"), config).unwrap();
    let config = format!("--web.config.file={}", path("web.yml").display());
    let exporter = Exporter::start_go(NODE_EXPORTER, &[&config]).await;
    let mut spec = TargetSpec::new(format!("https://127.0.0.1:{}/metrics", exporter.port));
    spec.ca_file = Some(path("cert.pem"));
    let (error, _) = failure(&mut target_of(spec.clone())).await;
    assert!(matches!(error, ScrapeError::Status(status) if status == 401), "{error:?}");
    spec.basic_auth =
        Some(BasicAuth { username: "me".to_owned(), password: "open sesame".to_owned().into() });
    assert!(target_of(spec).scrape().await.unwrap().series.len() > 200);
}

/// Pushes metrics to a pushgateway.
async fn push(port: u16, body: &str) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
    let head = "PUT /metrics/job/backup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    stream
        .write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
        .await
        .expect("a connection");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("a connection");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn a_pushgateways_counters_may_begin_again() {
    let exporter = Exporter::start_go("prometheus-pushgateway", &[]).await;
    let mut spec = TargetSpec::new(exporter.url());
    spec.metrics = vec!["backup_*".to_owned()];
    let (mut target, mut rates) = (target_of(spec), Rates::default());
    let labels = r#"job="backup",path="C:\\\"x\"\n""#;
    let mut seen = Vec::new();
    for value in [100, 300, 5, 6] {
        let series = format!("backup_files_total{{path=\"C:\\\\\\\"x\\\"\\n\"}} {value}\n");
        push(exporter.port, &format!("# TYPE backup_files_total counter\n{series}backup_free NaN\n")).await;
        let scrape = target.scrape().await.unwrap();
        // The gateway adds `instance=""`, which is a label that is not there.
        assert_eq!(
            value_of(&scrape, "backup_files_total", labels),
            Some(f64::from(value)),
            "{:?}",
            scrape.series
        );
        assert_eq!(scrape.dropped.gaps, 1);
        seen.push(rates.update(scrape.started, scrape.series).len());
    }
    assert_eq!(seen, [0, 1, 0, 1]);
}

const PYTHON: &str = r#"
import sys
from wsgiref.simple_server import make_server, WSGIRequestHandler
from prometheus_client import CollectorRegistry, Counter, Histogram, Gauge, make_wsgi_app
class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments): pass
registry = CollectorRegistry()
Counter('jobs', 'Jobs.', ['name'], registry=registry).labels('a"b\\c\nd').inc(3)
histogram = Histogram('took_seconds', 'Time.', registry=registry)
for value in (0.1, 0.2, 5): histogram.observe(value)
Gauge('nothing', 'None.', registry=registry).set(float('nan'))
server = make_server('127.0.0.1', 0, make_wsgi_app(registry), handler_class=Quiet)
print(f'port={server.server_port}', file=sys.stderr, flush=True)
server.serve_forever()
"#;

#[tokio::test]
async fn pythons_library_speaks_openmetrics() {
    let exporter = Exporter::start_python(PYTHON).await;
    let mut target = target(exporter.url());
    for _ in 0..2 {
        let scrape = target.scrape().await.unwrap();
        let series: Vec<_> = scrape
            .series
            .iter()
            .map(|series| (series.metric.as_str(), series.labels.as_str(), series.value))
            .collect();
        let name = r#"name="a\"b\\c\nd""#;
        let [jobs, count, sum] = series[..] else { panic!("{series:?}") };
        assert_eq!([jobs, count], [("jobs_total", name, 3.0), ("took_seconds_count", "", 3.0)]);
        assert!(sum.0 == "took_seconds_sum" && (sum.2 - 5.3).abs() < 1e-9, "{sum:?}");
        assert!(scrape.series.iter().all(|series| series.is_counter));
        let dropped = scrape.dropped;
        assert_eq!((dropped.created, dropped.gaps, dropped.buckets, dropped.faulty), (2, 1, 15, 0));
        assert!(scrape.faults.is_empty(), "{:?}", scrape.faults);
    }
}
