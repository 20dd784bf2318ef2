//! Cached lookups of hosts by number and by name.

use vestibule_core::Host;

use super::engine::EngineContext;
use crate::{postgres::error::EngineError, sql::statements};

statements! {
    const ALL: Sql = "SELECT id, name, removed_at IS NOT NULL FROM hosts ORDER BY name";
}

/// The number of a host, if the host exists.
pub(in crate::postgres) async fn host_number(
    engine: &EngineContext,
    host: &Host,
) -> Result<Option<i64>, EngineError> {
    if let Some(number) = engine.key_cache.host_number(host) {
        return Ok(Some(number));
    }
    read_hosts(engine).await?;
    Ok(engine.key_cache.host_number(host))
}

/// The host with this number.
pub(in crate::postgres) async fn host(engine: &EngineContext, number: i64) -> Result<Host, EngineError> {
    if let Some(host) = engine.key_cache.host(number) {
        return Ok(host);
    }
    read_hosts(engine).await?;
    engine.key_cache.host(number).ok_or_else(|| EngineError::Corrupt(format!("host number {number}")))
}

/// Reads and caches all hosts; returns those that are not removed, by name.
pub(in crate::postgres) async fn read_hosts(engine: &EngineContext) -> Result<Vec<Host>, EngineError> {
    let mut hosts = Vec::new();
    for row in engine.query(ALL, &[]).await? {
        let name: String = row.try_get(1)?;
        let host =
            Host::parse(&name).map_err(|error| EngineError::Corrupt(format!("host {name}: {error}")))?;
        let (number, is_removed) = (row.try_get(0)?, row.try_get(2)?);
        engine.key_cache.add_host(number, host.clone(), is_removed);
        if !is_removed {
            hosts.push(host);
        }
    }
    Ok(hosts)
}
