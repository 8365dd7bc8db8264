//! Labels of a host: what it is for and where it stands, as whoever runs its agent says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The labels of a host, by key: an object on the wire. Every one of them was checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, String>))]
pub struct HostLabels(BTreeMap<String, String>);

/// Why labels are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHostLabel {
    /// It has no `=`.
    #[error("{0:?} is no label: it is like role=db")]
    NoPair(String),
    /// The key has another length or other characters.
    #[error("the key {0:?} of a label has other characters than 1 to 32 of a-z, 0-9, '_', '.' and '-'")]
    Key(String),
    /// The value is empty or long, or has a control character.
    #[error("the value of the label {0:?} is empty, longer than 64 characters, or has control characters")]
    Value(String),
    /// One key has two values.
    #[error("the label {0:?} has two values")]
    Twice(String),
    /// There are too many.
    #[error("a host has at most {} labels", HostLabels::MOST)]
    TooMany,
}

impl HostLabels {
    /// A host has at most so many.
    pub const MOST: usize = 8;
    /// The longest key, characters.
    const KEY: usize = 32;
    /// The longest value, characters.
    const VALUE: usize = 64;

    /// Returns true if this may be the key of a label.
    #[must_use]
    pub fn is_key(text: &str) -> bool {
        let is_known =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(&byte);
        (1..=Self::KEY).contains(&text.len()) && text.bytes().all(is_known)
    }

    /// Reads labels of the form `key=value`.
    ///
    /// # Errors
    /// The first one that is none, or stands there twice, or is one too many.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = &'a str>) -> Result<Self, BadHostLabel> {
        let mut labels = BTreeMap::new();
        for pair in pairs {
            let (key, value) = pair.split_once('=').ok_or_else(|| BadHostLabel::NoPair(quoted(pair)))?;
            if labels.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(BadHostLabel::Twice(quoted(key)));
            }
        }
        Self::try_from(labels)
    }

    /// Returns the value of a label.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Returns each key and its value, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Returns true if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As much of a text as a message quotes.
fn quoted(text: &str) -> String {
    text.chars().take(80).collect()
}

impl TryFrom<BTreeMap<String, String>> for HostLabels {
    type Error = BadHostLabel;

    fn try_from(labels: BTreeMap<String, String>) -> Result<Self, BadHostLabel> {
        if labels.len() > Self::MOST {
            return Err(BadHostLabel::TooMany);
        }
        for (key, value) in &labels {
            if !Self::is_key(key) {
                return Err(BadHostLabel::Key(quoted(key)));
            }
            // A character has at most four bytes: a long text is not counted through.
            let fits = value.len() <= 4 * Self::VALUE && (1..=Self::VALUE).contains(&value.chars().count());
            if !fits || value.chars().any(char::is_control) {
                return Err(BadHostLabel::Value(quoted(key)));
            }
        }
        Ok(Self(labels))
    }
}

impl From<HostLabels> for BTreeMap<String, String> {
    fn from(labels: HostLabels) -> Self {
        labels.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_and_written_as_an_object() {
        let labels = HostLabels::from_pairs(["site=서울", "role=db", "a.b-c_1=x=y"]).expect("labels");
        let json = serde_json::to_string(&labels).expect("JSON");
        assert_eq!(json, r#"{"a.b-c_1":"x=y","role":"db","site":"서울"}"#);
        assert_eq!(serde_json::from_str::<HostLabels>(&json).expect("it is read"), labels);
        assert_eq!((labels.get("role"), labels.get("rack")), (Some("db"), None));
    }

    #[test]
    fn a_label_that_is_none_is_refused_with_the_reason() {
        let long = format!("role={}", "가".repeat(65));
        for (pair, why) in [
            ("role", "is no label"),
            ("=db", "the key"),
            ("Role=db", "the key"),
            ("역할=db", "the key"),
            (&*format!("{}=x", "k".repeat(33)), "the key"),
            ("role=", "the value"),
            ("role=d\u{7}b", "the value"),
            ("role=d\nb", "the value"),
            (&*long, "the value"),
        ] {
            let told = HostLabels::from_pairs([pair]).expect_err(pair).to_string();
            assert!(told.contains(why), "{pair}: {told}");
        }
        assert!(HostLabels::from_pairs([&*format!("role={}", "가".repeat(64))]).is_ok());
        assert_eq!(HostLabels::from_pairs(["a=1", "a=2"]), Err(BadHostLabel::Twice("a".into())));
        let many: Vec<String> = (0..9).map(|n| format!("k{n}=v")).collect();
        assert_eq!(HostLabels::from_pairs(many.iter().map(String::as_str)), Err(BadHostLabel::TooMany));
        assert!(serde_json::from_str::<HostLabels>(r#"{"role":"\u0000"}"#).is_err());
        assert!(serde_json::from_str::<HostLabels>(r#"{"role":1}"#).is_err());
    }
}
