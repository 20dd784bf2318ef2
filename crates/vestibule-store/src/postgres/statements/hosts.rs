//! Hosts and settings.

use std::sync::Arc;

use vestibule_core::{Host, Setting};

use super::fragments::pending;
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{engine::EngineContext, host_lookup, transaction::Transaction},
    },
    row_key::row_keys_of,
    sql::statements,
    verbs::rows::HostRows,
};

statements! {
    const SET: Sql = "INSERT INTO settings (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    /// A table that creating or redeeming invites writes to, and that this user may not change.
    const FORBIDDEN: Sql =
        "SELECT name FROM (VALUES ('invites', 'UPDATE'), ('claims', 'UPDATE'), ('events', 'INSERT'))
             AS needed (name, change)
         WHERE NOT (has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT')
                    AND has_table_privilege(name, change)) LIMIT 1";

    // More than a page of rows of no host, removed in the same transaction. Their row keys are below those of all hosts.
    const WRITE_MUCH: Sql = "INSERT INTO invites
             (place, id, host, kind, token_hash, token_sealed, created_at, expires_at, source, note)
         SELECT -$1::bigint - n, decode(md5(random()::text), 'hex'), 0, 'probe', '', '', 0, 0, 'probe',
                (SELECT string_agg(md5(random()::text || m), '') FROM generate_series(1, 50) AS m)
         FROM generate_series(1, 6) AS n";

    const REMOVE: Sql = "DELETE FROM invites WHERE place < 0 AND host = 0";

    const INSERT_HOST: Sql = "INSERT INTO hosts (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET removed_at = NULL";

    const REMOVE_HOST: Sql = concat!(
        "UPDATE hosts SET removed_at = $2::bigint WHERE id = $1::bigint \
         AND NOT EXISTS (SELECT FROM keys WHERE host = $1) \
         AND NOT EXISTS (SELECT FROM invites AS i WHERE i.place > $3::bigint AND i.place < $4::bigint AND ",
        pending!("i", "$2"),
        ")"
    );

    const SETTING: Sql = "SELECT value FROM settings WHERE name = $1";

    const INSERT_SETTING: Sql = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
}

impl HostRows for Transaction {
    async fn insert_host(&self, host: &Host) -> Result<(), EngineError> {
        self.execute(INSERT_HOST, &[&host.as_str()]).await.map(drop)
    }

    async fn hosts(&self) -> Result<Vec<Host>, EngineError> {
        host_lookup::read_hosts(&self.engine).await
    }

    async fn remove_host(&self, caller: &Caller) -> Result<bool, EngineError> {
        let row_keys = row_keys_of(caller.host_number);
        let now = self.now.as_millis();
        let changed =
            self.execute(REMOVE_HOST, &[&caller.host_number, &now, &row_keys.start, &row_keys.end]).await?;
        Ok(changed > 0)
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, EngineError> {
        let row = self.query_opt(SETTING, &[&setting.as_str()]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), EngineError> {
        self.execute(SET, &[&setting.as_str(), &value]).await.map(drop)
    }

    async fn insert_setting(&self, setting: Setting, value: &str) -> Result<(), EngineError> {
        self.execute(INSERT_SETTING, &[&setting.as_str(), &value]).await.map(drop)
    }
}

/// Writes a small row, to find out whether changes can be saved; after a failure also rows that need new pages.
pub(in crate::postgres) async fn probe(engine: Arc<EngineContext>) -> Result<(), EngineError> {
    let is_failing = engine.health.is_failing();
    let tx = Transaction::probe(&engine).await?;
    let now = tx.now.as_millis();
    let outcome = async {
        tx.execute(SET, &[&"probed_at", &now.to_string()]).await?;
        if let Some(row) = tx.query_opt(FORBIDDEN, &[]).await? {
            let table: &str = row.try_get(0)?;
            return Err(EngineError::Unavailable(format!("permission denied for table {table}")));
        }
        if is_failing {
            tx.execute(WRITE_MUCH, &[&now]).await?;
            tx.execute(REMOVE, &[]).await?;
        }
        Ok(())
    };
    let outcome = outcome.await;
    tx.end(outcome).await?;
    if is_failing {
        engine.health.recovered();
    }
    Ok(())
}
