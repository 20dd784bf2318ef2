//! Reading an invite from its row, and writing it into one.

use rusqlite::{Row, ToSql};
use serde_json::{Map, Value, json};
use vestibule_core::{Invite, InviteId, Source, Timestamp, Username};

use super::{
    job::EngineError,
    transaction::{Table, Transaction},
};

/// The labels of an invite, which it may share with others, as a piece of SQL.
macro_rules! labels {
    () => {
        "CASE WHEN shared_fields IS NULL THEN labels \
         ELSE (SELECT labels FROM shared_fields AS shared WHERE shared.id = invites.shared_fields) END"
    };
}
pub(super) use labels;

/// The data of an invite, which it may share with others, as a piece of SQL.
macro_rules! data {
    () => {
        "CASE WHEN shared_fields IS NULL THEN data \
         ELSE (SELECT data FROM shared_fields AS shared WHERE shared.id = invites.shared_fields) END"
    };
}
pub(super) use data;

/// The columns that [`read_invite`] expects, as a piece of SQL.
macro_rules! invite_columns {
    () => {
        concat!(
            "id, host, kind, token_sealed, username, inviter, ",
            $crate::sqlite::row::labels!(),
            ", max_uses, uses, created_at, expires_at, revoked_at, used_at, source, note, ",
            $crate::sqlite::row::data!()
        )
    };
}
pub(super) use invite_columns;

/// Reads `invite_columns!()`, in this order.
pub(super) fn read_invite(tx: &Transaction<'_>, row: &Row<'_>) -> Result<Invite, EngineError> {
    let id = InviteId::from_bytes(row.get(0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("invite {id}: {what}"));
    let username = |index| -> Result<Option<Username>, EngineError> {
        let text: Option<String> = row.get(index)?;
        text.map(|text| Username::parse(&text).map_err(|_| corrupt("username"))).transpose()
    };
    let timestamp = |index| -> rusqlite::Result<Option<Timestamp>> {
        Ok(row.get::<_, Option<i64>>(index)?.map(Timestamp::from_millis))
    };
    let kind: String = row.get(2)?;
    let labels: Option<String> = row.get(6)?;
    let (groups, roles) = match labels {
        None => Default::default(),
        Some(text) => read_labels(&text).ok_or_else(|| corrupt("labels"))?,
    };
    let data: Option<String> = row.get(15)?;
    Ok(Invite {
        id,
        host: tx.host(row.get(1)?)?,
        kind: kind.parse().map_err(|_| corrupt("kind"))?,
        sealed_token: row.get(3)?,
        username: username(4)?,
        inviter: username(5)?,
        groups,
        roles,
        max_uses: row.get(7)?,
        uses: row.get(8)?,
        created_at: Timestamp::from_millis(row.get(9)?),
        expires_at: Timestamp::from_millis(row.get(10)?),
        revoked_at: timestamp(11)?,
        used_at: timestamp(12)?,
        source: Source::from_stored(row.get(13)?),
        note: row.get(14)?,
        data: data
            .map(|text| serde_json::from_str::<Map<String, Value>>(&text))
            .transpose()
            .map_err(|_| corrupt("data"))?,
    })
}

fn read_labels(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let list = |name: &str| -> Option<Vec<String>> {
        value.get(name)?.as_array()?.iter().map(|label| label.as_str().map(str::to_owned)).collect()
    };
    Some((list("groups")?, list("roles")?))
}

const INSERT: &str = "INSERT INTO invites \
     (id, host, kind, token_sealed, username, inviter, labels, max_uses, uses, created_at, expires_at, \
     revoked_at, used_at, source, note, data, shared_fields, token_hash, place) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";

/// Where the labels and the data of an invite are written.
#[derive(Clone, Copy)]
pub(super) enum Fields {
    /// With the invite.
    Own,
    /// Once for several invites, under this id; see [`share_fields`].
    Common(i64),
}

/// Writes labels and data that several invites have in common. The id must be new; they are deleted with the last of
/// these invites.
pub(super) fn share_fields(tx: &Transaction<'_>, id: i64, invite: &Invite) -> rusqlite::Result<Fields> {
    const SHARE: &str = "INSERT INTO shared_fields (id, labels, data) VALUES (?1, ?2, ?3)";
    let (labels, data) = texts(invite);
    if labels.is_none() && data.is_none() {
        return Ok(Fields::Own);
    }
    tx.statement(SHARE)?.execute((id, labels, data))?;
    Ok(Fields::Common(id))
}

/// Labels and data as they are stored.
fn texts(invite: &Invite) -> (Option<String>, Option<String>) {
    let labels = (!invite.groups.is_empty() || !invite.roles.is_empty())
        .then(|| json!({ "groups": invite.groups, "roles": invite.roles }).to_string());
    let data = invite.data.as_ref().map(|data| Value::Object(data.clone()).to_string());
    (labels, data)
}

/// Writes a new invite at the next place, which is the answer.
pub(super) fn insert_invite(
    tx: &Transaction<'_>,
    host_number: i64,
    invite: &Invite,
    hash: &[u8; 32],
) -> rusqlite::Result<i64> {
    let row_key = tx.next_row_key(Table::Invites, host_number)?;
    insert_invite_with_key(tx, host_number, invite, hash, row_key, Fields::Own)?;
    Ok(row_key)
}

/// Writes a new invite at its place.
pub(super) fn insert_invite_with_key(
    tx: &Transaction<'_>,
    host_number: i64,
    invite: &Invite,
    hash: &[u8; 32],
    row_key: i64,
    fields: Fields,
) -> rusqlite::Result<()> {
    let ((labels, data), shared_fields) = match fields {
        Fields::Own => (texts(invite), None),
        Fields::Common(id) => ((None, None), Some(id)),
    };
    let values: [&dyn ToSql; 19] = [
        &invite.id.to_bytes(),
        &host_number,
        &invite.kind.as_str(),
        &invite.sealed_token,
        &invite.username.as_ref().map(Username::as_str),
        &invite.inviter.as_ref().map(Username::as_str),
        &labels,
        &invite.max_uses,
        &invite.uses,
        &invite.created_at.as_millis(),
        &invite.expires_at.as_millis(),
        &invite.revoked_at.map(Timestamp::as_millis),
        &invite.used_at.map(Timestamp::as_millis),
        &invite.source.as_str(),
        &invite.note,
        &data,
        &shared_fields,
        hash,
        &row_key,
    ];
    tx.statement(INSERT)?.execute(values.as_slice()).map(drop)
}
