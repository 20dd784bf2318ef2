//! Hosts and settings: what the service knows about itself.

use std::sync::Arc;

use vestibule_core::{Host, Setting};

use super::{engine_context::EngineContext, engine_error::EngineError, key_cache, transaction::Transaction};

const SET: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";

const SETTLE: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

const GET: &str = "SELECT value FROM settings WHERE name = $1";

pub(super) async fn remember(engine: Arc<EngineContext>, host: Host) -> Result<(), EngineError> {
    const REMEMBER: &str = "INSERT INTO hosts (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
    if key_cache::host_number(&engine, &host).await?.is_some() {
        return Ok(());
    }
    write(&engine, REMEMBER, host.as_str(), None).await
}

pub(super) async fn all(engine: Arc<EngineContext>) -> Result<Vec<Host>, EngineError> {
    key_cache::learn_hosts(&engine).await
}

pub(super) async fn setting(
    engine: Arc<EngineContext>,
    setting: Setting,
) -> Result<Option<String>, EngineError> {
    let rows = engine.query(GET, &[&setting.as_str()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn set(
    engine: Arc<EngineContext>,
    setting: Setting,
    value: String,
) -> Result<(), EngineError> {
    write(&engine, SET, setting.as_str(), Some(&value)).await
}

/// Sets what was not set before, and answers what is set now.
pub(super) async fn set_setting_if_absent(
    engine: Arc<EngineContext>,
    name: Setting,
    value: String,
) -> Result<String, EngineError> {
    if let Some(settled) = setting(Arc::clone(&engine), name).await? {
        return Ok(settled);
    }
    write(&engine, SETTLE, name.as_str(), Some(&value)).await?;
    let settled = setting(engine, name).await?;
    settled.ok_or_else(|| EngineError::Corrupt(format!("the setting {}", name.as_str())))
}

/// The tables that making and using invites changes, and whether this user may not.
const FORBIDDEN: &str =
    "SELECT name FROM (VALUES ('invites', 'UPDATE'), ('claims', 'UPDATE'), ('events', 'INSERT'))
         AS needed (name, change)
     WHERE NOT (has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT')
                AND has_table_privilege(name, change)) LIMIT 1";

// More than a page of rows that no host has, gone again at once. Their places are below those of all hosts.
const WRITE_MUCH: &str = "INSERT INTO invites
         (place, id, host, kind, token_hash, token_sealed, created_at, expires_at, source, note)
     SELECT -$1::bigint - n, decode(md5(random()::text), 'hex'), 0, 'probe', '', '', 0, 0, 'probe',
            (SELECT string_agg(md5(random()::text || m), '') FROM generate_series(1, 50) AS m)
     FROM generate_series(1, 6) AS n";

const REMOVE: &str = "DELETE FROM invites WHERE place < 0 AND host = 0";

/// Writes something small; after changes have failed, as much as needs room of its own.
pub(super) async fn probe(engine: Arc<EngineContext>) -> Result<(), EngineError> {
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

async fn write(
    engine: &Arc<EngineContext>,
    sql: &'static str,
    name: &str,
    value: Option<&str>,
) -> Result<(), EngineError> {
    let tx = Transaction::write(engine, &[]).await?;
    let outcome = match value {
        Some(value) => tx.execute(sql, &[&name, &value]).await,
        None => tx.execute(sql, &[&name]).await,
    };
    tx.end(outcome).await.map(drop)
}
