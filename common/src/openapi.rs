//! The schemas of types that say on the wire something else than their fields: texts that are checked, and numbers by series.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{AdditionalProperties, Object, ObjectBuilder, OneOfBuilder, Type},
    },
};

use crate::{
    Cursor, Topic,
    chat::RoomId,
    host::{HostId, Names},
    lab::LabId,
    logs::LogSource,
    series::SeriesValues,
    stream::StreamId,
};

/// Gives a text its schema: its pattern, what it is, and an example.
macro_rules! text_schema {
    ($name:ty, $pattern:literal, $description:literal, $example:literal) => {
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some($pattern))
                    .description(Some($description))
                    .examples([$example])
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

text_schema!(
    Topic,
    r"^[a-z0-9_.-]{1,64}(/[a-z0-9_.-]{1,64}){0,3}$",
    "The name of one stream of publications: one to four segments.",
    "custom/orders"
);
text_schema!(
    Cursor,
    "^(0|[1-9a-f][0-9a-f]{0,15})-(0|[1-9][0-9]{0,19})(-[1-9][0-9]{0,19})?$",
    "A place in the log: its epoch in hexadecimal and a number in decimal, and a third number where several nodes share the log.",
    "19a9f3c2d10-1042"
);
text_schema!(
    HostId,
    "^[a-z0-9_.-]{1,64}$",
    "The name of a host; the server's own machine is `local`.",
    "local"
);
text_schema!(RoomId, "^[a-z0-9_.-]{1,64}$", "The name of a chat room.", "lobby");
text_schema!(
    StreamId,
    "^[0-9a-f]{32}$",
    "The name of a stream, which the server gives.",
    "0123456789abcdef0123456789abcdef"
);
text_schema!(
    LogSource,
    "^(container:[0-9a-f]{12,64}|journal|journal:[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]{0,254}|file:[a-z0-9_.-]{1,64})$",
    "A source of lines: `container:ID`, `journal`, `journal:UNIT` or `file:NAME`.",
    "container:0123456789ab"
);
text_schema!(
    LabId,
    "^[a-z0-9]{16,64}$",
    "The name of a lab: make it of 128 random bits.",
    "0123456789abcdef"
);

impl PartialSchema for SeriesValues {
    fn schema() -> RefOr<Schema> {
        let nested = OneOfBuilder::new()
            .item(Object::with_type(Type::Number))
            .item(RefOr::Ref(utoipa::openapi::Ref::from_schema_name("SeriesValues")));
        ObjectBuilder::new()
            .additional_properties(Some(AdditionalProperties::RefOr(RefOr::T(nested.into()))))
            .description(Some(
                "Numbers by series: each metric once, and below it the values of its labels, nested in the metric's order. The empty label is \
                 the total.",
            ))
            .into()
    }
}

impl ToSchema for SeriesValues {}

impl PartialSchema for Names {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .additional_properties(Some(AdditionalProperties::RefOr(RefOr::T(
                Object::with_type(Type::String).into(),
            ))))
            .description(Some("Names for people, by the value of a label."))
            .into()
    }
}

impl ToSchema for Names {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{BYTES, LabRun, RATE, SECONDS};

    fn json<T: PartialSchema>() -> serde_json::Value {
        serde_json::to_value(T::schema()).expect("JSON")
    }

    fn example<T: PartialSchema + std::str::FromStr>() {
        let schema = json::<T>();
        let text = schema["examples"][0].as_str().expect("an example");
        assert!(text.parse::<T>().is_ok(), "{text} is none");
    }

    #[test]
    fn every_example_is_one() {
        example::<Topic>();
        example::<Cursor>();
        example::<HostId>();
        example::<RoomId>();
        example::<LabId>();
        example::<StreamId>();
        example::<LogSource>();
    }

    #[test]
    fn the_bounds_of_a_lab_are_those_that_are_checked() {
        let properties = &json::<LabRun>()["properties"];
        for (name, range) in [("rate", RATE), ("bytes", BYTES), ("seconds", SECONDS)] {
            let said =
                [&properties[name]["minimum"], &properties[name]["maximum"]].map(serde_json::Value::as_u64);
            assert_eq!(said, [*range.start(), *range.end()].map(|bound| Some(u64::from(bound))), "{name}");
        }
    }
}
