//! `pulseboard notice` beside a server that runs.

use std::{path::Path, process::Output};

use crate::{
    support::binary::pulseboard,
    team::{OF_ADMIN, OF_VIEWER, Team, ask, json, lines, titles},
};

fn run(data: &Path, arguments: &[&str]) -> Output {
    pulseboard().arg("--data-dir").arg(data).arg("notice").args(arguments).output().expect("it runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_the_command_line_is_on_the_lines_of_its_readers() {
    let team = Team::start().await;
    let data = team.server.data.path();
    let (mut admins, mut viewers) = (lines(&team.kim, &OF_ADMIN).await, lines(&team.min, &OF_VIEWER).await);
    let arguments = ["--level", "critical", "--to", "role:admin", "--link", "/", "--text", "둘", "Disk full"];
    let output = run(data, &arguments);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "notice 1 is sent\n");
    assert!(run(data, &["--expires-hours", "2", "To everyone"]).status.success());
    for line in &mut admins {
        let told = line.event().await.data.get().to_owned();
        assert!(told.contains(r#""level":"critical","title":"Disk full","link":"/""#), "{told}");
        assert!(line.event().await.data.get().contains("To everyone"));
    }
    for line in &mut viewers {
        assert!(line.event().await.data.get().contains("To everyone"), "and nothing before");
    }
    let page = json(&team.kim, "/api/v1/notices").await;
    assert_eq!(titles(&page), ["To everyone", "Disk full"]);
    assert_eq!(
        (&page["notices"][1]["text"], &page["notices"][1]["from"]),
        (&"둘".into(), &"command line".into())
    );
    assert!(page["notices"][0]["expires_ms"].is_u64());
    let audit = ask(&team.kim, "/settings/audit.csv", "", None).await.body;
    assert!(audit.contains(r#""command line","send_notice","notice:1 to role:admin""#), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_refused_in_one_line() {
    let team = Team::start().await;
    let data = team.server.data.path();
    for (arguments, code, word) in [
        (&["--to", "user:nobody", "x"][..], 1, "no active account"),
        (&["--to", "everyone", "x"], 1, "no audience"),
        (&["--link", "https://evil.example", "x"], 1, "a link is a path"),
        (&["--expires-hours", "0", "x"], 1, "expired already"),
        (&[""], 1, "a title is"),
        (&["--level", "urgent", "x"], 2, "is not a level"),
        (&[], 2, "required"),
    ] {
        let output = run(data, arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments:?}: {told}");
        assert!(told.contains(word), "{arguments:?}: {told}");
    }
    assert_eq!(titles(&json(&team.kim, "/api/v1/notices").await), [""; 0]);
}
