//! Single calls.

use container_engine::{Engine, EngineError, logs::LogQuery};
use tokio::net::UnixListener;

use crate::played::{ID, Play, Played, chunked, client, event, with_stream};

#[tokio::test]
async fn an_engine_that_cannot_be_reached_is_told_in_a_plain_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let error = client(&socket).negotiate().await.unwrap_err();
    assert_eq!((error.code(), error.to_string().contains("there is no socket")), ("no_socket", true));
    drop(UnixListener::bind(&socket).unwrap());
    assert_eq!(client(&socket).negotiate().await.unwrap_err().code(), "not_listening");
    let refused = Engine::new("tcp://127.0.0.1:1".parse().unwrap()).unwrap();
    assert_eq!(refused.negotiate().await.unwrap_err().code(), "not_listening");
}

#[tokio::test]
async fn engines_that_are_old_or_none_at_all_are_named() {
    let cases = [
        ("HTTP/1.1 200 OK\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n", "too_old"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", "malformed"),
        ("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nsad\n", "status"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "malformed"),
        ("", "cut"),
        ("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 9\r\n\r\nOK", "cut"),
    ];
    for (bytes, code) in cases {
        let played = Played::start(|_| Play::Close(bytes.as_bytes().to_vec()));
        let error = played.client().negotiate().await.unwrap_err();
        assert_eq!(error.code(), code, "{bytes:?}: {error}");
    }
}

#[tokio::test]
async fn heads_and_bodies_without_an_end_have_bounds() {
    let head =
        Played::start(|_| Play::Forever(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-Header: value\r\n".to_vec()));
    assert_eq!(head.client().negotiate().await.unwrap_err().code(), "malformed");
    let line = Played::start(|_| Play::Forever(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 4096]));
    assert_eq!(line.client().negotiate().await.unwrap_err().code(), "malformed");
    let body = Played::start(|_| Play::Forever(chunked(&[]), b"5\r\nhello\r\n".to_vec()));
    assert!(matches!(body.client().negotiate().await, Err(EngineError::TooLarge(_))));
}

#[tokio::test]
async fn wrong_lines_among_events_are_counted_and_a_cut_is_told() {
    let played = with_stream(|| {
        let long = vec![b'x'; 2 * 1024 * 1024];
        let (first, second) = (event(1, "start"), event(2, "die"));
        let network = b"{\"Type\":\"network\",\"Action\":\"connect\",\"timeNano\":7}\n";
        // No last chunk: the engine was ended.
        Play::Close(chunked(&[b"nonsense\n{}\n", first.as_bytes(), network, &long, b"\n", second.as_bytes()]))
    });
    let engine = played.client();
    let version = engine.negotiate().await.unwrap();
    let mut events = engine.events(&version, None).await.unwrap();
    assert!(events.next().await.unwrap().is_some());
    assert!(events.next().await.unwrap().is_some());
    assert_eq!(events.unread(), 3);
    assert_eq!(events.next().await, Err(EngineError::Cut));
    assert_eq!(events.next().await, Ok(None));
}

#[tokio::test]
async fn an_error_about_a_stream_is_told() {
    let played = with_stream(|| {
        Play::Close(b"HTTP/1.1 404 Not Found\r\nContent-Length: 16\r\n\r\n{\"message\":\"no\"}".to_vec())
    });
    let engine = played.client();
    let version = engine.negotiate().await.unwrap();
    let error = match engine.stats(&version, &ID.parse().unwrap()).await {
        Ok(mut stats) => stats.next().await.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error, EngineError::Status { status: 404, message: "no".to_owned() });
}

#[tokio::test]
async fn frames_that_lie_or_break_off_lose_no_line_before_them() {
    let frame = |length: u8, text: &str| [&[1, 0, 0, 0, 0, 0, 0, length], text.as_bytes()].concat();
    let good = frame(5, "good\n");
    let cases = [
        ([good.clone(), b"none at all".to_vec()].concat(), "malformed", 1),
        ([good.clone(), frame(200, "half")].concat(), "cut", 2),
        ([good.clone(), vec![1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]].concat(), "cut", 1),
        ([good.clone(), vec![2, 0, 0]].concat(), "cut", 1),
    ];
    for (body, code, wanted) in cases {
        let played = with_stream(move || Play::Close([chunked(&[&body]), b"0\r\n\r\n".to_vec()].concat()));
        let engine = played.client();
        let version = engine.negotiate().await.unwrap();
        let mut lines = engine.logs(&version, &ID.parse().unwrap(), &LogQuery::default()).await.unwrap();
        let mut texts = Vec::new();
        let error = loop {
            match lines.next().await {
                Ok(Some(line)) => texts.push(line.text),
                Ok(None) => panic!("no error, only {texts:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!((error.code(), texts.len()), (code, wanted), "{texts:?}");
        assert_eq!(texts[0], b"good");
        assert_eq!(lines.next().await, Ok(None));
    }
}
