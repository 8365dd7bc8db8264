//! The page of the API, read from the document's text: so it shows what programs are told, and nothing else.

use app::door::{ApiAnswer, ApiField, ApiGroup, ApiOperation, ApiPage, ApiSchema};
use common::role::Role;
use serde_json::{Map, Value};

use super::access_rule::{SESSION, TOKEN};

/// Reads the page. `origin` is the site as the reader's browser names it, for curl.
pub(super) fn of(text: &str, origin: &str) -> ApiPage {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let groups = list(&document["tags"]).map(|tag| group(&document, tag, origin)).collect();
    let schemas =
        object(&document["components"]["schemas"]).map(|(name, schema)| named(name, schema)).collect();
    ApiPage { groups, schemas }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn group(document: &Value, tag: &Value, origin: &str) -> ApiGroup {
    let paths = object(&document["paths"]);
    let all =
        paths.flat_map(|(path, item)| object(item).map(move |(method, described)| (path, method, described)));
    let own = all.filter(|(_, _, described)| described["tags"][0] == tag["name"]);
    let operations =
        own.map(|(path, method, described)| operation(path, method, described, origin)).collect();
    ApiGroup { name: words(&tag["name"]), description: words(&tag["description"]), operations }
}

fn operation(path: &str, method: &str, described: &Value, origin: &str) -> ApiOperation {
    let parameters = || list(&described["parameters"]);
    let body = content(&described["requestBody"]);
    let answer = |(status, answer): (&String, &Value)| ApiAnswer {
        status: status.clone(),
        shape: content(answer).map(|content| shape(&content["schema"])).unwrap_or_default(),
        description: words(&answer["description"]),
    };
    // The rule of access is told as facts, in the reader's language.
    let description = words(&described["description"]);
    let description = description.rsplit_once("\n\n").map_or("", |(description, _)| description);
    ApiOperation {
        id: words(&described["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: words(&described["summary"]),
        description: description.to_owned(),
        role: words(&described["x-access"]["role"]).parse::<Role>().ok(),
        scopes: list(&described["security"]).flat_map(|proof| list(&proof[TOKEN]).map(words)).collect(),
        parameters: parameters().map(parameter).collect(),
        body: body.map(|content| shape(&content["schema"])),
        answers: object(&described["responses"]).map(answer).collect(),
        curl: curl(path, method, described, origin),
    }
}

/// Returns the first of the bodies that there may be.
fn content(of: &Value) -> Option<&Value> {
    object(&of["content"]).next().map(|(_, content)| content)
}

fn parameter(described: &Value) -> ApiField {
    ApiField {
        name: words(&described["name"]),
        place: words(&described["in"]),
        shape: shape(&described["schema"]),
        is_required: described["required"] == true,
        description: words(&described["description"]),
    }
}

/// Returns a line for curl that does what the operation is for, with examples for what differs.
fn curl(path: &str, method: &str, described: &Value, origin: &str) -> String {
    let mut line = "curl".to_owned();
    if method == "delete" {
        line += " -X DELETE";
    }
    let proofs = &described["security"];
    if list(proofs).any(|proof| proof.get(TOKEN).is_some()) {
        line += r#" -H "Authorization: Bearer $TOKEN""#;
    } else if list(proofs).any(|proof| proof.get(SESSION).is_some()) {
        let cookie =
            if origin.starts_with("https:") { "__Host-pulseboard-session" } else { "pulseboard-session" };
        line += &format!(r#" -b "{cookie}=$SESSION""#);
    }
    if let Some(body) = content(&described["requestBody"]) {
        let body = body["example"].to_string().replace('\'', r"'\''");
        line += &format!(" --json '{body}'");
    } else if method == "post" {
        line += " -X POST";
    }
    let mut address = path.to_owned();
    let mut query = Vec::new();
    for parameter in list(&described["parameters"]) {
        let name = words(&parameter["name"]);
        let example = &parameter["schema"]["examples"][0];
        let example = example.as_str().unwrap_or("1");
        match parameter["in"].as_str() {
            Some("path") => address = address.replace(&format!("{{{name}}}"), example),
            Some("query") if parameter["required"] == true => query.push(format!("{name}={example}")),
            _ => {}
        }
    }
    let mark = if query.is_empty() { "" } else { "?" };
    line + &format!(r#" "{origin}{address}{mark}{}""#, query.join("&"))
}

fn named(name: &str, schema: &Value) -> ApiSchema {
    let fields: Vec<_> = fields(schema).collect();
    // Parts that are written out elsewhere.
    let others: Vec<_> =
        list(&schema["allOf"]).filter(|part| part.get("$ref").is_some()).map(shape).collect();
    let shape = match (fields.is_empty(), others.is_empty()) {
        (true, _) => shape(schema),
        (false, true) => String::new(),
        (false, false) => format!("{} and", others.join(" and ")),
    };
    ApiSchema { name: name.to_owned(), shape, description: words(&schema["description"]), fields }
}

/// Returns the fields of an object, and of the objects that it is put together of.
fn fields(schema: &Value) -> Box<dyn Iterator<Item = ApiField> + '_> {
    let own = object(&schema["properties"]).map(|(name, field)| ApiField {
        name: name.clone(),
        place: String::new(),
        shape: shape(field),
        is_required: list(&schema["required"]).any(|required| required == name),
        description: words(&field["description"]),
    });
    Box::new(own.chain(list(&schema["allOf"]).flat_map(fields)))
}

/// Returns a type in words, a schema's name between brackets.
fn shape(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return format!("[{}]", name.rsplit('/').next().unwrap_or_default());
    }
    let alternatives: Vec<_> = list(&schema["oneOf"]).map(shape).collect();
    if !alternatives.is_empty() {
        return alternatives.join(" or ");
    }
    let choices: Vec<_> = list(&schema["enum"]).map(|choice| format!("`{}`", words(choice))).collect();
    if !choices.is_empty() {
        return choices.join(", ");
    }
    let types: Vec<_> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let told = types.into_iter().map(|name| match name {
        "array" => format!("list of {}", shape(&schema["items"])),
        "object" if schema.get("additionalProperties").is_some() => {
            format!("object of {}", shape(&schema["additionalProperties"]))
        }
        name => [name, &*bounds(schema)].concat(),
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { "any JSON".to_owned() } else { told.join(" or ") }
}

/// Returns the bounds of a number, where both are known.
fn bounds(schema: &Value) -> String {
    match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
        (Some(least), Some(most)) => format!(" {least} to {most}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_said_in_words() {
        for (schema, said) in [
            (json!({"$ref": "#/components/schemas/Cursor"}), "[Cursor]"),
            (json!({"type": ["string", "null"]}), "string or null"),
            (json!({"type": "array", "items": {"type": "integer"}}), "list of integer"),
            (json!({"type": "integer", "minimum": 1, "maximum": 200}), "integer 1 to 200"),
            (json!({"type": "string", "enum": ["a", "b"]}), "`a`, `b`"),
            (json!({"oneOf": [{"type": "null"}, {"$ref": "#/x/Sample"}]}), "null or [Sample]"),
            (json!({"type": "object", "additionalProperties": {"type": "string"}}), "object of string"),
            (json!({}), "any JSON"),
        ] {
            assert_eq!(shape(&schema), said);
        }
    }

    #[test]
    fn a_line_for_curl_carries_what_the_operation_needs() {
        let line = |path, method, described: Value| curl(path, method, &described, "https://board.example");
        let token = json!([{"session": []}, {"token": ["read:*"]}]);
        let parameters = json!([
            {"name": "id", "in": "path", "required": true, "schema": {"examples": ["local"]}},
            {"name": "since", "in": "query", "required": false, "schema": {}},
            {"name": "probe", "in": "query", "required": true, "schema": {"examples": ["abc"]}},
        ]);
        assert_eq!(
            line("/api/v1/hosts/{id}", "get", json!({"security": token, "parameters": parameters})),
            r#"curl -H "Authorization: Bearer $TOKEN" "https://board.example/api/v1/hosts/local?probe=abc""#
        );
        let body = json!({"content": {"application/json": {"example": {"text": "it's"}}}});
        assert_eq!(
            line("/a", "post", json!({"security": [{"session": []}], "requestBody": body})),
            r#"curl -b "__Host-pulseboard-session=$SESSION" --json '{"text":"it'\''s"}' "https://board.example/a""#
        );
        assert_eq!(
            line("/a", "delete", json!({"security": []})),
            r#"curl -X DELETE "https://board.example/a""#
        );
    }
}
