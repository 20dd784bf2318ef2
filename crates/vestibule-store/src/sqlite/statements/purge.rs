//! Rows that the purge removes.

use rusqlite::OptionalExtension;
use vestibule_core::{Action, ClaimId, Invite, InviteId, Source, Timestamp};

use super::{
    events::append_event,
    fragments::visible,
    invites::{invite_columns, read_invite},
};
use crate::{
    row_key::row_keys_of,
    sql::statements,
    sqlite::{error::EngineError, transaction::Transaction},
    verbs::rows::{InviteRows, PageRow, PurgeRows, Subject},
};

statements! {
    const AFTER: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE place > ?1 AND ",
        visible!(),
        " ORDER BY place LIMIT ?2"
    );

    const DELETE_FAILED: Sql = "DELETE FROM claims WHERE id IN (SELECT id FROM claims \
         WHERE invite = ?1 AND id < ?2 AND outcome IS NOT 'completed' AND (outcome IS NOT NULL OR via IS NULL) LIMIT ?3)";

    const OLDEST_EVENT: Sql =
        "SELECT place, at FROM events WHERE place >= ?1 AND place < ?2 ORDER BY place LIMIT 1";

    const NEWEST_EVENT: Sql = "SELECT max(place) FROM events WHERE place >= ?1 AND place < ?2";

    // The row keys of a host's events are in order of time.
    const DELETE_EVENTS: Sql = "DELETE FROM events WHERE place IN (SELECT place FROM events \
         WHERE place >= ?1 AND place < ?2 AND at < ?3 ORDER BY place LIMIT ?4)";

    const DELETE_RANGE: Sql = "DELETE FROM invites WHERE place IN \
         (SELECT place FROM invites WHERE place >= ?1 AND place < ?2 ORDER BY place LIMIT ?3)";

    const HOST_NUMBERS: Sql = "SELECT id FROM hosts";

    const ABANDONED_BATCH: Sql = "SELECT first_place FROM batches WHERE touched_at <= ?1 LIMIT 1";

    const BATCH_END: Sql = "SELECT last_place FROM batches WHERE first_place = ?1";

    const DELETE_BATCH: Sql = "DELETE FROM batches WHERE first_place = ?1";

    const DELETE_CLAIMS: Sql = "DELETE FROM claims WHERE invite = ?1";

    const DELETE_INVITE: Sql = "DELETE FROM invites WHERE id = ?1";
}

impl PurgeRows for Transaction<'_> {
    /// A writing transaction has the only lock.
    async fn try_lock_purge(&self) -> Result<bool, EngineError> {
        Ok(true)
    }

    async fn try_lock_host(&self, _: i64) -> Result<bool, EngineError> {
        Ok(true)
    }

    async fn delete_events_before(&self, before: Timestamp, limit: i64) -> Result<(), EngineError> {
        let before = before.as_millis();
        let hosts: Vec<i64> = self
            .statement(HOST_NUMBERS)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for host in hosts {
            let row_keys = row_keys_of(host);
            let oldest: Option<(i64, i64)> = self
                .statement(OLDEST_EVENT)?
                .query_row((row_keys.start, row_keys.end), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if oldest.is_some_and(|(_, at)| at < before) {
                let newest: i64 = self
                    .statement(NEWEST_EVENT)?
                    .query_row((row_keys.start, row_keys.end), |row| row.get(0))?;
                self.statement(DELETE_EVENTS)?.execute((row_keys.start, newest, before, limit))?;
            }
        }
        Ok(())
    }

    async fn abandoned_batch(&self, before: Timestamp) -> Result<Option<i64>, EngineError> {
        let mut statement = self.statement(ABANDONED_BATCH)?;
        Ok(statement.query_row([before.as_millis()], |row| row.get(0)).optional()?)
    }

    async fn batch_end(&self, first_row_key: i64) -> Result<Option<i64>, EngineError> {
        let mut statement = self.statement(BATCH_END)?;
        Ok(statement.query_row([first_row_key], |row| row.get(0)).optional()?)
    }

    async fn delete_invites_in(&self, from: i64, until: i64, limit: i64) -> Result<u64, EngineError> {
        let deleted = self.statement(DELETE_RANGE)?.execute((from, until, limit))?;
        Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
    }

    async fn delete_batch(&self, first_row_key: i64) -> Result<(), EngineError> {
        self.statement(DELETE_BATCH)?.execute([first_row_key])?;
        Ok(())
    }

    async fn invites_after(&self, after: i64, limit: i64) -> Result<Vec<PageRow<i64, Invite>>, EngineError> {
        let mut statement = self.statement(AFTER)?;
        let mut rows = statement.query((after, limit))?;
        let mut invites = Vec::new();
        while let Some(row) = rows.next()? {
            invites.push((row.get("place")?, self.readable(read_invite(self, row))?));
        }
        Ok(invites)
    }

    async fn delete_failed_claims(
        &self,
        invites: &[InviteId],
        before: ClaimId,
        limit: i64,
    ) -> Result<(), EngineError> {
        for id in invites {
            self.statement(DELETE_FAILED)?.execute((id.to_bytes(), before.to_bytes(), limit))?;
        }
        Ok(())
    }

    async fn invites_by_id(&self, _: i64, ids: &[InviteId]) -> Result<Vec<Invite>, EngineError> {
        let mut invites = Vec::with_capacity(ids.len());
        for id in ids {
            invites.extend(self.invite_of_any_host(*id).await?.map(|(invite, _)| invite));
        }
        Ok(invites)
    }

    async fn delete_invites(&self, host_number: i64, ids: &[InviteId]) -> Result<(), EngineError> {
        for id in ids {
            self.statement(DELETE_CLAIMS)?.execute([id.to_bytes()])?;
            self.statement(DELETE_INVITE)?.execute([id.to_bytes()])?;
            let (source, subject) = (Source::service(), Subject::Invite(*id));
            append_event(self, host_number, &source, Action::InvitePurged, subject, None)?;
        }
        Ok(())
    }
}
