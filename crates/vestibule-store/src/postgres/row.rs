//! Reading an invite from its row.

use serde_json::{Map, Value, json};
use tokio_postgres::Row;
use vestibule_core::{Host, Invite, InviteId, Source, Timestamp, Username};

use super::engine_error::EngineError;

/// The columns that [`read_invite`] expects, as a piece of SQL.
macro_rules! invite_columns {
    () => {
        "id, kind, token_sealed, username, inviter, labels, max_uses, uses, created_at, expires_at, \
         revoked_at, used_at, source, note, data"
    };
}
pub(super) use invite_columns;

/// Reads `invite_columns!()`, in this order and from the first column on, of an invite of `host`.
pub(super) fn read_invite(row: &Row, host: &Host) -> Result<Invite, EngineError> {
    let id = InviteId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("invite {id}: {what}"));
    let username = |index: usize| -> Result<Option<Username>, EngineError> {
        let text: Option<&str> = row.try_get(index)?;
        text.map(|text| Username::parse(text).map_err(|_| corrupt("username"))).transpose()
    };
    let clock = |index: usize| -> Result<Option<Timestamp>, EngineError> {
        Ok(row.try_get::<_, Option<i64>>(index)?.map(Timestamp::from_millis))
    };
    let count = |number: i64| u32::try_from(number).map_err(|_| corrupt("uses"));
    let kind: &str = row.try_get(1)?;
    let (groups, roles) = match row.try_get::<_, Option<&str>>(5)? {
        None => Default::default(),
        Some(text) => read_labels(text).ok_or_else(|| corrupt("labels"))?,
    };
    let max_uses: Option<i64> = row.try_get(6)?;
    let data: Option<&str> = row.try_get(14)?;
    Ok(Invite {
        id,
        host: host.clone(),
        kind: kind.parse().map_err(|_| corrupt("kind"))?,
        sealed_token: row.try_get(2)?,
        username: username(3)?,
        inviter: username(4)?,
        groups,
        roles,
        max_uses: max_uses.map(count).transpose()?,
        uses: count(row.try_get(7)?)?,
        created_at: Timestamp::from_millis(row.try_get(8)?),
        expires_at: Timestamp::from_millis(row.try_get(9)?),
        revoked_at: clock(10)?,
        used_at: clock(11)?,
        source: Source::from_stored(row.try_get(12)?),
        note: row.try_get(13)?,
        data: data
            .map(serde_json::from_str::<Map<String, Value>>)
            .transpose()
            .map_err(|_| corrupt("data"))?,
    })
}

/// Bytes of a length that is known.
pub(super) fn array<const N: usize>(row: &Row, index: usize) -> Result<[u8; N], EngineError> {
    let bytes: &[u8] = row.try_get(index)?;
    bytes.try_into().map_err(|_| EngineError::Corrupt(format!("{} bytes instead of {N}", bytes.len())))
}

fn read_labels(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let list = |name: &str| -> Option<Vec<String>> {
        value.get(name)?.as_array()?.iter().map(|label| label.as_str().map(str::to_owned)).collect()
    };
    Some((list("groups")?, list("roles")?))
}

/// Groups and roles as they are stored.
pub(super) fn labels(invite: &Invite) -> Option<String> {
    let any = !invite.groups.is_empty() || !invite.roles.is_empty();
    any.then(|| json!({ "groups": invite.groups, "roles": invite.roles }).to_string())
}

/// Free data as it is stored.
pub(super) fn data(invite: &Invite) -> Option<String> {
    invite.data.as_ref().map(|data| Value::Object(data.clone()).to_string())
}
