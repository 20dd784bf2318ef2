//! Invites.

use serde_json::{Map, Value, json};
use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{
    Host, Invite, InviteId, Source, Timestamp, TokenHash, Username, rules::RENEWAL_REQUEST_INTERVAL,
};

use super::fragments::{pending, visible};
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{host_lookup, transaction::Transaction},
    },
    presentation,
    row_key::row_keys_of,
    sql::statements,
    verbs::rows::{InviteRows, Of, PageRow, PendingRows},
};

pub(super) use crate::postgres::error::array;

/// The columns that [`read_invite`] expects.
macro_rules! invite_columns {
    () => {
        "id, kind, token_sealed, username, inviter, labels, max_uses, uses, created_at, expires_at, \
         revoked_at, used_at, source, note, data, presentation, renewal_requested_at"
    };
}
pub(super) use invite_columns;

statements! {
    const BY_ID: Sql =
        concat!("SELECT ", invite_columns!(), ", host, token_hash FROM invites WHERE id = $1 AND ", visible!());

    const BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE place > $1 AND place < $2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT $3"
    );

    const OF_USERNAME_BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE host = $1 AND username = $4 AND place < $2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT $3"
    );

    const OF_INVITER_BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE host = $1 AND inviter = $4 AND place < $2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT $3"
    );

    const RENEWAL_REQUESTED_BEFORE: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE host = $1 AND renewal_requested_at IS NOT NULL AND place < $2 AND ",
        visible!(),
        " ORDER BY place DESC LIMIT $3"
    );

    // The condition equals `rules::renewal`; the storage suite compares the two.
    const REQUEST_RENEWAL: Sql = "UPDATE invites SET renewal_requested_at = $2 WHERE id = $1 AND revoked_at IS NULL \
         AND CASE WHEN uses >= max_uses THEN username IS NULL ELSE expires_at <= $2 END \
         AND (renewal_requested_at IS NULL OR renewal_requested_at <= $3)";

    const UPDATE: Sql = "UPDATE invites SET expires_at = $2, max_uses = $3, note = $4, revoked_at = $5, \
         presentation = $6, renewal_requested_at = $7 WHERE id = $1";

    const RESERVED_FOR: Sql = concat!(
        "SELECT id FROM invites AS i WHERE host = $1 AND username = $2 AND kind <> 'password-reset' AND ",
        pending!("i", "$3::bigint"),
        " LIMIT 1"
    );

    // The condition equals `rules::state`; the storage suite compares the two.
    const COUNT_PENDING: Sql = concat!(
        "SELECT host, count(*) FILTER (WHERE revoked_at IS NULL AND expires_at > $3
                                      AND (max_uses IS NULL OR uses < max_uses)),
               max(place), count(*)
        FROM (SELECT host, revoked_at, expires_at, max_uses, uses, place FROM invites
              WHERE place > $1 AND ",
        visible!(),
        "     ORDER BY place LIMIT $2) AS step
        GROUP BY host"
    );
}

impl InviteRows for Transaction {
    async fn invite_of_any_host(&self, id: InviteId) -> Result<Option<(Invite, TokenHash)>, EngineError> {
        let Some(row) = self.query_opt(BY_ID, &[&id.to_bytes().as_slice()]).await? else { return Ok(None) };
        let host = host_lookup::host(&self.engine, row.try_get("host")?).await?;
        Ok(Some((read_invite(&row, &host)?, TokenHash::from_bytes(array(&row, TOKEN_HASH)?))))
    }

    async fn invite(
        &self,
        caller: &Caller,
        id: InviteId,
    ) -> Result<Option<(Invite, TokenHash)>, EngineError> {
        let Some(row) = self.query_opt(BY_ID, &[&id.to_bytes().as_slice()]).await? else { return Ok(None) };
        if row.try_get::<_, i64>("host")? != caller.host_number {
            return Ok(None);
        }
        let invite = read_invite(&row, &caller.auth.host)?;
        Ok(Some((invite, TokenHash::from_bytes(array(&row, TOKEN_HASH)?))))
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
        let rows = match of {
            Of::All => self.query(BEFORE, &[&start, &row_key, &limit]).await?,
            Of::Username(name) => {
                self.query(OF_USERNAME_BEFORE, &[&host, &row_key, &limit, &name.as_str()]).await?
            }
            Of::Inviter(name) => {
                self.query(OF_INVITER_BEFORE, &[&host, &row_key, &limit, &name.as_str()]).await?
            }
            Of::RenewalRequested => self.query(RENEWAL_REQUESTED_BEFORE, &[&host, &row_key, &limit]).await?,
        };
        let mut invites = Vec::new();
        for row in rows {
            let invite = read_invite(&row, &caller.auth.host);
            invites.push((row.try_get("place")?, self.engine.readable(invite)?));
        }
        Ok(invites)
    }

