//! Schemas of enumerations, generated from the domain's types.

use utoipa::openapi::{
    ArrayBuilder, ComponentsBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema,
    schema::{SchemaType, Type},
};
use vestibule_core::{AccountChange, Action, Kind, Scope, State};

/// Adds the schemas that others refer to.
pub(super) fn add_to(components: &mut utoipa::openapi::Components) {
    let sets = ComponentsBuilder::new()
        .schema("Kind", one_of(Kind::ALL.map(Kind::as_str), "Kind of an invite."))
        .schema("State", one_of(State::ALL.map(State::as_str), "State of an invite."))
        .schema("Scope", one_of(Scope::ALL.map(Scope::as_str), "Permission of a key."))
        .schema("Action", one_of(Action::ALL.map(Action::as_str), "Action of an event."))
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

fn reference(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// Kinds of invites.
pub(super) fn kind() -> RefOr<Schema> {
    reference("Kind")
}

/// The kind of a new invite. `null` means the default.
pub(super) fn new_kind() -> Schema {
    let null = ObjectBuilder::new().schema_type(Type::Null).build();
    let about = "Kind of the invite. Defaults to `account`.";
    OneOfBuilder::new().item(Ref::from_schema_name("Kind")).item(null).description(Some(about)).build().into()
}

/// States of invites.
pub(super) fn state() -> RefOr<Schema> {
    reference("State")
}

/// Scopes of a key.
pub(super) fn scopes() -> Schema {
    let about = "Permissions of the key.";
    ArrayBuilder::new().items(reference("Scope")).description(Some(about)).build().into()
}

/// Scopes of a new key.
pub(super) fn new_scopes() -> Schema {
    let about = "Permissions of the key, at most those of this key. Defaults to `invites:create`.";
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(reference("Scope"))
        .min_items(Some(1))
        .description(Some(about))
        .build()
        .into()
}

/// Changes of accounts.
pub(super) fn account_change() -> Schema {
    one_of(AccountChange::ALL.map(AccountChange::as_str), "Kind of change.")
}

/// Actions in the audit log.
pub(super) fn action() -> RefOr<Schema> {
    reference("Action")
}
