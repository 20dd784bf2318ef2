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
pub(super) async fn settle(shared: Arc<Shared>, name: Setting, value: String) -> Result<String, Fault> {
    if let Some(settled) = setting(Arc::clone(&shared), name).await? {
        return Ok(settled);
    }
    write(&shared, SETTLE, name.as_str(), Some(&value)).await?;
    let settled = setting(shared, name).await?;
    settled.ok_or_else(|| Fault::Corrupt(format!("the setting {}", name.as_str())))
}

/// Writes something small.
pub(super) async fn probe(shared: Arc<Shared>) -> Result<(), Fault> {
    let now = shared.now().as_millis().to_string();
    write(&shared, SET, "probed_at", Some(&now)).await
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
