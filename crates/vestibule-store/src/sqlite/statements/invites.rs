//! Invites.

use rusqlite::{OptionalExtension, Row, ToSql};
use serde_json::{Map, Value};
use vestibule_core::{
    Invite, InviteId, Source, Timestamp, TokenHash, Username, rules::RENEWAL_REQUEST_INTERVAL,
};

use super::{
    fragments::visible,
    shared_fields::{Fields, Texts, presentation},
};
use crate::{
    caller::Caller,
    presentation::{from_text, to_text},
    row_key::row_keys_of,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::rows::{InviteRows, Of, PageRow, PendingRows},
};

/// The columns that [`read_invite`] expects.
macro_rules! invite_columns {
    () => {
        concat!(
            "id, host, kind, token_sealed, username, inviter, ",
            $crate::sqlite::statements::shared_fields::labels!(),
            ", max_uses, uses, created_at, expires_at, revoked_at, used_at, source, note, ",
            $crate::sqlite::statements::shared_fields::data!(),
            ", ",
            $crate::sqlite::statements::shared_fields::presentation!(),
            ", renewal_requested_at"
        )
    };
}
pub(super) use invite_columns;

statements! {
    const BY_ID: Sql =
        concat!("SELECT ", invite_columns!(), ", token_hash FROM invites WHERE id = ?1 AND ", visible!());

    const BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE place > ?1 AND place < ?2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT ?3"
    );

    // The conditions equal those of the indexes `invites_by_username` and `invites_by_inviter`.
    const OF_USERNAME_BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE host = ?1 AND username = ?4 AND username IS NOT NULL AND place < ?2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT ?3"
    );

    const OF_INVITER_BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE host = ?1 AND inviter = ?4 AND inviter IS NOT NULL AND place < ?2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT ?3"
    );

    // The condition equals that of the index `invites_renewal_requested`.
    const RENEWAL_REQUESTED_BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE host = ?1 AND renewal_requested_at IS NOT NULL AND place < ?2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT ?3"
    );

    // The condition equals `rules::renewal`; the storage suite compares the two.
    const REQUEST_RENEWAL: Sql = "UPDATE invites SET renewal_requested_at = ?2 WHERE id = ?1 AND revoked_at IS NULL \
         AND CASE WHEN uses >= max_uses THEN username IS NULL ELSE expires_at <= ?2 END \
         AND (renewal_requested_at IS NULL OR renewal_requested_at <= ?3)";

    // An invite of a batch gets a presentation of its own only if it changes.
    const UPDATE: Sql = concat!(
        "UPDATE invites SET expires_at = ?2, max_uses = ?3, note = ?4, revoked_at = ?5, \
         renewal_requested_at = ?7, presentation = \
         CASE WHEN shared_fields IS NULL THEN ?6 WHEN ?6 IS (",
        presentation!(),
        ") THEN presentation ELSE coalesce(?6, '{}') END WHERE id = ?1"
    );

    // The condition equals that of the index `invites_reserving`, so that SQLite uses it.
    const RESERVED_FOR: Sql = "SELECT id FROM invites WHERE host = ?1 AND username = ?2 AND expires_at > ?3 \
         AND username IS NOT NULL AND revoked_at IS NULL AND uses < max_uses AND kind <> 'password-reset' LIMIT 1";

    // The condition equals `rules::state`; the storage suite compares the two.
    const COUNT_PENDING: Sql = concat!(
        "SELECT host, sum(revoked_at IS NULL AND expires_at > ?3 AND (max_uses IS NULL OR uses < max_uses)),
               max(place), count(*)
        FROM (SELECT host, revoked_at, expires_at, max_uses, uses, place FROM invites
              WHERE place > ?1 AND ",
        visible!(),
        "     ORDER BY place LIMIT ?2)
        GROUP BY host"
    );

    const INSERT: Sql = "INSERT INTO invites \
         (id, host, kind, token_sealed, username, inviter, labels, max_uses, uses, created_at, expires_at, \
         revoked_at, used_at, source, note, data, presentation, shared_fields, token_hash, place, by_member) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)";
}

/// The column after those of an invite.
const TOKEN_HASH: usize = 18;

