//! Members: completed claims on invites to an account.

use tokio_postgres::Row;
use vestibule_core::{ClaimId, InviteId, Member, Source, Timestamp, Username, Via};

use super::invites::array;
use crate::{
    caller::Caller,
    postgres::{error::EngineError, transactions::transaction::Transaction},
    sql::statements,
    verbs::{
        members::{IS_MEMBER, created_account, member_columns},
        rows::{MemberRows, PageRow},
    },
};

statements! {
    const BEFORE: Sql = concat!(
        "SELECT ", member_columns!(), ", coalesce(i.host = $2 AND ", created_account!(), ", false) FROM claims AS c \
         LEFT JOIN invites AS i ON i.id = c.invite WHERE c.id < $1 ORDER BY c.id DESC LIMIT $3"
    );

    const BY_USERNAME: Sql = concat!(
        "SELECT ", member_columns!(), " FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.username = $1 AND i.host = $2 AND c.account_deleted_at IS NULL AND ", created_account!(),
        " ORDER BY c.id DESC LIMIT 1"
    );

    const INVITED: Sql = concat!(
        "SELECT ", member_columns!(), " FROM invites AS i JOIN claims AS c ON c.invite = i.id \
         WHERE i.host = $1 AND i.inviter = $2 AND ", created_account!(), " ORDER BY c.id DESC LIMIT $3"
    );
}

impl MemberRows for Transaction {
    async fn members_before(
        &self,
        caller: &Caller,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<PageRow<ClaimId, Member>>, EngineError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut found = Vec::new();
        for row in self.query(BEFORE, &[&before.as_slice(), &caller.host_number, &limit]).await? {
            let is_member: bool = row.try_get(IS_MEMBER)?;
            let member = if is_member { self.engine.readable(read_member(&row))? } else { None };
            found.push((ClaimId::from_bytes(array(&row, 0)?), member));
        }
        Ok(found)
    }

    async fn member(&self, caller: &Caller, username: &Username) -> Result<Option<Member>, EngineError> {
        let row = self.query_opt(BY_USERNAME, &[&username.as_str(), &caller.host_number]).await?;
        row.map(|row| read_member(&row)).transpose()
    }

    async fn invited_by(
        &self,
        caller: &Caller,
        inviter: &Username,
        limit: u32,
    ) -> Result<Vec<Member>, EngineError> {
        let mut found = Vec::new();
        let limit = i64::from(limit);
        for row in self.query(INVITED, &[&caller.host_number, &inviter.as_str(), &limit]).await? {
            found.extend(self.engine.readable(read_member(&row))?);
        }
        Ok(found)
    }
}

fn read_member(row: &Row) -> Result<Member, EngineError> {
    let claim = ClaimId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {claim}: {what}"));
    let name = |text: &str| Username::parse(text).map_err(|_| corrupt("username"));
    let inviter: Option<&str> = row.try_get(6)?;
    Ok(Member {
        claim,
        username: name(row.try_get(1)?)?,
        joined_at: Timestamp::from_millis(row.try_get(2)?),
        via: Via::parse(row.try_get(3)?).ok_or_else(|| corrupt("via"))?,
        deleted_at: row.try_get::<_, Option<i64>>(4)?.map(Timestamp::from_millis),
        invite: InviteId::from_bytes(array(row, 5)?),
        invited_by: inviter.map(name).transpose()?,
        source: Source::from_stored(row.try_get(7)?),
    })
}
