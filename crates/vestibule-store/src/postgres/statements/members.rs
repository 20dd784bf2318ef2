//! Members. A trigger adds them when their claim is completed.

use tokio_postgres::Row;
use vestibule_core::{ClaimId, InviteId, Member, Source, Timestamp, Username, Via};

use super::invites::array;
use crate::{
    caller::Caller,
    postgres::{error::EngineError, transactions::transaction::Transaction},
    sql::statements,
    verbs::members::{MemberRows, member_columns},
};

statements! {
    const BEFORE: Sql = concat!(
        "SELECT ", member_columns!(), " FROM members AS m WHERE m.host = $1 AND m.claim < $2 \
         ORDER BY m.claim DESC LIMIT $3"
    );

    const BY_USERNAME: Sql = concat!(
        "SELECT ", member_columns!(), " FROM members AS m WHERE m.host = $1 AND m.username = $2 \
         AND m.deleted_at IS NULL ORDER BY m.claim DESC LIMIT 1"
    );

    const INVITED: Sql = concat!(
        "SELECT ", member_columns!(), " FROM members AS m WHERE m.host = $1 AND m.inviter = $2 \
         ORDER BY m.claim DESC LIMIT $3"
    );

    // UNION, so that members that invited each other end it.
    const BRANCH: Sql = "WITH RECURSIVE branch (username) AS (SELECT $2::text COLLATE \"C\" \
         UNION SELECT m.username FROM branch JOIN members AS m ON m.host = $1 AND m.inviter = branch.username) \
         SELECT username FROM branch LIMIT $3";

    const DELETE: Sql = "DELETE FROM members WHERE claim IN \
         (SELECT claim FROM members WHERE claim < $1 ORDER BY claim LIMIT $2)";
}

impl MemberRows for Transaction {
    async fn members_before(
        &self,
        caller: &Caller,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<(ClaimId, Option<Member>)>, EngineError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut found = Vec::new();
        for row in self.query(BEFORE, &[&caller.host_number, &before.as_slice(), &limit]).await? {
            let member = self.engine.readable(read_member(&row))?;
            found.push((ClaimId::from_bytes(array(&row, 0)?), member));
        }
        Ok(found)
    }

    async fn member(&self, caller: &Caller, username: &Username) -> Result<Option<Member>, EngineError> {
        let row = self.query_opt(BY_USERNAME, &[&caller.host_number, &username.as_str()]).await?;
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

    async fn branch(
        &self,
        caller: &Caller,
        username: &Username,
        limit: u32,
    ) -> Result<Vec<Username>, EngineError> {
        let mut found = Vec::new();
        let limit = i64::from(limit);
        for row in self.query(BRANCH, &[&caller.host_number, &username.as_str(), &limit]).await? {
            let name = Username::parse(row.try_get(0)?);
            let name = name.map_err(|error| EngineError::Corrupt(format!("a member: {error}")));
            found.extend(self.engine.readable(name)?);
        }
        Ok(found)
    }

    async fn delete_members_before(&self, before: ClaimId, limit: i64) -> Result<(), EngineError> {
        self.execute(DELETE, &[&before.to_bytes().as_slice(), &limit]).await.map(drop)
    }
}

fn read_member(row: &Row) -> Result<Member, EngineError> {
    let claim = ClaimId::from_bytes(array(row, 0)?);
    let corrupt = |what: &str| EngineError::Corrupt(format!("member of the claim {claim}: {what}"));
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
