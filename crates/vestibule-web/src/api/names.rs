//! Closed sets of names, as the description shows them: read from where they are defined.

use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, RefOr, Schema,
    schema::{SchemaType, Type},
};
use vestibule_core::{Action, Kind, Scope, State};

fn one_of<const N: usize>(names: [&'static str; N], description: &str) -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .enum_values(Some(names))
        .description(Some(description))
        .build()
        .into()
}

/// Kinds of invites.
pub(super) fn kind() -> Schema {
    one_of(Kind::ALL.map(Kind::as_str), "What an invite offers; `account` where a new one does not say.")
}

/// States of invites.
pub(super) fn state() -> Schema {
    one_of(State::ALL.map(State::as_str), "Where an invite stands.")
}

/// Scopes of keys.
pub(super) fn scope() -> Schema {
    one_of(Scope::ALL.map(Scope::as_str), "One thing that a key may do.")
}

/// Lists of scopes.
pub(super) fn scopes() -> Schema {
    ArrayBuilder::new()
        .items(RefOr::T(scope()))
        .description(Some("What a key may do; `invites:create` alone where a new one does not say."))
        .build()
        .into()
}

/// What the audit log tells.
pub(super) fn action() -> Schema {
    one_of(Action::ALL.map(Action::as_str), "What happened.")
}
