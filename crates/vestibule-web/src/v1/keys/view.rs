//! A key as JSON.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::{KeyRecord, Scope};

use super::super::enum_schemas;

/// A key without its secret, which is not stored.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub(crate) struct KeyView {
    /// The public id.
    id: String,
    /// The host.
    host: String,
    /// Display name.
    #[schema(required)]
    name: Option<String>,
    /// Scopes.
    #[schema(schema_with = enum_schemas::scopes)]
    scopes: Vec<&'static str>,
    /// Time of creation.
    #[schema(format = DateTime)]
    created_at: String,
    /// Expiry; `null` means never.
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    /// Rate limit, such as `60/min`; `null` means no limit.
    #[schema(required)]
    rate: Option<String>,
    /// Time of the last use, to about a minute.
    #[schema(required, format = DateTime)]
    last_used_at: Option<String>,
    /// The `id` of the key that created this one: they share a rate and are deleted together. `null` if the operator
    /// created it.
    #[schema(required)]
    parent: Option<String>,
}

impl From<KeyRecord> for KeyView {
    fn from(key: KeyRecord) -> Self {
        Self {
            id: key.id.to_string(),
            host: key.host.to_string(),
            name: key.name,
            scopes: key.scopes.iter().map(Scope::as_str).collect(),
            created_at: key.created_at.to_string(),
            expires_at: key.expires_at.map(|at| at.to_string()),
            rate: key.rate.map(|rate| rate.to_string()),
            last_used_at: key.last_used_at.map(|at| at.to_string()),
            parent: key.parent.map(|id| id.to_string()),
        }
    }
}
