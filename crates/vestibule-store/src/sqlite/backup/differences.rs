//! Differences between a restored database and the previous one.

use std::path::Path;

use rusqlite::{Connection, Row};
use vestibule_core::{InviteId, Timestamp};

use crate::{
    backup::{Differences, InviteAgain, KeyAgain},
    sql::statements,
    sqlite::connections::connect::{Role, connect},
};

statements! {
    pub(in crate::sqlite) const ATTACH: Sql = "ATTACH DATABASE ?1 AS previous";

    const KEYS: Sql = "SELECT hosts.name, restored.id, restored.name FROM keys AS restored \
         JOIN hosts ON hosts.id = restored.host \
         LEFT JOIN previous.keys AS old ON old.id = restored.id \
         WHERE old.id IS NULL AND (restored.expires_at IS NULL OR restored.expires_at > ?1) \
         ORDER BY hosts.name, restored.created_at";

    // Only columns of the first schema, because the previous database may have an older or a newer one. The conditions
    // are those of `rules::state`.
    const INVITES: Sql = "SELECT hosts.name, restored.id, restored.note, CASE
            WHEN old.id IS NULL THEN 'absent'
            WHEN old.revoked_at IS NOT NULL THEN 'revoked'
            WHEN old.uses >= old.max_uses THEN 'used'
            WHEN old.expires_at <= ?1 THEN 'expired'
            ELSE 'partly-used' END
        FROM invites AS restored
        JOIN hosts ON hosts.id = restored.host
        LEFT JOIN previous.invites AS old ON old.id = restored.id
        WHERE restored.revoked_at IS NULL AND restored.expires_at > ?1
            AND (restored.max_uses IS NULL OR restored.uses < restored.max_uses)
            AND (old.id IS NULL OR old.revoked_at IS NOT NULL OR old.expires_at <= ?1 OR old.uses >= old.max_uses
                OR (old.max_uses IS NOT NULL AND old.uses > restored.uses))
        ORDER BY restored.place";

    const GONE: Sql = "SELECT
        (SELECT count(*) FROM previous.keys AS old WHERE NOT EXISTS (SELECT 1 FROM keys WHERE keys.id = old.id)),
        (SELECT count(*) FROM previous.invites AS old
            WHERE NOT EXISTS (SELECT 1 FROM invites WHERE invites.id = old.id))";
}

/// Compares the restored database with the previous one; the reason if that is not possible.
pub(super) fn find(restored: &Path, previous: &Path, now: Timestamp) -> Result<Differences, String> {
    compare(restored, previous, now).map_err(|error| error.to_string())
}

fn compare(restored: &Path, previous: &Path, now: Timestamp) -> rusqlite::Result<Differences> {
    let connection = connect(restored, Role::Writer)?;
    let name = previous.to_str().ok_or_else(|| rusqlite::Error::InvalidPath(previous.to_owned()))?;
    connection.execute(ATTACH.text(), [name])?;
    let now = now.as_millis();
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let (keys_gone, invites_gone) = connection.query_row(GONE.text(), [], read)?;
    Ok(Differences {
        keys: all(&connection, KEYS.text(), now, |row| {
            Ok(KeyAgain { host: row.get(0)?, id: row.get(1)?, name: row.get(2)? })
        })?,
        invites: all(&connection, INVITES.text(), now, |row| {
            let id = InviteId::from_bytes(row.get(1)?).to_string();
            Ok(InviteAgain { host: row.get(0)?, id, note: row.get(2)?, was: row.get(3)? })
        })?,
        keys_gone: u64::try_from(keys_gone).unwrap_or(0),
        invites_gone: u64::try_from(invites_gone).unwrap_or(0),
    })
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    now: i64,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([now], read)?;
    rows.collect()
}
