//! Schemas of enumerations, generated from the domain's types.

use utoipa::openapi::{
    ArrayBuilder, ComponentsBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema,
    schema::{SchemaType, Type},
};
use vestibule_core::{AccountChange, Action, Kind, Scope, State};

/// Adds the schemas that others refer to.
pub(super) fn add_to(components: &mut utoipa::openapi::Components) {
    let sets = ComponentsBuilder::new()
        .schema("Kind", one_of(Kind::ALL.map(Kind::as_str), "The kind of an invite."))
        .schema("State", one_of(State::ALL.map(State::as_str), "The state of an invite."))
        .schema("Scope", one_of(Scope::ALL.map(Scope::as_str), "A permission of a key."))
        .schema("Action", one_of(Action::ALL.map(Action::as_str), "The action of an event."))
        .build();
    components.schemas.extend(sets.schemas);
}

fn one_of<const N: usize>(names: [&'static str; N], about: &str) -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .description(Some(about))
        .build()
        .into()
}

fn named(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// Kinds of invites.
pub(super) fn kind() -> RefOr<Schema> {
    named("Kind")
}

/// The kind of a new invite; `null` is as if it were left out.
pub(super) fn new_kind() -> Schema {
    let null = ObjectBuilder::new().schema_type(Type::Null).build();
    let about = "What it offers. `account` if left out.";
    OneOfBuilder::new().item(Ref::from_schema_name("Kind")).item(null).description(Some(about)).build().into()
}

/// States of invites.
pub(super) fn state() -> RefOr<Schema> {
    named("State")
}

/// What a key may do.
pub(super) fn scopes() -> Schema {
    let about = "What it may do.";
    ArrayBuilder::new().items(named("Scope")).description(Some(about)).build().into()
}

/// What a new key may do.
pub(super) fn new_scopes() -> Schema {
    let about = "What it may do, at most what this key may. `invites:create` alone if left out.";
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(named("Scope"))
        .min_items(Some(1))
        .description(Some(about))
        .build()
        .into()
}

/// Changes of accounts.
pub(super) fn account_change() -> Schema {
    one_of(AccountChange::ALL.map(AccountChange::as_str), "What happened to the account.")
}

/// What the audit log tells.
pub(super) fn action() -> RefOr<Schema> {
    named("Action")
}