    async fn update_invite(&self, invite: &Invite) -> Result<(), EngineError> {
        let (id, expires_at) = (invite.id.to_bytes(), invite.expires_at.as_millis());
        let revoked_at = invite.revoked_at.map(Timestamp::as_millis);
        let max_uses = invite.max_uses.map(i64::from);
        let presentation = presentation::to_text(invite);
        let renewal_requested_at = invite.renewal_requested_at.map(Timestamp::as_millis);
        let params: [&(dyn ToSql + Sync); 7] = [
            &id.as_slice(),
            &expires_at,
            &max_uses,
            &invite.note,
            &revoked_at,
            &presentation,
            &renewal_requested_at,
        ];
        self.execute(UPDATE, &params).await.map(drop)
    }

    async fn set_renewal_requested(&self, id: InviteId) -> Result<bool, EngineError> {
        let (id, now) = (id.to_bytes(), self.now.as_millis());
        let again_from = self.now.minus(RENEWAL_REQUEST_INTERVAL).as_millis();
        Ok(self.execute(REQUEST_RENEWAL, &[&id.as_slice(), &now, &again_from]).await? > 0)
    }

    async fn reserved_for(
        &self,
        caller: &Caller,
        username: &Username,
    ) -> Result<Option<InviteId>, EngineError> {
        let now = self.now.as_millis();
        let row = self.query_opt(RESERVED_FOR, &[&caller.host_number, &username.as_str(), &now]).await?;
        row.map(|row| Ok(InviteId::from_bytes(array(&row, 0)?))).transpose()
    }

    async fn count_pending(&self, after: i64, limit: i64) -> Result<Vec<PendingRows>, EngineError> {
        let mut counts = Vec::new();
        for row in self.query(COUNT_PENDING, &[&after, &limit, &self.now.as_millis()]).await? {
            counts.push(PendingRows {
                host: host_lookup::host(&self.engine, row.try_get(0)?).await?,
                pending: u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or(0),
                last_row_key: row.try_get(2)?,
                scanned: row.try_get(3)?,
            });
        }
        Ok(counts)
    }
}

/// The column of the token hash in [`BY_ID`].
const TOKEN_HASH: usize = 18;

/// Reads `invite_columns!()`, in this order and from the first column on, of an invite of `host`.
pub(super) fn read_invite(row: &Row, host: &Host) -> Result<Invite, EngineError> {
    let id = InviteId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("invite {id}: {what}"));
    let username = |index: usize| -> Result<Option<Username>, EngineError> {
        let text: Option<&str> = row.try_get(index)?;
        text.map(|text| Username::parse(text).map_err(|_| corrupt("username"))).transpose()
    };
    let timestamp = |index: usize| -> Result<Option<Timestamp>, EngineError> {
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
    let said = presentation::from_text(row.try_get(15)?).ok_or_else(|| corrupt("presentation"))?;
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
        revoked_at: timestamp(10)?,
        used_at: timestamp(11)?,
        renewal_requested_at: timestamp(16)?,
        source: Source::from_stored(row.try_get(12)?),
        note: row.try_get(13)?,
        data: data
            .map(serde_json::from_str::<Map<String, Value>>)
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

/// Groups and roles as they are stored.
pub(super) fn labels(invite: &Invite) -> Option<String> {
    let any = !invite.groups.is_empty() || !invite.roles.is_empty();
    any.then(|| json!({ "groups": invite.groups, "roles": invite.roles }).to_string())
}

/// Free data as it is stored.
pub(super) fn data(invite: &Invite) -> Option<String> {
    invite.data.as_ref().map(|data| Value::Object(data.clone()).to_string())
}
