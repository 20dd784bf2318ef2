//! The tables. They are the same in all engines, except for the subject of an event.

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// The primary key, which is the first column.
    pub(crate) key: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
    Bytes,
    /// A boolean: 1 or 0 in a [`Row`].
    Flag,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Nothing,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The values of a row, in order of [`Table::columns`].
pub(crate) type Row = Vec<Value>;

use Kind::{Bytes, Flag, Number, Text};

pub(crate) const HOSTS: Table =
    Table { name: "hosts", key: "id", columns: &[("id", Number), ("name", Text), ("removed_at", Number)] };

pub(crate) const SETTINGS: Table =
    Table { name: "settings", key: "name", columns: &[("name", Text), ("value", Text)] };

pub(crate) const EVENTS: Table = Table {
    name: "events",
    key: "place",
    columns: &[
        ("place", Number),
        ("at", Number),
        ("source", Text),
        ("action", Text),
        ("invite", Bytes),
        ("subject", Text),
        ("detail", Text),
    ],
};

const KEYS: Table = Table {
    name: "keys",
    key: "id",
    columns: &[
        ("id", Text),
        ("host", Number),
        ("secret", Bytes),
        ("name", Text),
        ("scopes", Text),
        ("created_at", Number),
        ("expires_at", Number),
        ("rate", Text),
        ("last_used_at", Number),
        ("parent", Text),
    ],
};

const INVITES: Table = Table {
    name: "invites",
    key: "place",
    columns: &[
        ("place", Number),
        ("id", Bytes),
        ("host", Number),
        ("kind", Text),
        ("token_hash", Bytes),
        ("token_sealed", Bytes),
        ("username", Text),
        ("inviter", Text),
        ("labels", Text),
        ("max_uses", Number),
        ("uses", Number),
        ("created_at", Number),
        ("expires_at", Number),
        ("revoked_at", Number),
        ("used_at", Number),
        ("source", Text),
        ("note", Text),
        ("data", Text),
        ("failed_claims", Number),
        ("failed_since", Number),
        ("presentation", Text),
        ("renewal_requested_at", Number),
        ("by_member", Flag),
    ],
};

const CLAIMS: Table = Table {
    name: "claims",
    key: "id",
    columns: &[
        ("id", Bytes),
        ("invite", Bytes),
        ("username", Text),
        ("admission", Bytes),
        ("claimed_at", Number),
        ("lease_until", Number),
        ("outcome", Text),
        ("ended_at", Number),
        ("jid", Text),
        ("via", Text),
        ("over_use", Flag),
        ("account_deleted_at", Number),
    ],
};

const REQUESTS: Table = Table {
    name: "requests",
    key: "id",
    columns: &[
        ("id", Bytes),
        ("fingerprint", Bytes),
        ("first_place", Number),
        ("count", Number),
        ("created_at", Number),
        ("expires_at", Number),
    ],
};

/// The batches in progress, whose invites are invisible.
const BATCHES: Table = Table {
    name: "batches",
    key: "first_place",
    columns: &[("first_place", Number), ("last_place", Number), ("touched_at", Number)],
};

const DELETED_KEYS: Table =
    Table { name: "deleted_keys", key: "id", columns: &[("id", Text), ("host", Number)] };

const INVITE_TOMBSTONES: Table = Table {
    name: "invite_tombstones",
    key: "id",
    columns: &[("id", Bytes), ("host", Number), ("expires_at", Number)],
};

const MEMBERS: Table = Table {
    name: "members",
    key: "claim",
    columns: &[
        ("claim", Bytes),
        ("host", Number),
        ("username", Text),
        ("joined_at", Number),
        ("via", Text),
        ("invite", Bytes),
        ("inviter", Text),
        ("source", Text),
        ("deleted_at", Number),
    ],
};

const STOPPED_INVITERS: Table =
    Table { name: "stopped_inviters", key: "address", columns: &[("address", Text), ("stopped_at", Number)] };

/// All tables in copy order. Settings come first, because they identify the seal key; batches come before the invites
/// that they hide.
pub(crate) const TABLES: [&Table; 12] = [
    &SETTINGS,
    &HOSTS,
    &KEYS,
    &BATCHES,
    &INVITES,
    &CLAIMS,
    &EVENTS,
    &REQUESTS,
    &DELETED_KEYS,
    &INVITE_TOMBSTONES,
    &MEMBERS,
    &STOPPED_INVITERS,
];

impl Table {
    /// Whether a copy replaces all rows, because the source deletes some. There are few of them.
    pub(crate) fn is_replaced(&self) -> bool {
        [KEYS.name, STOPPED_INVITERS.name].contains(&self.name)
    }

    /// The columns, as SQL.
    pub(crate) fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The conflict clause that replaces an existing row.
    pub(crate) fn replacement(&self) -> String {
        let set = |(name, _): &(&str, Kind)| format!("{name} = excluded.{name}");
        let sets: Vec<_> = self.columns.iter().filter(|(name, _)| *name != self.key).map(set).collect();
        format!("ON CONFLICT ({}) DO UPDATE SET {}", self.key, sets.join(", "))
    }
}
