//! The OpenAPI document, put together from the operations of all features.

use std::collections::{BTreeMap, btree_map::Entry};

use common::{frame::ErrorCode, limit::LimitName};
use utoipa::openapi::{
    Components, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, Paths, Response, Responses, Server,
    extensions::Extensions,
    path::{Operation as DescribedOperation, OperationBuilder},
    tag::TagBuilder,
};

use super::{
    access_rule::{self, AccessRule},
    bounds,
    error_answer::{self, ErrorAnswer},
    operation::{Operation, OperationGroup},
};
use crate::{BasePath, access};

const DESCRIPTION: &str = "Everything that Pulseboard tells and takes over plain HTTP. Paging, errors, times, limits and versions follow the rule \
     in docs/api.md; live connections are described in docs/protocol.md.";

/// Returns the document of these operations, below this path. It says OpenAPI 3.1, which today's generators read; few read 3.2.
pub(crate) fn document(operations: Vec<Operation>, base: &BasePath) -> OpenApi {
    let mut paths = Paths::new();
    let mut components = Components::new();
    components.schemas.extend([error_answer::schema()]);
    for (name, scheme) in access_rule::schemes() {
        components.add_security_scheme(name, scheme);
    }
    for operation in operations {
        components.schemas.extend(operation.schemas.iter().cloned());
        let method = match operation.method.as_str() {
            "POST" => HttpMethod::Post,
            "PUT" => HttpMethod::Put,
            "DELETE" => HttpMethod::Delete,
            _ => HttpMethod::Get,
        };
        paths.add_path_operation(operation.path, vec![method], described(operation));
    }
    components.schemas.values_mut().for_each(bounds::set);
    let tags = OperationGroup::ALL
        .map(|group| TagBuilder::new().name(group.name()).description(Some(group.description())).build());
    let info = InfoBuilder::new().title("Pulseboard").version("1").description(Some(DESCRIPTION));
    let below = (!base.is_root()).then(|| vec![Server::new(base.as_str())]);
    OpenApiBuilder::new()
        .info(info.build())
        .servers(below)
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags))
        .build()
}

/// Returns the document's text, as it is committed and served.
///
/// # Errors
/// Never: every key is a text.
pub(crate) fn text(document: &OpenApi) -> serde_json::Result<String> {
    // The links of Rust's own documentation lead nowhere from here. No backtick stands outside of a text.
    let text = document.to_pretty_json()?.replace("[`", "`").replace("`]", "`");
    Ok(text + "\n")
}

fn described(operation: Operation) -> DescribedOperation {
    let rule = AccessRule::of(access::action(&operation.method, Some(operation.path), operation.path));
    let description = match operation.description {
        Some(description) => format!("{description}\n\n{}", rule.sentence()),
        None => rule.sentence(),
    };
    let errors = [&*operation.errors, &*of_everyone(&rule)].concat();
    let responses = together(operation.answers, error_answer::responses(&errors));
    let mut parameters = operation.parameters;
    parameters.iter_mut().filter_map(|parameter| parameter.schema.as_mut()).for_each(bounds::set);
    let parameters = (!parameters.is_empty()).then_some(parameters);
    OperationBuilder::new()
        .tag(operation.group.name())
        .operation_id(Some(operation.id))
        .summary(Some(operation.summary))
        .description(Some(description))
        .parameters(parameters)
        .request_body(operation.body)
        .responses(Responses::from_iter(responses))
        .securities(Some(rule.requirements()))
        .extensions(Some(Extensions::from_iter([("x-access", rule.extension())])))
        .build()
}

/// Puts answers and errors together. A status may be both: then either body may come.
fn together(
    mut answers: BTreeMap<String, Response>,
    errors: BTreeMap<String, Response>,
) -> BTreeMap<String, Response> {
    for (status, error) in errors {
        match answers.entry(status) {
            Entry::Vacant(place) => {
                place.insert(error);
            }
            Entry::Occupied(mut place) => {
                let answer = place.get_mut();
                answer.description = [&*answer.description, &*error.description].join("\n\n");
                answer.headers.extend(error.headers);
                answer.content.extend(error.content);
            }
        }
    }
    answers
}

/// The errors that any request may meet on its way to what it asks for.
fn of_everyone(rule: &AccessRule) -> Vec<ErrorAnswer> {
    let mut errors = vec![
        ErrorAnswer::Code(ErrorCode::ForbiddenOrigin),
        ErrorAnswer::Code(ErrorCode::Internal),
        ErrorAnswer::Limit(LimitName::PlainConnections),
    ];
    if rule.role.is_some() {
        errors.push(ErrorAnswer::Code(rule.missing_proof()));
        errors.push(ErrorAnswer::Code(ErrorCode::NotAllowed));
        errors.push(ErrorAnswer::Code(ErrorCode::StoreUnavailable));
    }
    errors
}
