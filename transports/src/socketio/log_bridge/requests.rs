//! Requests of a client in its namespace: `subscribe`, `unsubscribe`, `ping`, `send`.

use common::{
    frame::{ClientFrame, ErrorCode, ServerFrame},
    json::Json,
};
use hub::TopicKind;
use serde_json::{Map, Value};

use super::{auth, feed::Feed, frames};
use crate::{
    gate::ApiRejection,
    socketio::sockets::{Emitter, Event},
};

/// The outcome of a request.
enum RequestOutcome {
    Frame(ServerFrame),
    /// The request was done, and there is nothing to answer.
    Done,
    /// The answer comes later.
    Later,
}

/// Does what is asked. Where the client waits for an answer, it is the acknowledgement; else it is an event.
pub(super) fn handle(feed: &mut Feed, event: Event, id: Option<u64>, emitter: &mut Emitter<'_>) {
    let answer = read(feed.kind.as_deref(), event)
        .and_then(|frame| perform(feed, frame, id))
        .unwrap_or_else(|refusal| RequestOutcome::Frame(ServerFrame::Error(refusal.error().clone())));
    match (id, answer) {
        (Some(id), RequestOutcome::Frame(frame)) => emitter.answer(id, &frames::answer(&frame), &[]),
        (Some(id), RequestOutcome::Done) => emitter.answer(id, &[], &[]),
        (None, RequestOutcome::Frame(frame)) => emitter.emit(&frames::event(&frame), None),
        (None, RequestOutcome::Done) | (_, RequestOutcome::Later) => {}
    }
}

/// An event is a frame of the live protocol: its name is the type, its argument has the other fields.
pub(super) fn read(kind: Option<&str>, event: Event) -> Result<ClientFrame, ApiRejection> {
    let bad = |message: String| ApiRejection::new(400, ErrorCode::BadFrame, message);
    if !event.attachments.is_empty() || event.args.len() > 1 {
        return Err(bad(format!("{} takes one argument, a JSON object", event.name)));
    }
    let mut fields: Map<String, Value> = match event.args.first().map(|arg| serde_json::from_str(arg.get())) {
        Some(Ok(Json(Value::Object(fields)))) => fields,
        Some(Ok(_)) => return Err(bad(format!("{} takes a JSON object", event.name))),
        Some(Err(error)) => return Err(bad(error.to_string())),
        None => Map::new(),
    };
    if let Some(rooms) = fields.remove("rooms") {
        let rooms: Vec<String> = serde_json::from_value(rooms).map_err(|error| bad(error.to_string()))?;
        let named = auth::rooms(rooms, kind)?;
        let named = named.into_iter().map(|topic| Value::String(topic.to_string()));
        match fields.entry("topics").or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(topics) => topics.extend(named),
            _ => return Err(bad("topics is a list".into())),
        }
    }
    if let Some(Value::String(room)) = fields.remove("room") {
        let named = auth::rooms(vec![room], kind)?;
        fields.extend(named.into_iter().map(|topic| ("topic".to_owned(), Value::String(topic.to_string()))));
    }
    fields.insert("type".into(), Value::String(event.name));
    let frame = serde_json::from_value(Value::Object(fields)).map_err(|error| bad(error.to_string()))?;
    let named = match &frame {
        ClientFrame::Subscribe { topics, .. } | ClientFrame::Unsubscribe { topics } => topics.as_slice(),
        ClientFrame::Send(message) => std::slice::from_ref(&message.topic),
        ClientFrame::Ping { .. } | ClientFrame::Pace { .. } => &[],
    };
    named.iter().try_for_each(|topic| auth::belongs(topic, kind))?;
    Ok(frame)
}

fn perform(feed: &mut Feed, frame: ClientFrame, id: Option<u64>) -> Result<RequestOutcome, ApiRejection> {
    match frame {
        ClientFrame::Pace { .. } => {
            Err(ApiRejection::new(400, ErrorCode::BadFrame, "a pace is kept on /live/ws only".to_owned()))
        }
        ClientFrame::Ping { id } => Ok(RequestOutcome::Frame(ServerFrame::Pong { id })),
        ClientFrame::Unsubscribe { topics } => {
            feed.subscription.remove_topics(&topics);
            feed.topics_changed(false);
            Ok(RequestOutcome::Done)
        }
        ClientFrame::Send(message) => {
            feed.sending.push(id, message);
            Ok(RequestOutcome::Later)
        }
        ClientFrame::Subscribe { topics, since, snapshot } => {
            let topics = feed.subscription.add_topics(&topics, since, snapshot)?;
            let latest = |(topic, kind)| kind == TopicKind::Latest && topics.contains(topic);
            let past = since.is_some() || snapshot || feed.subscription.topics().any(latest);
            feed.topics_changed(past && !topics.is_empty());
            Ok(RequestOutcome::Frame(ServerFrame::Subscribed { topics }))
        }
    }
}
