//! The form of [`SeriesValues`] on the wire: each metric once, and its labels' values nested in the metric's order.
//!
//! ```json
//! {"cpu.total": 12.5, "cpu.core": {"0": 20, "1": 5}, "network.received": {"": 1250, "eth0": 1250}}
//! ```
//!
//! The older form, of older servers and recordings, has one level: `{"cpu.total": 12.5, "cpu.core:0": 20}`. No id has a colon, so
//! both are read at once, in any mixture.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::{SeriesKey, SeriesValues};

impl SeriesKey {
    /// The word at a depth of the nesting: the metric, and then each label's value.
    fn word(&self, depth: usize) -> &str {
        self.words.get(depth).map_or("", String::as_str)
    }
}

/// Values whose keys agree in the words above a depth.
struct Nested<'a> {
    values: &'a [(SeriesKey, f64)],
    depth: usize,
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if let [(key, value)] = self.values
            && key.words.len() <= self.depth
        {
            return to.serialize_f64(*value);
        }
        let mut map = to.serialize_map(None)?;
        for values in self.values.chunk_by(|one, next| one.0.word(self.depth) == next.0.word(self.depth)) {
            map.serialize_entry(values[0].0.word(self.depth), &Nested { values, depth: self.depth + 1 })?;
        }
        map.end()
    }
}

impl Serialize for SeriesValues {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Nested { values: &self.0, depth: 0 }.serialize(to)
    }
}

/// Reads what stands below the words of a path.
struct Below<'a> {
    path: &'a mut Vec<String>,
    into: &'a mut SeriesValues,
}

impl Below<'_> {
    fn value(self, value: f64) {
        if !self.path.is_empty() {
            self.into.insert(SeriesKey::new(self.path.clone()), value);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Below<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Below<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or numbers by label")
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.value(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.value(value as f64);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.value(value as f64);
        Ok(())
    }

    /// A series without a value is absent.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(word) = map.next_key::<String>()? {
            let depth = self.path.len();
            match word.split_once(':') {
                Some((metric, label)) if depth == 0 => {
                    self.path.extend([metric.to_owned(), label.to_owned()]);
                }
                _ => self.path.push(word),
            }
            map.next_value_seed(Below { path: self.path, into: self.into })?;
            self.path.truncate(depth);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for SeriesValues {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut into = Self::default();
        Below { path: &mut Vec::new(), into: &mut into }.deserialize(from)?;
        Ok(into)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> SeriesValues {
        serde_json::from_str(text).expect(text)
    }

    #[test]
    fn a_metric_stands_once_and_its_labels_nest() {
        let key = |metric: &'static str, labels: &[&'static str]| {
            SeriesKey::new([&[metric], labels].concat().into_iter().map(str::to_owned).collect())
        };
        let values: SeriesValues = [
            (key("cpu.total", &[]), 12.5),
            (key("cpu.core", &["10"]), 3.0),
            (key("cpu.core", &["2"]), 20.0),
            (key("network.received", &[]), 7.0),
            (key("network.received", &["eth0"]), 7.0),
            (key("container.received", &["web", "eth0"]), 1.0),
            (key("container.received", &["web", "eth1"]), 2.0),
            (key("container.received", &["db"]), 4.0),
            (key("container.received", &["db", ""]), 5.0),
        ]
        .into();
        let text = serde_json::to_string(&values).expect("JSON");
        assert_eq!(
            text,
            r#"{"container.received":{"db":5.0,"web":{"eth0":1.0,"eth1":2.0}},"cpu.core":{"10":3.0,"2":20.0},"cpu.total":12.5,"network.received":{"":7.0,"eth0":7.0}}"#
        );
        assert_eq!(read(&text), values);
    }

    #[test]
    fn the_older_form_is_the_same_series() {
        let old = r#"{"cpu.total":12.5,"cpu.core:0":20,"filesystem.used:/mnt/a:b":7,"network.received":3,"network.received:eth0":3}"#;
        let new = r#"{"cpu.total":12.5,"cpu.core":{"0":20},"filesystem.used":{"/mnt/a:b":7},"network.received":{"":3,"eth0":3}}"#;
        assert_eq!(read(old), read(new));
        assert_eq!(read(old).get_labelled("filesystem.used", "/mnt/a:b"), Some(7.0));
    }

    #[test]
    fn what_is_no_value_is_absent_and_what_is_no_sample_is_an_error() {
        assert!(read(r#"{"a":null,"b":{"c":null}}"#).is_empty());
        for bad in ["7", "null", r#"{"a":"7"}"#, r#"{"a":{"b":[1]}}"#, r#"{"a":true}"#] {
            let read = serde_json::from_str::<SeriesValues>(bad);
            assert!(read.is_err() || read.is_ok_and(|values| values.is_empty()), "{bad}");
        }
        let deep = r#"{"a":"#.repeat(200) + "1" + &"}".repeat(200);
        assert!(serde_json::from_str::<SeriesValues>(&deep).is_err());
    }

    proptest! {
        #[test]
        fn whatever_the_labels_are_they_come_back(
            rows in prop::collection::vec(("[a-z.]{1,6}", prop::collection::vec(any::<String>(), 0..4), any::<i32>()), 0..20)
        ) {
            let mut values = SeriesValues::default();
            values.extend(rows.into_iter().map(|(metric, labels, value)| (SeriesKey::new([vec![metric], labels].concat()), f64::from(value))));
            let text = serde_json::to_string(&values).expect("JSON");
            prop_assert_eq!(read(&text), values);
        }

        #[test]
        fn no_text_panics(text in r#"[{}":,a0-9.\\\[\]]{0,60}"#) {
            let _ = serde_json::from_str::<SeriesValues>(&text);
        }
    }
}
