//! Members as inviters.

use rusqlite::Row;
use vestibule_core::{BareJid, MadeInvite, Timestamp, Username};

use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::inviters::InviterRows,
};

statements! {
    const IS_STOPPED: Sql = "SELECT EXISTS (SELECT 1 FROM stopped_inviters WHERE address = ?1)";

    const INSERT_STOPPED: Sql = "INSERT INTO stopped_inviters (address, stopped_at) VALUES (?1, ?2)";

    const DELETE_STOPPED: Sql = "DELETE FROM stopped_inviters WHERE address = ?1";

    // The condition equals that of the index `invites_live_by_member`, and `rules::state`.
    const LIVE_UNTIL: Sql = "SELECT expires_at FROM invites WHERE host = ?1 AND inviter = ?2 AND expires_at > ?3 \
         AND by_member = 1 AND revoked_at IS NULL AND (max_uses IS NULL OR uses < max_uses) \
         ORDER BY expires_at DESC LIMIT ?4";

    // Those that a batch in progress has written count too.
    const MADE: Sql = "SELECT created_at, expires_at, revoked_at IS NOT NULL, uses FROM invites \
         WHERE host = ?1 AND inviter = ?2 AND by_member = 1 ORDER BY place DESC LIMIT ?3";
}

impl InviterRows for Transaction<'_> {
    async fn is_stopped(&self, address: &BareJid) -> Result<bool, EngineError> {
        Ok(self.statement(IS_STOPPED)?.query_row([address.as_str()], |row| row.get(0))?)
    }

    async fn insert_stopped(&self, address: &BareJid) -> Result<(), EngineError> {
        self.statement(INSERT_STOPPED)?.execute((address.as_str(), self.now.as_millis()))?;
        Ok(())
    }

    async fn delete_stopped(&self, address: &BareJid) -> Result<(), EngineError> {
        self.statement(DELETE_STOPPED)?.execute([address.as_str()])?;
        Ok(())
    }

    async fn live_until(
        &self,
        caller: &Caller,
        inviter: &Username,
        limit: u32,
    ) -> Result<Vec<Timestamp>, EngineError> {
        let mut statement = self.statement(LIVE_UNTIL)?;
        let values = (caller.host_number, inviter.as_str(), self.now.as_millis(), limit);
        let rows = statement.query_map(values, |row| row.get(0).map(Timestamp::from_millis))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    async fn made_since(
        &self,
        caller: &Caller,
        inviter: &Username,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<MadeInvite>, EngineError> {
        let mut statement = self.statement(MADE)?;
        let made = statement.query_map((caller.host_number, inviter.as_str(), limit), read_made)?;
        // They are in order of their creation.
        let made = made.take_while(|made| made.as_ref().map_or(true, |made| made.created_at > since));
        Ok(made.collect::<rusqlite::Result<_>>()?)
    }
}

fn read_made(row: &Row<'_>) -> rusqlite::Result<MadeInvite> {
    Ok(MadeInvite {
        created_at: Timestamp::from_millis(row.get(0)?),
        expires_at: Timestamp::from_millis(row.get(1)?),
        is_revoked: row.get(2)?,
        uses: row.get(3)?,
    })
}
