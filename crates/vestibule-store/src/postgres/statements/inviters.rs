//! Members as inviters.

use tokio_postgres::Row;
use vestibule_core::{BareJid, MadeInvite, Timestamp, Username};

use super::fragments::pending;
use crate::{
    caller::Caller,
    postgres::{error::EngineError, transactions::transaction::Transaction},
    sql::statements,
    verbs::inviters::InviterRows,
};

/// The condition that the inviter of the item `a` was not stopped, or that no key makes this invite. `$3` is the number of
/// the host.
macro_rules! not_stopped {
    () => {
        "(a.key IS NULL OR a.inviter IS NULL OR NOT EXISTS (SELECT FROM stopped_inviters AS s \
         WHERE s.address = a.inviter || '@' || (SELECT name FROM hosts WHERE id = $3)))"
    };
}
pub(super) use not_stopped;

statements! {
    const IS_STOPPED: Sql = "SELECT EXISTS (SELECT FROM stopped_inviters WHERE address = $1)";

    const INSERT_STOPPED: Sql = "INSERT INTO stopped_inviters (address, stopped_at) VALUES ($1, $2)";

    const DELETE_STOPPED: Sql = "DELETE FROM stopped_inviters WHERE address = $1";

    const LIVE_UNTIL: Sql = concat!(
        "SELECT expires_at FROM invites AS i WHERE host = $1 AND inviter = $2 AND by_member AND ",
        pending!("i", "$3::bigint"),
        " ORDER BY expires_at DESC LIMIT $4"
    );

    // Those that a batch in progress has written count too.
    const MADE: Sql = "SELECT created_at, expires_at, revoked_at IS NOT NULL, uses FROM invites \
         WHERE host = $1 AND inviter = $2 AND by_member ORDER BY place DESC LIMIT $3";
}

impl InviterRows for Transaction {
    async fn is_stopped(&self, address: &BareJid) -> Result<bool, EngineError> {
        let row = self.query_opt(IS_STOPPED, &[&address.as_str()]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()? == Some(true))
    }

    async fn insert_stopped(&self, address: &BareJid) -> Result<(), EngineError> {
        self.execute(INSERT_STOPPED, &[&address.as_str(), &self.now.as_millis()]).await.map(drop)
    }

    async fn delete_stopped(&self, address: &BareJid) -> Result<(), EngineError> {
        self.execute(DELETE_STOPPED, &[&address.as_str()]).await.map(drop)
    }

    async fn live_until(
        &self,
        caller: &Caller,
        inviter: &Username,
        limit: u32,
    ) -> Result<Vec<Timestamp>, EngineError> {
        let (now, limit) = (self.now.as_millis(), i64::from(limit));
        let rows = self.query(LIVE_UNTIL, &[&caller.host_number, &inviter.as_str(), &now, &limit]).await?;
        rows.iter().map(|row| Ok(Timestamp::from_millis(row.try_get(0)?))).collect()
    }

    async fn made_since(
        &self,
        caller: &Caller,
        inviter: &Username,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<MadeInvite>, EngineError> {
        let limit = i64::from(limit);
        let rows = self.query(MADE, &[&caller.host_number, &inviter.as_str(), &limit]).await?;
        let made = rows.iter().map(read_made);
        // They are in order of their creation.
        made.take_while(|made| made.as_ref().map_or(true, |made| made.created_at > since)).collect()
    }
}

fn read_made(row: &Row) -> Result<MadeInvite, EngineError> {
    Ok(MadeInvite {
        created_at: Timestamp::from_millis(row.try_get(0)?),
        expires_at: Timestamp::from_millis(row.try_get(1)?),
        is_revoked: row.try_get(2)?,
        uses: u32::try_from(row.try_get::<_, i64>(3)?).unwrap_or(u32::MAX),
    })
}
