//! Checks JSON against the schemas of the API's description: as much of JSON Schema as these use.

use serde_json::Value;

/// Says what is wrong with a value, and where; nothing if it is as the schema says.
pub fn problems(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    check(document, schema, value, "$", &mut problems);
    problems
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let named = document.pointer(&reference[1..]).unwrap_or_else(|| panic!("there is no {reference}"));
        return check(document, named, value, at, problems);
    }
    for part in list(&schema["allOf"]) {
        check(document, part, value, at, problems);
    }
    if let Some(alternatives) = schema["oneOf"].as_array() {
        let fits = |one: &&Value| self::problems(document, one, value).is_empty();
        let fitting = alternatives.iter().filter(fits).count();
        if fitting != 1 {
            problems.push(format!("{at}: {value} is {fitting} of the alternatives"));
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if !types.is_empty() && !types.iter().any(|name| is_of(name, value)) {
        problems.push(format!("{at}: {value} is not of {types:?}"));
    }
    if schema["enum"].is_array() && !list(&schema["enum"]).any(|choice| choice == value) {
        problems.push(format!("{at}: {value} is none of the choices"));
    }
    if let (Some(number), Some(least)) = (value.as_f64(), schema["minimum"].as_f64())
        && number < least
    {
        problems.push(format!("{at}: {number} is less than {least}"));
    }
    for name in list(&schema["required"]).filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            problems.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{name}");
        match (schema["properties"].get(name), schema.get("additionalProperties")) {
            (Some(schema), _) => check(document, schema, field, &at, problems),
            (None, Some(schema)) => check(document, schema, field, &at, problems),
            (None, None) => {}
        }
    }
    if let Some(items) = schema.get("items") {
        for (index, item) in list(value).enumerate() {
            check(document, items, item, &format!("{at}[{index}]"), problems);
        }
    }
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

#[test]
fn what_does_not_fit_is_found() {
    let document = serde_json::json!({"components": {"schemas": {"Named": {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer", "minimum": 0}, "note": {"type": ["string", "null"]}},
    }}}});
    let schema = serde_json::json!({"type": "array", "items": {"$ref": "#/components/schemas/Named"}});
    let problems =
        |text: &str| problems(&document, &schema, &serde_json::from_str(text).expect("JSON")).len();
    assert_eq!(problems(r#"[{"id": 1, "note": null}, {"id": 2, "more": true}]"#), 0);
    for (wrong, count) in
        [(r#"{}"#, 1), (r#"[{}]"#, 1), (r#"[{"id": -1}]"#, 1), (r#"[{"id": "1", "note": 2}]"#, 2)]
    {
        assert_eq!(problems(wrong), count, "{wrong}");
    }
}
