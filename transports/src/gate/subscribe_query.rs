//! The query of a live request: `?topics=a,b`, the position to resume from, and the topics to begin with a snapshot.

use common::{Cursor, Topic, frame::ErrorCode};
use fanout::SubscribeOptions;

use super::api_rejection::ApiRejection;

/// The query of every `GET /live/*`.
#[derive(Debug, Clone, Default)]
pub struct SubscribeQuery(pub SubscribeOptions);

/// Longer lists are refused before they are read.
const QUERY_LONGEST: usize = 16 * 1024;

impl SubscribeQuery {
    /// Reads a query string. `last_event_id` is the header of that name, where the transport has one: it wins over
    /// the parameters `last_event_id` and `since`. Unknown parameters are ignored, so that proxies and cache busters may add theirs,
    /// but for those that look like a place to resume from.
    ///
    /// # Errors
    /// 400 with what was wrong.
    pub fn read(query: Option<&str>, last_event_id: Option<&str>) -> Result<Self, ApiRejection> {
        let asked = Self::parse(query, last_event_id)?;
        if asked.0.topics.is_empty() {
            let message = "name at least one topic: ?topics=host/local/metrics";
            return Err(ApiRejection::new(ErrorCode::BadTopic, message));
        }
        Ok(asked)
    }

    /// Reads a query of a transport that can add topics later: it may name none.
    ///
    /// # Errors
    /// 400 with what was wrong.
    pub fn read_optional(query: Option<&str>) -> Result<Self, ApiRejection> {
        Self::parse(query, None)
    }

    fn parse(query: Option<&str>, last_event_id: Option<&str>) -> Result<Self, ApiRejection> {
        let query = query.unwrap_or_default();
        if query.len() > QUERY_LONGEST {
            return Err(ApiRejection::new(ErrorCode::BadRequest, "the query is longer than 16 KiB"));
        }
        let mut options = SubscribeOptions::default();
        let (mut since, mut parameter) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "topics" => options.topics = topics(&value)?,
                "snapshot" => options.snapshot = topics(&value)?,
                "since" => since = Some(value),
                name if is_last_event_id(name) => parameter = Some(value),
                // Whoever means to resume and is not understood would lose entries in silence.
                name if RESUMES.contains(&plain(name).as_str()) => {
                    let name: String = name.chars().take(40).collect();
                    let message = format!(
                        "unknown parameter {name:?}: the place to resume from is last_event_id or since"
                    );
                    return Err(ApiRejection::new(ErrorCode::BadRequest, message));
                }
                _ => {}
            }
        }
        let place = last_event_id.or(parameter.as_deref()).or(since.as_deref());
        options.since = place.filter(|text| !text.is_empty()).map(cursor).transpose()?;
        Ok(Self(options))
    }
}

/// Parameters by which other servers resume, without case and separators: here they would be ignored.
const RESUMES: [&str; 6] = ["since", "sinceid", "cursor", "lastid", "resume", "resumefrom"];

/// `last_event_id` in every spelling: EventSource polyfills send `lastEventId`, Mercure's clients `lastEventID`.
fn is_last_event_id(name: &str) -> bool {
    plain(name) == "lasteventid"
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn topics(list: &str) -> Result<Vec<Topic>, ApiRejection> {
    let read = |text: &str| {
        text.parse::<Topic>().map_err(|error| ApiRejection::new(ErrorCode::BadTopic, error.to_string()))
    };
    list.split(',').filter(|text| !text.is_empty()).map(read).collect()
}

fn cursor(text: &str) -> Result<Cursor, ApiRejection> {
    text.parse().map_err(|error: common::cursor::BadCursor| {
        ApiRejection::new(ErrorCode::BadCursor, error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_wins_over_both_parameters() {
        let read = |query, header| {
            SubscribeQuery::read(Some(query), header).map(|asked| asked.0.since.map(|c| c.to_string()))
        };
        assert_eq!(read("topics=a&since=1-1&last_event_id=1-2", Some("1-3")), Ok(Some("1-3".into())));
        assert_eq!(read("topics=a&since=1-1&last_event_id=1-2", None), Ok(Some("1-2".into())));
        assert_eq!(read("topics=a&since=1-1", None), Ok(Some("1-1".into())));
        assert_eq!(read("topics=a&since=", None), Ok(None));
    }

    #[test]
    fn every_spelling_of_last_event_id_resumes_and_what_only_looks_like_it_is_refused() {
        for name in ["last_event_id", "lastEventId", "lastEventID", "Last-Event-ID", "last-event-id"] {
            let asked = SubscribeQuery::read(Some(&format!("topics=a&{name}=1-2")), None).expect("read");
            assert_eq!(asked.0.since.map(|c| c.to_string()).as_deref(), Some("1-2"), "{name}");
        }
        for name in ["Since", "since_id", "cursor", "last_id", "resume", "resumeFrom"] {
            let refusal = SubscribeQuery::read(Some(&format!("topics=a&{name}=1-2")), None).expect_err(name);
            assert_eq!(refusal.error().code, ErrorCode::BadRequest);
            assert!(refusal.error().message.contains(name), "{refusal:?}");
        }
        for name in ["utm", "_", "t", "eventid", "from", "since_when"] {
            assert!(SubscribeQuery::read(Some(&format!("topics=a&{name}=1-2")), None).is_ok(), "{name}");
        }
    }

    #[test]
    fn bad_queries_are_told_apart() {
        let code = |query: &str| {
            SubscribeQuery::read(Some(query), None).map(|_| ()).map_err(|refusal| refusal.error().code)
        };
        assert_eq!(code(""), Err(ErrorCode::BadTopic));
        assert_eq!(code("topics=A"), Err(ErrorCode::BadTopic));
        assert_eq!(code("topics=a&since=x"), Err(ErrorCode::BadCursor));
        assert_eq!(code(&"x".repeat(17_000)), Err(ErrorCode::BadRequest));
        assert_eq!(code("topics=a%2Fb,c&utm=1"), Ok(()));
    }
}
