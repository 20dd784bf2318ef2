//! Hosts and settings.

use rusqlite::OptionalExtension;
use vestibule_core::{Host, Setting};

use crate::{
    caller::Caller,
    row_key::row_keys_of,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::rows::HostRows,
};

statements! {
    const SET: Sql = "INSERT INTO settings (name, value) VALUES (?1, ?2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    const INSERT_HOST: Sql = "INSERT INTO hosts (name) VALUES (?1) \
         ON CONFLICT (name) DO UPDATE SET removed_at = NULL";

    // The condition equals `rules::state`.
    const REMOVE_HOST: Sql = "UPDATE hosts SET removed_at = ?2 WHERE id = ?1 \
         AND NOT EXISTS (SELECT 1 FROM keys WHERE host = ?1) \
         AND NOT EXISTS (SELECT 1 FROM invites WHERE place > ?3 AND place < ?4 AND expires_at > ?2 \
         AND revoked_at IS NULL AND (max_uses IS NULL OR uses < max_uses))";

    const NUMBERS: Sql = "SELECT id FROM hosts WHERE removed_at IS NULL ORDER BY name";

    const SETTING: Sql = "SELECT value FROM settings WHERE name = ?1";

    const INSERT_SETTING: Sql = "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
}

impl HostRows for Transaction<'_> {
    async fn insert_host(&self, host: &Host) -> Result<(), EngineError> {
        self.statement(INSERT_HOST)?.execute([host.as_str()])?;
        Ok(())
    }

    async fn hosts(&self) -> Result<Vec<Host>, EngineError> {
        let mut statement = self.statement(NUMBERS)?;
        let numbers: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        numbers.into_iter().map(|number| self.host(number)).collect()
    }

    async fn remove_host(&self, caller: &Caller) -> Result<bool, EngineError> {
        let row_keys = row_keys_of(caller.host_number);
        let values = (caller.host_number, self.now.as_millis(), row_keys.start, row_keys.end);
        Ok(self.statement(REMOVE_HOST)?.execute(values)? > 0)
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, EngineError> {
        let mut statement = self.statement(SETTING)?;
        Ok(statement.query_row([setting.as_str()], |row| row.get(0)).optional()?)
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), EngineError> {
        self.statement(SET)?.execute((setting.as_str(), value))?;
        Ok(())
    }

    async fn insert_setting(&self, setting: Setting, value: &str) -> Result<(), EngineError> {
        self.statement(INSERT_SETTING)?.execute((setting.as_str(), value))?;
        Ok(())
    }
}

/// Bytes that are written to find out whether the disk has room again: about as much as a request may bring.
const ROOM: usize = 256 << 10;

/// Writes a small row, to find out whether changes can be saved. After a failure it is large enough to need pages of its
/// own, which the next probe frees.
pub(in crate::sqlite) fn probe(tx: &Transaction<'_>) -> Result<(), EngineError> {
    let mut value = tx.now.as_millis().to_string();
    if tx.engine.health.is_failing() {
        value.push_str(&" ".repeat(ROOM));
    }
    tx.statement(SET)?.execute(("probed_at", value))?;
    Ok(())
}
