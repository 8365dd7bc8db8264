//! Cursors, topics and names.

use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

use common::{Cursor, MessageId, Topic, TopicPattern};
use serde::{Serialize, de::DeserializeOwned};

/// A text that reads as one of the words is its only spelling and has a bounded length, and JSON agrees.
pub fn cursor(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    one_spelling::<Cursor>(text, 37);
    one_spelling::<Topic>(text, 4 * 64 + 3);
    one_spelling::<MessageId>(text, 64);
    if let (Ok(topic), Ok(pattern)) = (text.parse::<Topic>(), text.parse::<TopicPattern>()) {
        assert!(pattern.matches(&topic), "a topic is a family of one");
    }
}

fn one_spelling<W>(text: &str, longest: usize)
where
    W: FromStr + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let json = serde_json::Value::from(text).to_string();
    let read = serde_json::from_str::<W>(&json);
    let Ok(word) = text.parse::<W>() else {
        assert!(read.is_err(), "{text:?} is a word in JSON only");
        return;
    };
    assert_eq!(word.to_string(), text);
    assert!(text.len() <= longest, "{text:?} is longer than {longest}");
    assert_eq!(serde_json::to_string(&word).ok(), Some(json));
    assert_eq!(read.ok(), Some(word));
}
