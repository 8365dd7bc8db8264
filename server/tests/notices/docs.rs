//! The programs of docs/notices.md, run as they stand there, but for the port.

use std::process::Command;

use crate::{
    support::programs::root,
    team::{Team, json, titles},
};

fn program(language: &str, port: u16) -> String {
    let text = std::fs::read_to_string(root().join("docs/notices.md")).expect("the page is there");
    let program = text.split(&format!("```{language}\n")).nth(1).and_then(|rest| rest.split("```").next());
    let program = program.unwrap_or_else(|| panic!("a program in {language}"));
    assert!(program.contains("localhost:3000"), "it names the address of the README: {program}");
    program.replace("localhost:3000", &format!("127.0.0.1:{port}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_program_sends_what_it_says() {
    let mut team = Team::start().await;
    team.lee.get("/account").await;
    let fields =
        [("name", "docs"), ("read", ""), ("publish", ""), ("send", ""), ("notices", "on"), ("days", "30")];
    let made = team.lee.send("/account/tokens/create", &fields).await.body;
    let secret: String =
        made.split("pbt_").nth(1).expect("a token").chars().take_while(char::is_ascii_alphanumeric).collect();
    let port = team.server.address.port();
    let run = |name: &str, flag: &str, program: String| {
        let output = Command::new(name).args([flag, &program]).env("TOKEN", format!("pbt_{secret}")).output();
        let output = output.expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let told: serde_json::Value = serde_json::from_str(&run("sh", "-c", program("sh", port))).expect("JSON");
    assert_eq!((&told["to"], &told["id"]), (&"role:admin".into(), &1.into()), "{told}");
    assert_eq!(run("python3", "-c", program("python", port)), "201 2\n");
    assert_eq!(
        titles(&json(&team.kim, "/api/v1/notices").await),
        ["Restart at 18:00", "The backup has failed"]
    );
}
