//! Hosts and settings: what the service knows about itself.

use rusqlite::OptionalExtension;
use vestibule_core::{Host, Setting};

use super::{job::EngineError, transaction::Transaction};

pub(super) fn remember(tx: &Transaction<'_>, host: &Host) -> Result<(), EngineError> {
    tx.statement("INSERT INTO hosts (name) VALUES (?1) ON CONFLICT (name) DO NOTHING")?
        .execute([host.as_str()])?;
    Ok(())
}

pub(super) fn all(tx: &Transaction<'_>) -> Result<Vec<Host>, EngineError> {
    let mut statement = tx.statement("SELECT id FROM hosts ORDER BY name")?;
    let numbers: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    numbers.into_iter().map(|number| tx.host(number)).collect()
}

pub(super) fn setting(tx: &Transaction<'_>, setting: Setting) -> Result<Option<String>, EngineError> {
    let found = tx
        .statement("SELECT value FROM settings WHERE name = ?1")?
        .query_row([setting.as_str()], |row| row.get(0))
        .optional()?;
    Ok(found)
}

pub(super) fn set(tx: &Transaction<'_>, setting: Setting, value: &str) -> Result<(), EngineError> {
    tx.statement(
        "INSERT INTO settings (name, value) VALUES (?1, ?2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute((setting.as_str(), value))?;
    Ok(())
}

/// Sets what was not set before, and answers what is set now.
pub(super) fn set_setting_if_absent(
    tx: &Transaction<'_>,
    name: Setting,
    value: &str,
) -> Result<String, EngineError> {
    if let Some(settled) = setting(tx, name)? {
        return Ok(settled);
    }
    set(tx, name, value)?;
    Ok(value.to_owned())
}

/// What is written to find out whether there is room again: about as much as a request may bring.
const ROOM: usize = 256 << 10;

/// Writes something small; after changes have failed, as much as needs room of its own, which the next one gives back.
pub(super) fn probe(tx: &Transaction<'_>) -> Result<(), EngineError> {
    let mut value = tx.now.as_millis().to_string();
    if tx.engine.health.is_failing() {
        value.push_str(&" ".repeat(ROOM));
    }
    tx.statement(
        "INSERT INTO settings (name, value) VALUES ('probed_at', ?1) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute([value])?;
    Ok(())
}