impl InviteRows for Transaction<'_> {
    async fn invite_of_any_host(&self, id: InviteId) -> Result<Option<(Invite, TokenHash)>, EngineError> {
        let read = |row: &Row<'_>| Ok((read_invite(self, row), row.get(TOKEN_HASH)?));
        let Some((invite, hash)) = self.statement(BY_ID)?.query_row([id.to_bytes()], read).optional()? else {
            return Ok(None);
        };
        Ok(Some((invite?, TokenHash::from_bytes(hash))))
    }

    async fn invite(
        &self,
        caller: &Caller,
        id: InviteId,
    ) -> Result<Option<(Invite, TokenHash)>, EngineError> {
        let found = self.invite_of_any_host(id).await?;
        Ok(found.filter(|(invite, _)| invite.host == caller.auth.host))
    }

    async fn invites_before(
        &self,
        caller: &Caller,
        of: Of<'_>,
        row_key: i64,
        limit: usize,
    ) -> Result<Vec<PageRow<i64, Invite>>, EngineError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (host, start) = (caller.host_number, row_keys_of(caller.host_number).start);
        let mut statement = self.statement(match of {
            Of::All => BEFORE,
            Of::Username(_) => OF_USERNAME_BEFORE,
            Of::Inviter(_) => OF_INVITER_BEFORE,
            Of::RenewalRequested => RENEWAL_REQUESTED_BEFORE,
        })?;
        let mut rows = match of {
            Of::All => statement.query((start, row_key, limit))?,
            Of::RenewalRequested => statement.query((host, row_key, limit))?,
            Of::Username(name) | Of::Inviter(name) => {
                statement.query((host, row_key, limit, name.as_str()))?
            }
        };
        let mut invites = Vec::new();
        while let Some(row) = rows.next()? {
            invites.push((row.get("place")?, self.readable(read_invite(self, row))?));
        }
        Ok(invites)
    }

    async fn update_invite(&self, invite: &Invite) -> Result<(), EngineError> {
        self.statement(UPDATE)?.execute((
            invite.id.to_bytes(),
            invite.expires_at.as_millis(),
            invite.max_uses,
            &invite.note,
            invite.revoked_at.map(Timestamp::as_millis),
            to_text(invite),
            invite.renewal_requested_at.map(Timestamp::as_millis),
        ))?;
        Ok(())
    }

    async fn set_renewal_requested(&self, id: InviteId) -> Result<bool, EngineError> {
        let again_from = self.now.minus(RENEWAL_REQUEST_INTERVAL);
        let values = (id.to_bytes(), self.now.as_millis(), again_from.as_millis());
        Ok(self.statement(REQUEST_RENEWAL)?.execute(values)? > 0)
    }

    async fn reserved_for(
        &self,
        caller: &Caller,
        username: &Username,
    ) -> Result<Option<InviteId>, EngineError> {
        let values = (caller.host_number, username.as_str(), self.now.as_millis());
        let id = self.statement(RESERVED_FOR)?.query_row(values, |row| row.get(0)).optional()?;
        Ok(id.map(InviteId::from_bytes))
    }

    async fn count_pending(&self, after: i64, limit: i64) -> Result<Vec<PendingRows>, EngineError> {
        let mut statement = self.statement(COUNT_PENDING)?;
        let mut rows = statement.query((after, limit, self.now.as_millis()))?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            counts.push(PendingRows {
                host: self.host(row.get(0)?)?,
                pending: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                last_row_key: row.get(2)?,
                scanned: row.get(3)?,
            });
        }
        Ok(counts)
    }
}

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
    let said = row.get_ref(16)?.as_str_or_null().map_err(|_| corrupt("presentation"))?;
    let said = from_text(said).ok_or_else(|| corrupt("presentation"))?;
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
        renewal_requested_at: timestamp(17)?,
        source: Source::from_stored(row.get(13)?),
        note: row.get(14)?,
        data: data
            .map(|text| serde_json::from_str::<Map<String, Value>>(&text))
            .transpose()
            .map_err(|_| corrupt("data"))?,
        message: said.message,
        inviter_name: said.inviter_name,
        language: said.language,
    })
}

fn read_labels(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let list = |name: &str| -> Option<Vec<String>> {
        value.get(name)?.as_array()?.iter().map(|label| label.as_str().map(str::to_owned)).collect()
    };
    Some((list("groups")?, list("roles")?))
}

/// The values of a new row that are not properties of the invite.
#[derive(Clone, Copy)]
pub(super) struct InviteRow<'a> {
    /// The lookup hash of its token.
    pub(super) hash: &'a [u8; 32],
    pub(super) row_key: i64,
    /// Whether it counts against the limits of its inviter.
    pub(super) by_member: bool,
    pub(super) fields: Fields,
}

/// Writes a new invite.
pub(super) fn insert_invite(
    tx: &Transaction<'_>,
    host_number: i64,
    invite: &Invite,
    row: InviteRow<'_>,
) -> rusqlite::Result<()> {
    let (texts, shared_fields) = match row.fields {
        Fields::Own => (Texts::of(invite), None),
        Fields::SharedAs(id) => (Texts::default(), Some(id)),
    };
    let values: [&dyn ToSql; 21] = [
        &invite.id.to_bytes(),
        &host_number,
        &invite.kind.as_str(),
        &invite.sealed_token,
        &invite.username.as_ref().map(Username::as_str),
        &invite.inviter.as_ref().map(Username::as_str),
        &texts.labels,
        &invite.max_uses,
        &invite.uses,
        &invite.created_at.as_millis(),
        &invite.expires_at.as_millis(),
        &invite.revoked_at.map(Timestamp::as_millis),
        &invite.used_at.map(Timestamp::as_millis),
        &invite.source.as_str(),
        &invite.note,
        &texts.data,
        &texts.presentation,
        &shared_fields,
        row.hash,
        &row.row_key,
        &row.by_member,
    ];
    tx.statement(INSERT)?.execute(values.as_slice()).map(drop)
}
