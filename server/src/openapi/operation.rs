//! An operation of the REST API: a method at an address, as the feature that serves it describes it.

use std::collections::BTreeMap;

use axum::http::Method;
use common::{frame::ErrorCode, limit::LimitName, status::ExactStatus};
use serde_json::Value;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ContentBuilder, Object, RefOr, Required, Response, ResponseBuilder, Schema,
        path::{Parameter, ParameterBuilder, ParameterIn},
        request_body::{RequestBody, RequestBodyBuilder},
        schema::{Ref, Type},
    },
};

pub(crate) use super::error_answer::ErrorAnswer;

/// The operations that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationGroup {
    /// Machines and what is measured of them.
    Hosts,
    /// Services and endpoints that the server asks.
    Sources,
    /// Views that the team shares.
    Dashboards,
    /// Numbers of other programs.
    Publishing,
    /// Finite streams of programs.
    Streams,
    /// Rooms and what was said there.
    Chat,
    /// Notices to people.
    Notices,
    /// Live connections.
    Connections,
    /// Measuring the way between a client and the server.
    Lab,
    /// The log of what happened to accounts.
    Audit,
    /// The server itself.
    Server,
}

impl OperationGroup {
    /// Every group, in the order of the page.
    pub(super) const ALL: [Self; 11] = [
        Self::Hosts,
        Self::Sources,
        Self::Dashboards,
        Self::Publishing,
        Self::Streams,
        Self::Chat,
        Self::Notices,
        Self::Connections,
        Self::Lab,
        Self::Audit,
        Self::Server,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hosts => "hosts",
            Self::Sources => "sources",
            Self::Dashboards => "dashboards",
            Self::Publishing => "publishing",
            Self::Streams => "streams",
            Self::Chat => "chat",
            Self::Notices => "notices",
            Self::Connections => "connections",
            Self::Lab => "lab",
            Self::Audit => "audit",
            Self::Server => "server",
        }
    }

    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Hosts => "Machines, what is measured of them, and the last minutes of that.",
            Self::Sources => "Services that are probed, and Prometheus endpoints that are scraped.",
            Self::Dashboards => "Views of series that the team shares: rows of cards.",
            Self::Publishing => "Numbers of your own, pushed to everyone who follows their topic.",
            Self::Streams => {
                "What begins, is written bit by bit, and ends: a model's words, the progress of a job."
            }
            Self::Chat => "What was said in a room.",
            Self::Notices => "Notices to everyone, a role or a person.",
            Self::Connections => "Live connections: who is there, ending one, following one.",
            Self::Lab => "Measures the way between a client and the server.",
            Self::Audit => "What happened to accounts, tokens and settings.",
            Self::Server => "The server itself: whether it lives, its own figures, this description.",
        }
    }
}

/// The media type of almost everything.
const JSON: &str = "application/json";

/// The schemas that an operation names.
type NamedSchemas = Vec<(String, RefOr<Schema>)>;

/// An operation of the REST API.
pub(crate) struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// Its name in programs that are generated.
    pub(super) id: &'static str,
    pub(super) group: OperationGroup,
    pub(super) summary: &'static str,
    pub(super) description: Option<&'static str>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<RequestBody>,
    pub(super) answers: BTreeMap<String, Response>,
    pub(super) errors: Vec<ErrorAnswer>,
    pub(super) schemas: NamedSchemas,
}

