//! Closed sets of names, as the description shows them: read from where they are defined.

use serde_json::Value;
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, RefOr, Schema,
    schema::{SchemaType, Type},
};
use vestibule_core::{AccountChange, Action, Kind, Scope, State};

/// Whether `null` may stand for a name that is left out.
enum Null {
    No,
    Yes,
}

fn one_of<const N: usize>(names: [&'static str; N], null: &Null, about: &str) -> Schema {
    let (types, null) = match null {
        Null::No => (SchemaType::new(Type::String), None),
        Null::Yes => (SchemaType::from_iter([Type::String, Type::Null]), Some(Value::Null)),
    };
    let names = names.into_iter().map(Value::from).chain(null);
    ObjectBuilder::new().schema_type(types).enum_values(Some(names)).description(Some(about)).build().into()
}

/// Kinds of invites.
pub(super) fn kind() -> Schema {
    one_of(Kind::ALL.map(Kind::as_str), &Null::No, "What an invite offers.")
}

/// The kind of a new invite.
pub(super) fn new_kind() -> Schema {
    one_of(Kind::ALL.map(Kind::as_str), &Null::Yes, "What it offers. `account` if left out.")
}

/// States of invites.
pub(super) fn state() -> Schema {
    one_of(State::ALL.map(State::as_str), &Null::No, "Where an invite stands.")
}

/// Scopes of keys.
pub(super) fn scope() -> Schema {
    one_of(Scope::ALL.map(Scope::as_str), &Null::No, "One thing that a key may do.")
}

/// What a key may do.
pub(super) fn scopes() -> Schema {
    let about = "What it may do.";
    ArrayBuilder::new().items(RefOr::T(scope())).description(Some(about)).build().into()
}

/// What a new key may do.
pub(super) fn new_scopes() -> Schema {
    let about = "What it may do, at most what this key may. `invites:create` alone if left out.";
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(RefOr::T(scope()))
        .min_items(Some(1))
        .description(Some(about))
        .build()
        .into()
}

/// Changes of accounts.
pub(super) fn account_change() -> Schema {
    one_of(AccountChange::ALL.map(AccountChange::as_str), &Null::No, "What has happened to the account.")
}

/// What the audit log tells.
pub(super) fn action() -> Schema {
    one_of(Action::ALL.map(Action::as_str), &Null::No, "What happened.")
}
