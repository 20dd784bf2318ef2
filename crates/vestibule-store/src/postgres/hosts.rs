//! Hosts and settings: what the service knows about itself.

use std::sync::Arc;

use vestibule_core::{Host, Setting};

use super::{fault::Fault, known, session::Session, shared::Shared};

const SET: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";

const SETTLE: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

const GET: &str = "SELECT value FROM settings WHERE name = $1";

pub(super) async fn remember(shared: Arc<Shared>, host: Host) -> Result<(), Fault> {
    const REMEMBER: &str = "INSERT INTO hosts (name) VALUES ($1) ON CONFLICT (name) DO NOTHING";
    if known::host_number(&shared, &host).await?.is_some() {
        return Ok(());
    }
    write(&shared, REMEMBER, host.as_str(), None).await
}

pub(super) async fn all(shared: Arc<Shared>) -> Result<Vec<Host>, Fault> {
    known::learn_hosts(&shared).await
}

pub(super) async fn setting(shared: Arc<Shared>, setting: Setting) -> Result<Option<String>, Fault> {
    let rows = shared.query(GET, &[&setting.as_str()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn set(shared: Arc<Shared>, setting: Setting, value: String) -> Result<(), Fault> {
    write(&shared, SET, setting.as_str(), Some(&value)).await
}

/// Sets what was not set before, and answers what is set now.
pub(super) async fn set_setting_if_absent(
    shared: Arc<Shared>,
    name: Setting,
    value: String,
) -> Result<String, Fault> {
    if let Some(settled) = setting(Arc::clone(&shared), name).await? {
        return Ok(settled);
    }
    write(&shared, SETTLE, name.as_str(), Some(&value)).await?;
    let settled = setting(shared, name).await?;
    settled.ok_or_else(|| Fault::Corrupt(format!("the setting {}", name.as_str())))
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
pub(super) async fn probe(shared: Arc<Shared>) -> Result<(), Fault> {
    let is_failing = shared.health.is_failing();
    let session = Session::probe(&shared).await?;
    let now = session.now.as_millis();
    let outcome = async {
        session.execute(SET, &[&"probed_at", &now.to_string()]).await?;
        if let Some(row) = session.query_opt(FORBIDDEN, &[]).await? {
            let table: &str = row.try_get(0)?;
            return Err(Fault::Outage(format!("permission denied for table {table}")));
        }
        if is_failing {
            session.execute(WRITE_MUCH, &[&now]).await?;
            session.execute(REMOVE, &[]).await?;
        }
        Ok(())
    };
    let outcome = outcome.await;
    session.end(outcome).await?;
    if is_failing {
        shared.health.recovered();
    }
    Ok(())
}

async fn write(
    shared: &Arc<Shared>,
    sql: &'static str,
    name: &str,
    value: Option<&str>,
) -> Result<(), Fault> {
    let session = Session::write(shared, &[]).await?;
    let outcome = match value {
        Some(value) => session.execute(sql, &[&name, &value]).await,
        None => session.execute(sql, &[&name]).await,
    };
    session.end(outcome).await.map(drop)
}
