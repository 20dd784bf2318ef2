//! Hosts and settings: what the service knows about itself.

use rusqlite::OptionalExtension;
use vestibule_core::{Host, Setting};

use super::{job::Fault, session::Session};

pub(super) fn remember(session: &Session<'_>, host: &Host) -> Result<(), Fault> {
    session
        .statement("INSERT INTO hosts (name) VALUES (?1) ON CONFLICT (name) DO NOTHING")?
        .execute([host.as_str()])?;
    Ok(())
}

pub(super) fn all(session: &Session<'_>) -> Result<Vec<Host>, Fault> {
    let mut statement = session.statement("SELECT id FROM hosts ORDER BY name")?;
    let numbers: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    numbers.into_iter().map(|number| session.host(number)).collect()
}

pub(super) fn setting(session: &Session<'_>, setting: Setting) -> Result<Option<String>, Fault> {
    let found = session
        .statement("SELECT value FROM settings WHERE name = ?1")?
        .query_row([setting.as_str()], |row| row.get(0))
        .optional()?;
    Ok(found)
}

pub(super) fn set(session: &Session<'_>, setting: Setting, value: &str) -> Result<(), Fault> {
    session
        .statement(
            "INSERT INTO settings (name, value) VALUES (?1, ?2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute((setting.as_str(), value))?;
    Ok(())
}

/// Sets what was not set before, and answers what is set now.
pub(super) fn set_setting_if_absent(
    session: &Session<'_>,
    name: Setting,
    value: &str,
) -> Result<String, Fault> {
    if let Some(settled) = setting(session, name)? {
        return Ok(settled);
    }
    set(session, name, value)?;
    Ok(value.to_owned())
}

/// What is written to find out whether there is room again: about as much as a request may bring.
const ROOM: usize = 256 << 10;

/// Writes something small; after changes have failed, as much as needs room of its own, which the next one gives back.
pub(super) fn probe(session: &Session<'_>) -> Result<(), Fault> {
    let mut value = session.now.as_millis().to_string();
    if session.shared.health.is_failing() {
        value.push_str(&" ".repeat(ROOM));
    }
    session
        .statement(
            "INSERT INTO settings (name, value) VALUES ('probed_at', ?1) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute([value])?;
    Ok(())
}
