//! JSON of engines, read tolerantly: what is missing, or of another type than expected, is as if it were not there. Numbers stay whole.

use serde_json::Value;

/// A value, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<'a>(pub(crate) Option<&'a Value>);

impl<'a> Json<'a> {
    /// The member of an object.
    pub(crate) fn get(self, name: &str) -> Self {
        Self(self.0.and_then(|value| value.as_object()?.get(name)))
    }

    /// The first member of these that is there.
    pub(crate) fn any(self, names: &[&str]) -> Self {
        Self(names.iter().find_map(|name| self.get(name).0))
    }

    /// The text, where it is one.
    pub(crate) fn text(self) -> Option<&'a str> {
        self.0?.as_str()
    }

    /// The text, where it is one and not empty.
    pub(crate) fn word(self) -> Option<&'a str> {
        self.text().filter(|text| !text.is_empty())
    }

    /// The whole number from 0 to 2^64 - 1, where it is one.
    pub(crate) fn u64(self) -> Option<u64> {
        self.0?.as_u64()
    }

    /// The whole number, where it is one.
    pub(crate) fn i64(self) -> Option<i64> {
        self.0?.as_i64()
    }

    /// True only for the value `true`.
    pub(crate) fn is_true(self) -> bool {
        self.0.and_then(Value::as_bool) == Some(true)
    }

    /// The elements of a list; none for anything else.
    pub(crate) fn elements(self) -> impl Iterator<Item = Json<'a>> {
        self.0.and_then(Value::as_array).into_iter().flatten().map(|value| Json(Some(value)))
    }

    /// The members of an object; none for anything else.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a str, Json<'a>)> {
        let object = self.0.and_then(Value::as_object);
        object.into_iter().flatten().map(|(name, value)| (name.as_str(), Json(Some(value))))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Json;

    #[test]
    fn what_is_of_another_type_is_not_there() {
        let value =
            json!({"a": 1, "b": null, "c": "", "d": -1, "e": 1.5, "f": u64::MAX, "g": [1], "h": {"i": "x"}});
        let json = Json(Some(&value));
        assert_eq!(json.get("f").u64(), Some(u64::MAX));
        assert_eq!((json.get("d").u64(), json.get("e").u64(), json.get("g").u64()), (None, None, None));
        assert_eq!((json.get("f").i64(), json.get("d").i64()), (None, Some(-1)));
        assert_eq!(
            (json.get("c").text(), json.get("c").word(), json.get("b").text()),
            (Some(""), None, None)
        );
        assert_eq!(json.get("h").get("i").word(), Some("x"));
        assert_eq!(json.get("a").get("b").get("c").text(), None);
        assert_eq!((json.get("a").elements().count(), json.get("a").members().count()), (0, 0));
    }
}
