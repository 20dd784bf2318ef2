//! The OpenAPI 3.1 description of the API, generated from its handlers.

use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        ContentBuilder, Header, HeaderBuilder, Ref, RefOr, Required, Response,
        path::{Operation, PathItem},
        schema::{ObjectBuilder, Schema, Type},
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use super::{enum_schemas, problem::ProblemView};
use crate::problem_type::ProblemType;

/// The description without its operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vestibule",
        description = "Create, show and redeem invites to an XMPP server.\n\nA key belongs to one host; send it \
            as `Authorization: Bearer ID/SECRET`. Times are RFC 3339 in UTC; durations are a number and one of \
            `s`, `m`, `h`, `d`, `w`. Every response has an `X-Request-Id`, the id of the request in the log.",
        contact(name = "The operator of this service"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "invites", description = "Create and manage invites."),
        (name = "redemptions", description = "Redemption of invites, for XMPP servers."),
        (name = "members", description = "Accounts that were created with invites."),
        (name = "keys", description = "API keys."),
        (name = "events", description = "The audit log."),
    ),
    components(schemas(ProblemView)),
    modifiers(&Common),
)]
pub(super) struct Description;

/// Properties that all operations share.
pub(super) struct Common;

impl Modify for Common {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        enum_schemas::add_to(components);
        components.schemas.values_mut().for_each(without_defaults);
        let bearer = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("ID/SECRET")
            .description(Some("An API key, from `vestibule keys create`."))
            .build();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
        for kind in ALWAYS.iter().chain(WITH_BODY) {
            let mut response = Response::new(format!("`{}`", kind.name));
            finish(kind.status.as_str(), &mut response);
            components.responses.insert(kind.name.to_owned(), response.into());
        }
        for item in description.paths.paths.values_mut() {
            operations(item).for_each(complete);
        }
    }
}

/// Removes the defaults that the derive macro takes from `Default`. A default of `null` would be wrong, because `null`
/// and a missing field differ, and client generators treat a field with a default as always present. The description of
/// each field states its default.
fn without_defaults(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.default = None;
            object.properties.values_mut().for_each(without_defaults);
        }
        RefOr::T(Schema::Array(array)) => array.default = None,
        RefOr::T(Schema::OneOf(one)) => one.default = None,
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(without_defaults),
        _ => {}
    }
}

/// Problems of every operation.
const ALWAYS: &[&ProblemType] = &[
    &ProblemType::UNAUTHORIZED,
    &ProblemType::FORBIDDEN,
    &ProblemType::INVALID,
    &ProblemType::RATE_LIMITED,
    &ProblemType::INTERNAL,
    &ProblemType::UNAVAILABLE,
];

/// Further problems of operations with a body.
const WITH_BODY: &[&ProblemType] =
    &[&ProblemType::TOO_LARGE, &ProblemType::UNSUPPORTED_MEDIA_TYPE, &ProblemType::REQUEST_TIMEOUT];

/// The operations of one path.
fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete]
        .into_iter()
        .filter_map(|operation| operation.as_mut())
}

/// Adds the shared properties to an operation.
fn complete(operation: &mut Operation) {
    operation.security = Some(vec![SecurityRequirement::new("key", [] as [&str; 0])]);
    let with_body = operation.request_body.as_mut().map_or(&[] as &[_], |body| {
        if let RefOr::T(body) = body
            && body.description.as_deref() == Some(OPTIONAL)
        {
            body.required = Some(Required::False);
        }
        WITH_BODY
    });
    let responses = &mut operation.responses.responses;
    for kind in ALWAYS.iter().chain(with_body) {
        let reference = || Ref::from_response_name(kind.name).into();
        responses.entry(kind.status.as_str().to_owned()).or_insert_with(reference);
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response {
            finish(status, response);
        }
    }
}

/// The description of an optional body.
const OPTIONAL: &str = "Optional.";

/// Adds the headers of every response, and the body of errors.
fn finish(status: &str, response: &mut Response) {
    let text = |description: &str| header(Type::String, description);
    response.headers.insert("X-Request-Id".to_owned(), text("The id of this request in the log."));
    if !(status.starts_with('4') || status.starts_with('5')) {
        return;
    }
    let problem = Ref::from_schema_name(ProblemView::name());
    let content = ContentBuilder::new().schema(Some(problem)).build();
    response.content.insert("application/problem+json".to_owned(), content.into());
    match status {
        "401" => {
            let header = text("`Bearer` (RFC 9110 section 11.6.1).");
            response.headers.insert("WWW-Authenticate".to_owned(), header);
        }
        "429" | "503" => {
            let header = header(Type::Integer, "Seconds to wait.");
            response.headers.insert("Retry-After".to_owned(), header);
        }
        _ => {}
    }
}

fn header(schema_type: Type, description: &str) -> RefOr<Header> {
    let schema = ObjectBuilder::new().schema_type(schema_type).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build().into()
}
