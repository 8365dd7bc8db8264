//! Every program of docs/clients.md, run as it stands there, but for the port.

mod support;

use support::{
    Running,
    programs::{lines, node, root, sh},
    start, stream,
};

/// The fenced blocks of a language under a heading that contains `heading`.
fn blocks(heading: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("docs/clients.md")).expect("the page is there");
    let section =
        text.split("\n## ").find(|section| section.lines().next().is_some_and(|line| line.contains(heading)));
    let fence = format!("```{language}\n");
    let section = section.unwrap_or_else(|| panic!("no section {heading:?}")).to_owned();
    section.split(&fence).skip(1).filter_map(|rest| Some(rest.split("```").next()?.to_owned())).collect()
}

fn here(program: &str, server: &Running) -> String {
    assert!(program.contains("localhost:3000"), "every program names the address of the README: {program}");
    program.replace("localhost:3000", &server.address.to_string())
}

fn percent(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| (0.0..=100.0).contains(&number))
}

#[tokio::test]
async fn the_eventsource_and_websocket_clients_print_live_numbers() {
    let server = start().await;
    // A share of CPU needs two readings: the very first sample has none.
    stream(server.address, "/live/sse?topics=host/local/metrics", |text| text.contains("cpu.total")).await;
    for heading in ["EventSource", "WebSocket"] {
        let programs = blocks(heading, "js");
        assert_eq!(programs.len(), 1);
        let program = here(&programs[0], &server);
        assert!(program.lines().count() <= 5, "five lines are enough");
        let printed = lines(node(&program), 3, |_| true).await;
        for line in printed {
            let (topic, value) = line.split_once(' ').expect("a topic and a number");
            assert!(topic == "host/local/metrics" && percent(value), "{line}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_simplest_clients_print_three_numbers() {
    let server = start().await;
    let program = here(&blocks("three numbers", "js")[0], &server);
    for line in lines(node(&program), 2, |_| true).await {
        let inside = line.trim_matches(['[', ']', ' ']);
        assert_eq!(
            inside.split(',').filter(|n| percent(n.trim()) || n.trim() == "null").count(),
            3,
            "{line}"
        );
    }
    let program = here(&blocks("three numbers", "sh")[0], &server);
    lines(sh(&program), 2, |line| line.starts_with("data: {\"data\":[")).await;
    server.stop().await;
}

#[tokio::test]
async fn the_socket_io_clients_print_what_is_told() {
    let server = start().await;
    stream(server.address, "/live/sse?topics=host/local/metrics", |text| text.contains("cpu.total")).await;
    let programs: Vec<_> = blocks("Socket.IO", "js").iter().map(|program| here(program, &server)).collect();
    let [all, room] = programs.as_slice() else { panic!("two programs") };
    for line in lines(node(all), 3, |_| true).await {
        let (topic, value) = line.split_once(' ').expect("a topic and a number");
        assert!(topic == "host/local/metrics" && percent(value), "{line}");
    }
    let topic = "custom/orders".parse().expect("a topic");
    let publishing = async {
        // Until the program is there to hear.
        while server.hub.subscribers(&topic) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        server.hub.publish(&topic, r#"{"open":17}"#.into()).expect("published");
        std::future::pending::<()>().await;
    };
    tokio::select! {
        printed = lines(node(room), 1, |_| true) => assert_eq!(printed, ["custom/orders 17"]),
        () = publishing => {}
    }
    let three = here(&blocks("three numbers", "js")[1], &server);
    let printed = lines(node(&three), 3, |_| true).await;
    assert_eq!(printed[0], "connected");
    assert!(
        printed[1..].iter().all(|line| line.starts_with("[ ") && line.split(',').count() == 3),
        "{printed:?}"
    );
    server.stop().await;
}

#[tokio::test]
async fn curl_listens_and_publishes() {
    let server = start().await;
    let program = here(&blocks("curl", "sh")[0], &server);
    lines(sh(&program), 2, |line| line.starts_with("data: {\"topic\":\"host/local/metrics\"")).await;
    let program = here(&blocks("Publishing", "sh")[0], &server);
    let printed = lines(sh(&format!("{}; echo", program.trim_end())), 1, |_| true).await;
    assert!(printed[0].starts_with("{\"cursor\":\""), "{printed:?}");
    server.stop().await;
}
