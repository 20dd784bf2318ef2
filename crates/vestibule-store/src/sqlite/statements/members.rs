//! Members. A trigger adds them when their claim is completed.

use rusqlite::{OptionalExtension, Row};
use vestibule_core::{ClaimId, InviteId, Member, Source, Timestamp, Username, Via};

use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::members::{MemberRows, member_columns},
};

statements! {
    const BEFORE: Sql = concat!(
        "SELECT ", member_columns!(), " FROM members AS m WHERE m.host = ?1 AND m.claim < ?2 \
         ORDER BY m.claim DESC LIMIT ?3"
    );

    const BY_USERNAME: Sql = concat!(
        "SELECT ", member_columns!(), " FROM members AS m WHERE m.host = ?1 AND m.username = ?2 \
         AND m.deleted_at IS NULL ORDER BY m.claim DESC LIMIT 1"
    );

    const INVITED: Sql = concat!(
        "SELECT ", member_columns!(), " FROM members AS m WHERE m.host = ?1 AND m.inviter = ?2 \
         AND m.inviter IS NOT NULL ORDER BY m.claim DESC LIMIT ?3"
    );

    // UNION, so that members that invited each other end it.
    const BRANCH: Sql = "WITH RECURSIVE branch (username) AS (SELECT ?2 \
         UNION SELECT m.username FROM branch JOIN members AS m ON m.host = ?1 AND m.inviter = branch.username \
         AND m.inviter IS NOT NULL) SELECT username FROM branch LIMIT ?3";

    const DELETE: Sql = "DELETE FROM members WHERE claim IN \
         (SELECT claim FROM members WHERE claim < ?1 ORDER BY claim LIMIT ?2)";
}

impl MemberRows for Transaction<'_> {
    async fn members_before(
        &self,
        caller: &Caller,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<(ClaimId, Option<Member>)>, EngineError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.statement(BEFORE)?;
        let mut rows = statement.query((caller.host_number, before, limit))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((ClaimId::from_bytes(row.get(0)?), self.readable(read_member(row))?));
        }
        Ok(found)
    }

    async fn member(&self, caller: &Caller, username: &Username) -> Result<Option<Member>, EngineError> {
        let mut statement = self.statement(BY_USERNAME)?;
        let found = statement.query_row((caller.host_number, username.as_str()), |row| Ok(read_member(row)));
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

    async fn branch(
        &self,
        caller: &Caller,
        username: &Username,
        limit: u32,
    ) -> Result<Vec<Username>, EngineError> {
        let mut statement = self.statement(BRANCH)?;
        let mut rows = statement.query((caller.host_number, username.as_str(), limit))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            let name =
                Username::parse(&text).map_err(|error| EngineError::Corrupt(format!("a member: {error}")));
            found.extend(self.readable(name)?);
        }
        Ok(found)
    }

    async fn delete_members_before(&self, before: ClaimId, limit: i64) -> Result<(), EngineError> {
        self.statement(DELETE)?.execute((before.to_bytes(), limit))?;
        Ok(())
    }
}

fn read_member(row: &Row<'_>) -> Result<Member, EngineError> {
    let claim = ClaimId::from_bytes(row.get(0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("member of the claim {claim}: {what}"));
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
