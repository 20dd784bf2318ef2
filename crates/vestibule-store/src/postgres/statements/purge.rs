//! Rows that the purge removes.

use vestibule_core::{Action, ClaimId, Invite, InviteId, Source, Timestamp};

use super::{
    fragments::{last_row_key, visible},
    invites::{invite_columns, read_invite},
};
use crate::{
    postgres::{
        error::EngineError,
        transactions::{
            begin::{LOCK_PURGE, LOCK_SPACE},
            host_lookup,
            transaction::Transaction,
        },
    },
    row_key::host_of,
    sql::statements,
    verbs::rows::{PageRow, PurgeRows},
};

statements! {
    const TRY_LOCK: Sql = "SELECT pg_try_advisory_xact_lock($1, $2)";

    const AFTER: Sql = concat!(
        "SELECT ",
        invite_columns!(),
        ", place FROM invites WHERE place > $1 AND ",
        visible!(),
        " ORDER BY place LIMIT $2"
    );

    const BY_IDS: Sql = concat!("SELECT ", invite_columns!(), " FROM invites WHERE id = ANY ($1)");

    const DELETE: Sql = concat!(
        "WITH claimed AS (DELETE FROM claims WHERE invite = ANY ($1)),
              gone AS (DELETE FROM invites WHERE id = ANY ($1) RETURNING id)
         INSERT INTO events (place, at, source, action, invite)
         SELECT ",
        last_row_key!("events"),
        " + row_number() OVER (ORDER BY id), $2, $4, $5, id FROM gone"
    );

    // Nothing changes a claim that failed days ago, so this takes no lock of its host.
    const DELETE_FAILED: Sql = "DELETE FROM claims WHERE id IN (SELECT id FROM claims \
         WHERE invite = ANY ($1) AND id < $2::bytea AND outcome IS DISTINCT FROM 'completed' \
         AND (outcome IS NOT NULL OR via IS NULL) LIMIT $3)";

    const DELETE_EVENTS: Sql = "DELETE FROM events WHERE place IN (
             SELECT old.place FROM hosts AS h
             CROSS JOIN LATERAL (SELECT place FROM events WHERE place > (h.id << 40) AND place < ((h.id + 1) << 40)
                                 ORDER BY place DESC LIMIT 1) AS newest
             CROSS JOIN LATERAL (SELECT place, at FROM events WHERE place > (h.id << 40) AND place < newest.place
                                 ORDER BY place LIMIT $2::bigint) AS old
             WHERE old.at < $1::bigint)";

    const DELETE_RANGE: Sql = "DELETE FROM invites WHERE place IN \
         (SELECT place FROM invites WHERE place >= $1 AND place < $2 ORDER BY place LIMIT $3)";

    const ABANDONED_BATCH: Sql = "SELECT first_place FROM batches WHERE touched_at <= $1 LIMIT 1";

    const BATCH_END: Sql = "SELECT last_place FROM batches WHERE first_place = $1";

    const DELETE_BATCH: Sql = "DELETE FROM batches WHERE first_place = $1";
}

impl Transaction {
    async fn try_lock(&self, lock: i32) -> Result<bool, EngineError> {
        let row = self.query_opt(TRY_LOCK, &[&LOCK_SPACE, &lock]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()? == Some(true))
    }
}

impl PurgeRows for Transaction {
    async fn try_lock_purge(&self) -> Result<bool, EngineError> {
        self.try_lock(LOCK_PURGE).await
    }

    async fn try_lock_host(&self, host_number: i64) -> Result<bool, EngineError> {
        let lock = i32::try_from(host_number)
            .map_err(|_| EngineError::Corrupt(format!("host number {host_number}")))?;
        self.try_lock(lock).await
    }

    async fn delete_events_before(&self, before: Timestamp, limit: i64) -> Result<(), EngineError> {
        self.execute(DELETE_EVENTS, &[&before.as_millis(), &limit]).await.map(drop)
    }

    async fn abandoned_batch(&self, before: Timestamp) -> Result<Option<i64>, EngineError> {
        let row = self.query_opt(ABANDONED_BATCH, &[&before.as_millis()]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    async fn batch_end(&self, first_row_key: i64) -> Result<Option<i64>, EngineError> {
        let row = self.query_opt(BATCH_END, &[&first_row_key]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    async fn delete_invites_in(&self, from: i64, until: i64, limit: i64) -> Result<u64, EngineError> {
        self.execute(DELETE_RANGE, &[&from, &until, &limit]).await
    }

    async fn delete_batch(&self, first_row_key: i64) -> Result<(), EngineError> {
        self.execute(DELETE_BATCH, &[&first_row_key]).await.map(drop)
    }

    async fn invites_after(&self, after: i64, limit: i64) -> Result<Vec<PageRow<i64, Invite>>, EngineError> {
        let mut invites = Vec::new();
        for row in self.query(AFTER, &[&after, &limit]).await? {
            let row_key = row.try_get("place")?;
            let host = host_lookup::host(&self.engine, host_of(row_key)).await;
            let invite = host.and_then(|host| read_invite(&row, &host));
            invites.push((row_key, self.engine.readable(invite)?));
        }
        Ok(invites)
    }

    async fn delete_failed_claims(
        &self,
        invites: &[InviteId],
        before: ClaimId,
        limit: i64,
    ) -> Result<(), EngineError> {
        let before = before.to_bytes();
        self.execute(DELETE_FAILED, &[&to_bytes(invites), &before.as_slice(), &(10 * limit)]).await.map(drop)
    }

    async fn invites_by_id(&self, host_number: i64, ids: &[InviteId]) -> Result<Vec<Invite>, EngineError> {
        let host = host_lookup::host(&self.engine, host_number).await?;
        let mut invites = Vec::with_capacity(ids.len());
        for row in self.query(BY_IDS, &[&to_bytes(ids)]).await? {
            invites.extend(self.engine.readable(read_invite(&row, &host))?);
        }
        Ok(invites)
    }

    async fn delete_invites(&self, host_number: i64, ids: &[InviteId]) -> Result<(), EngineError> {
        let (now, source, action) = (self.now.as_millis(), Source::service(), Action::InvitePurged);
        self.execute(DELETE, &[&to_bytes(ids), &now, &host_number, &source.as_str(), &action.as_str()])
            .await?;
        for _ in ids {
            self.count_action(host_number, action);
        }
        Ok(())
    }
}

fn to_bytes(ids: &[InviteId]) -> Vec<Vec<u8>> {
    ids.iter().map(|id| id.to_bytes().to_vec()).collect()
}
