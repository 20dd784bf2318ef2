//! The fields that the invites of a batch have in common, which are stored once.

use serde_json::{Value, json};
use vestibule_core::Invite;

use crate::{presentation::to_text, sql::statements, sqlite::transaction::Transaction};

/// The labels of an invite, which it may share with others, as an SQL expression.
macro_rules! labels {
    () => {
        "CASE WHEN shared_fields IS NULL THEN labels \
         ELSE (SELECT labels FROM shared_fields AS shared WHERE shared.id = invites.shared_fields) END"
    };
}
pub(in crate::sqlite) use labels;

/// The data of an invite, which it may share with others, as an SQL expression.
macro_rules! data {
    () => {
        "CASE WHEN shared_fields IS NULL THEN data \
         ELSE (SELECT data FROM shared_fields AS shared WHERE shared.id = invites.shared_fields) END"
    };
}
pub(in crate::sqlite) use data;

/// What an invite says to the invited person, which it may share with others until it is edited, as an SQL expression.
macro_rules! presentation {
    () => {
        "CASE WHEN shared_fields IS NULL OR presentation IS NOT NULL THEN presentation \
         ELSE (SELECT presentation FROM shared_fields AS shared WHERE shared.id = invites.shared_fields) END"
    };
}
pub(in crate::sqlite) use presentation;

statements! {
    const SHARE_FIELDS: Sql = "INSERT INTO shared_fields (id, labels, data, presentation) VALUES (?1, ?2, ?3, ?4)";
}

/// Where the fields that invites can share are written.
#[derive(Clone, Copy)]
pub(super) enum Fields {
    /// With the invite.
    Own,
    /// Once for several invites, under this id; see [`share_fields`].
    SharedAs(i64),
}

/// The fields that invites can share, as they are stored.
#[derive(Default, PartialEq)]
pub(super) struct Texts {
    pub(super) labels: Option<String>,
    pub(super) data: Option<String>,
    pub(super) presentation: Option<String>,
}

impl Texts {
    pub(super) fn of(invite: &Invite) -> Self {
        let labels = (!invite.groups.is_empty() || !invite.roles.is_empty())
            .then(|| json!({ "groups": invite.groups, "roles": invite.roles }).to_string());
        let data = invite.data.as_ref().map(|data| Value::Object(data.clone()).to_string());
        Self { labels, data, presentation: to_text(invite) }
    }
}

/// Writes these fields for several invites; `false` if there are none. The row is deleted with the last of these
/// invites.
pub(super) fn share_fields(tx: &Transaction<'_>, id: i64, invite: &Invite) -> rusqlite::Result<bool> {
    let texts = Texts::of(invite);
    if texts == Texts::default() {
        return Ok(false);
    }
    tx.statement(SHARE_FIELDS)?.execute((id, texts.labels, texts.data, texts.presentation))?;
    Ok(true)
}
