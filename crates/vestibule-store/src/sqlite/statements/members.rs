//! Members: completed claims on invites to an account.

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{ClaimId, InviteId, Member, Source, Timestamp, Username, Via};

use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::{
        members::{IS_MEMBER, created_account, member_columns},
        rows::{MemberRows, PageRow},
    },
};

statements! {
    // `invites` has an index on its id, so each claim costs one lookup.
    const BEFORE: Sql = concat!(
        "SELECT ", member_columns!(), ", coalesce(i.host = ?2 AND ", created_account!(), ", 0) FROM claims AS c \
         LEFT JOIN invites AS i ON i.id = c.invite WHERE c.id < ?1 ORDER BY c.id DESC LIMIT ?3"
    );

    const BY_USERNAME: Sql = concat!(
        "SELECT ", member_columns!(), " FROM claims AS c JOIN invites AS i ON i.id = c.invite \
         WHERE c.username = ?1 AND i.host = ?2 AND c.account_deleted_at IS NULL AND ", created_account!(),
        " ORDER BY c.id DESC LIMIT 1"
    );

    const INVITED: Sql = concat!(
        "SELECT ", member_columns!(), " FROM invites AS i JOIN claims AS c ON c.invite = i.id \
         WHERE i.host = ?1 AND i.inviter = ?2 AND i.inviter IS NOT NULL AND ", created_account!(),
        " ORDER BY c.id DESC LIMIT ?3"
    );
}

impl MemberRows for Transaction<'_> {
    async fn members_before(
        &self,
        caller: &Caller,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<PageRow<ClaimId, Member>>, EngineError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.statement(BEFORE)?;
        let mut rows = statement.query((before, caller.host_number, limit))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let member = if row.get(IS_MEMBER)? { self.readable(read_member(row))? } else { None };
            found.push((ClaimId::from_bytes(row.get(0)?), member));
        }
        Ok(found)
    }

    async fn member(&self, caller: &Caller, username: &Username) -> Result<Option<Member>, EngineError> {
        let mut statement = self.statement(BY_USERNAME)?;
        let found = statement.query_row((username.as_str(), caller.host_number), |row| Ok(read_member(row)));
        found.optional()?.transpose()
    }

    async fn invited_by(
        &self,
        caller: &Caller,
        inviter: &Username,
        limit: u32,
    ) -> Result<Vec<Member>, EngineError> {
        let mut statement = self.statement(INVITED)?;
        let mut rows = statement.query((caller.host_number, inviter.as_str(), limit))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.extend(self.readable(read_member(row))?);
        }
        Ok(found)
    }
}

fn read_member(row: &Row<'_>) -> Result<Member, EngineError> {
    let claim = ClaimId::from_bytes(row.get(0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("claim {claim}: {what}"));
    let name = |text: &str| Username::parse(text).map_err(|_| corrupt("username"));
    let (username, via): (String, String) = (row.get(1)?, row.get(3)?);
    let inviter: Option<String> = row.get(6)?;
    Ok(Member {
        claim,
        username: name(&username)?,
        joined_at: Timestamp::from_millis(row.get(2)?),
        via: Via::parse(&via).ok_or_else(|| corrupt("via"))?,
        deleted_at: row.get::<_, Option<i64>>(4)?.map(Timestamp::from_millis),
        invite: InviteId::from_bytes(row.get(5)?),
        invited_by: inviter.as_deref().map(name).transpose()?,
        source: Source::from_stored(row.get(7)?),
    })
}
