use super::*;
use crate::socketio::engine::{EngineSettings, Flow, Message};

/// Ends by itself at some time, or wants to.
struct Ending {
    expires_at: Option<Instant>,
    over: bool,
}

impl EngineApplication for Ending {
    fn on_message(&mut self, _: Message, _: Instant) -> Result<(), DisconnectReason> {
        Ok(())
    }

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, _: &mut Out) -> Poll<Flow> {
        Poll::Pending
    }

    fn poll_closing(&mut self, _: &mut Context<'_>) -> Poll<()> {
        if self.over { Poll::Ready(()) } else { Poll::Pending }
    }

    fn expires_at(&self) -> Option<Instant> {
        self.expires_at
    }
}

const STALL: Duration = Duration::from_secs(30);

fn session(expires_in: Option<Duration>, over: bool, now: Instant) -> Arc<Session<Ending>> {
    let settings = EngineSettings {
        ping_interval: Duration::from_secs(25),
        ping_timeout: Duration::from_secs(20),
        upgrade_timeout: Duration::from_secs(10),
        max_payload: 0,
        messages_per_second: 0,
        stall: STALL,
        sessions: 0,
    };
    let application = Ending { expires_at: expires_in.map(|after| now + after), over };
    Session::new(Connection::new(application, &settings, now), now)
}

#[test]
fn a_session_whose_client_never_asks_goes_when_its_application_ends() {
    let now = Instant::now();
    let seconds = Duration::from_secs;
    let expiring = session(Some(seconds(2)), false, now);
    assert!(!expiring.is_stale(now + seconds(1), STALL));
    assert!(expiring.is_stale(now + seconds(2), STALL));
    let over = session(None, true, now);
    assert!(!over.is_stale(now + seconds(1), STALL), "the client has so long to come and hear it");
    assert!((3..=4).any(|at| over.is_stale(now + seconds(at), STALL)));
    let absent = session(None, false, now);
    assert!(!absent.is_stale(now + seconds(29), STALL));
    assert!(absent.is_stale(now + seconds(30), STALL));
}

#[test]
fn while_a_websocket_asks_nothing_is_told_on_polling() {
    let now = Instant::now();
    let session = session(None, false, now);
    let cx = &mut Context::from_waker(Waker::noop());
    session.begin_probe().expect("the first");
    assert_eq!(session.begin_probe(), Err(Busy), "one at a time");
    session.begin_poll().expect("the first");
    session.pause_polling();
    assert!(session.poll_drained(cx).is_ready());
    assert_eq!(session.poll_body(cx, now), Err(now + NOTICE), "it waits for the word");
    session.probed();
    assert_eq!(session.poll_body(cx, now), Ok((Bytes::from_static(b"6"), false)));
    session.end_probe(now);
    session.begin_poll().expect("the next");
    assert_eq!(session.poll_body(cx, now), Err(now + NOTICE), "the client may not know yet");
    assert!(session.poll_body(cx, now + NOTICE).is_err_and(|again_at| again_at > now + NOTICE));
    session.begin_probe().expect("another");
}
