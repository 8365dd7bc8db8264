//! A real web server: nginx, as Debian has it, with TLS.

use std::{fs, net::SocketAddr};

use probe::{HttpMethod, HttpProbe, ProbeKind, ProbeOutcome, Prober};
use rcgen::KeyPair;

use crate::{
    programs::{Program, free_port},
    support::{LONG, code, run_with},
    tls::{Authority, valid_for},
};

async fn nginx(authority: &Authority) -> (Program, SocketAddr, SocketAddr) {
    let folder = tempfile::tempdir().expect("a folder");
    let (plain, tls) = (free_port().await, free_port().await);
    let key = KeyPair::generate().expect("a key");
    let certificate = authority.sign(&valid_for(60), &key);
    fs::write(folder.path().join("certificate.pem"), certificate.pem()).expect("written");
    fs::write(folder.path().join("key.pem"), key.serialize_pem()).expect("written");
    fs::write(folder.path().join("index.html"), "all is ready").expect("written");
    let root = folder.path().display().to_string();
    let file = format!(
        "daemon off; master_process off; pid {root}/pid; error_log stderr notice; events {{}}\n\
         http {{ access_log off; root {root}; client_body_temp_path {root}/a; proxy_temp_path {root}/b;\n\
         fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;\n\
         server {{ listen {plain}; location / {{ return 301 https://{tls}$request_uri; }} }}\n\
         server {{ listen {tls} ssl http2; ssl_certificate certificate.pem; ssl_certificate_key key.pem;\n\
         location = /gone {{ return 410; }} location = /back {{ return 302 http://{plain}/; }}\n\
         location = /closed {{ return 444; }} }} }}\n"
    );
    let path = folder.path().join("nginx.conf");
    fs::write(&path, file).expect("written");
    let path = path.display().to_string();
    let mut program = Program::start(folder, "nginx", &["-e", "stderr", "-p", &root, "-c", &path]);
    // One process, that none is left behind when it is ended: its sockets are open by then.
    program.says("event method").await;
    (program, plain, tls)
}

async fn run(prober: &Prober, http: HttpProbe) -> ProbeOutcome {
    run_with(prober, ProbeKind::Http(http), LONG, 0).await
}

#[tokio::test]
async fn a_page_is_found_over_tls_and_by_a_redirect() {
    let authority = Authority::new();
    let (_nginx, plain, tls) = nginx(&authority).await;
    let prober = authority.prober();
    for url in
        [format!("https://{tls}/"), format!("http://{plain}/"), format!("http://localhost:{}/", plain.port())]
    {
        let http = HttpProbe { keyword: Some("ready".into()), days_left: Some(60), ..HttpProbe::of(&url) };
        let outcome = run(&prober, http).await;
        assert_eq!((code(&outcome), outcome.certificate_days_left), ("up", Some(60)), "{url} {outcome:?}");
        assert!(outcome.timings.tls_ms.is_some());
    }
    let head = HttpProbe { method: HttpMethod::Head, ..HttpProbe::of(format!("https://{tls}/")) };
    assert_eq!(code(&run(&prober, head).await), "up");
    let outcome = run(&Prober::new(), HttpProbe::of(format!("https://{tls}/"))).await;
    assert_eq!((code(&outcome), outcome.certificate_days_left), ("certificate_unknown_authority", Some(60)));
}

#[tokio::test]
async fn faults_are_told_as_they_are() {
    let authority = Authority::new();
    let (nginx, plain, tls) = nginx(&authority).await;
    let prober = authority.prober();
    assert!(nginx.folder.path().join("pid").exists());
    for (path, result) in [
        ("/gone", "unexpected_status"),
        ("/not-there", "unexpected_status"),
        ("/back", "insecure_redirect"),
        ("/closed", "connection_closed"),
    ] {
        let outcome = run(&prober, HttpProbe::of(format!("https://{tls}{path}"))).await;
        assert_eq!(code(&outcome), result, "{path} {outcome:?}");
        assert_eq!(outcome.certificate_days_left, Some(60));
    }
    // Plain HTTP at the port of TLS is answered with 400, and TLS at the port of plain HTTP with no TLS.
    assert_eq!(code(&run(&prober, HttpProbe::of(format!("http://{tls}/"))).await), "unexpected_status");
    assert_eq!(code(&run(&prober, HttpProbe::of(format!("https://{plain}/"))).await), "tls_failed");
}
