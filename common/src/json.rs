//! JSON of strangers.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// Any JSON, read as what it says.
///
/// A `Value` reads more into it: to it, an object with the one key `$serde_json::private::RawValue` is the JSON in the text
/// that stands there. That JSON is read from its own beginning, so it may be as deep again as any may be: a message of
/// 36 KB is deeper than a thread's stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(pub Value);

/// Deserializes a field that is a `Value` as [`Json`] does: the JSON that the text says, and nothing more.
///
/// # Errors
/// Where it is no JSON.
pub fn parse_exact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Json::deserialize(deserializer).map(|Json(value)| value)
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExactValue).map(Self)
    }
}

struct ExactValue;

impl<'de> Visitor<'de> for ExactValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Json(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some((name, Json(value))) = fields.next_entry()? {
            all.insert(name, value);
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn json_says_what_a_value_says() {
        let text = r#"{"a":[1,-2,3.5,1e300,18446744073709551615,null,true,"\u00e9"],"b":{"b":{}},"":""}"#;
        assert_eq!(serde_json::from_str::<Json>(text).expect("JSON").0.to_string(), {
            let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
            value.to_string()
        });
        for text in ["", "{", "[1,]", "1e999", "{\"a\":1} 2"] {
            assert!(serde_json::from_str::<Json>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn json_within_a_text_stays_text() {
        let text = r#"{"$serde_json::private::RawValue":"[1]"}"#;
        let Json(value) = serde_json::from_str(text).expect("JSON");
        assert_eq!(value["$serde_json::private::RawValue"], "[1]");
        assert_eq!(value.to_string(), text);
    }
}