impl Operation {
    /// An operation that reads.
    pub(crate) fn get(
        path: &'static str,
        id: &'static str,
        group: OperationGroup,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::GET, path, id, group, summary)
    }

    /// An operation that sends.
    pub(crate) fn post(
        path: &'static str,
        id: &'static str,
        group: OperationGroup,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::POST, path, id, group, summary)
    }

    /// An operation that has something be as the body says.
    pub(crate) fn put(
        path: &'static str,
        id: &'static str,
        group: OperationGroup,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::PUT, path, id, group, summary)
    }

    /// An operation that ends something.
    pub(crate) fn delete(
        path: &'static str,
        id: &'static str,
        group: OperationGroup,
        summary: &'static str,
    ) -> Self {
        Self::new(Method::DELETE, path, id, group, summary)
    }

    fn new(
        method: Method,
        path: &'static str,
        id: &'static str,
        group: OperationGroup,
        summary: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            id,
            group,
            summary,
            description: None,
            parameters: Vec::new(),
            body: None,
            answers: BTreeMap::new(),
            errors: Vec::new(),
            schemas: Vec::new(),
        }
    }

    /// Says more about it.
    pub(crate) fn description(self, description: &'static str) -> Self {
        Self { description: Some(description), ..self }
    }

    /// A segment of its address.
    pub(crate) fn segment<T: PartialSchema>(self, name: &'static str, description: &'static str) -> Self {
        self.parameter::<T>(ParameterIn::Path, name, Required::True, description)
    }

    /// A header that may be left out.
    pub(crate) fn header<T: PartialSchema>(self, name: &'static str, description: &'static str) -> Self {
        self.parameter::<T>(ParameterIn::Header, name, Required::False, description)
            .fails([ErrorAnswer::Code(ErrorCode::BadRequest)])
    }

    fn parameter<T: PartialSchema>(
        mut self,
        place: ParameterIn,
        name: &'static str,
        required: Required,
        description: &'static str,
    ) -> Self {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(place)
            .required(required)
            .description(Some(description))
            .schema(Some(T::schema()));
        self.parameters.push(parameter.build());
        self
    }

    /// Its query. One that cannot be read is refused.
    pub(crate) fn query<T: IntoParams>(mut self) -> Self {
        self.parameters.extend(T::into_params(|| Some(ParameterIn::Query)));
        self.fails([ErrorAnswer::Code(ErrorCode::BadRequest)])
    }

    /// Its body, with an example. One that cannot be read is refused.
    pub(crate) fn body<T: ToSchema>(mut self, example: Value) -> Self {
        let content = ContentBuilder::new().schema(Some(self.named::<T>())).example(Some(example)).build();
        let body = RequestBodyBuilder::new().content(JSON, content).required(Some(Required::True));
        self.body = Some(body.build());
        self.fails([
            ErrorAnswer::Code(ErrorCode::BadRequest),
            ErrorAnswer::Limit(LimitName::BodyBytes),
            ErrorAnswer::Exact(ExactStatus::UnsupportedMediaType),
            ErrorAnswer::Exact(ExactStatus::UnprocessableContent),
        ])
    }

    /// An answer of JSON.
    pub(crate) fn answers<T: ToSchema>(mut self, status: u16, description: &'static str) -> Self {
        let schema = self.named::<T>();
        self.answer(status, description, Some((JSON, schema)))
    }

    /// An answer of JSON that is a list.
    pub(crate) fn answers_list<T: ToSchema>(mut self, description: &'static str) -> Self {
        let schema = RefOr::T(ArrayBuilder::new().items(self.named::<T>()).into());
        self.answer(200, description, Some((JSON, schema)))
    }

    /// An answer of JSON that is an object, described elsewhere.
    pub(crate) fn answers_object(self, status: u16, description: &'static str) -> Self {
        let schema = RefOr::T(Object::with_type(Type::Object).into());
        self.answer(status, description, Some((JSON, schema)))
    }

    /// An answer of text of this media type.
    pub(crate) fn answers_text(
        self,
        status: u16,
        media_type: &'static str,
        description: &'static str,
    ) -> Self {
        let schema = RefOr::T(Object::with_type(Type::String).into());
        self.answer(status, description, Some((media_type, schema)))
    }

    /// An answer without a body.
    pub(crate) fn answers_nothing(self, description: &'static str) -> Self {
        self.answer(204, description, None)
    }

    fn answer(
        mut self,
        status: u16,
        description: &'static str,
        content: Option<(&'static str, RefOr<Schema>)>,
    ) -> Self {
        let mut response = ResponseBuilder::new().description(description);
        if let Some((media_type, schema)) = content {
            response = response.content(media_type, ContentBuilder::new().schema(Some(schema)).build());
        }
        self.answers.insert(status.to_string(), response.build());
        self
    }

    /// Errors that it answers with, besides those that every request may meet.
    pub(crate) fn fails(mut self, errors: impl IntoIterator<Item = ErrorAnswer>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// Names a schema, and notes it and those that it names.
    fn named<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        RefOr::Ref(Ref::from_schema_name(T::name()))
    }
}
