//! Batches in progress.

use tokio_postgres::types::ToSql;
use vestibule_core::{Action, Invite, NewToken, Timestamp, Username};

use super::{
    batch_statement::{Param, column},
    fragments::last_row_key,
    invites::{data, labels},
};
use crate::{
    caller::Caller,
    postgres::{
        error::EngineError,
        transactions::{begin::locked, transaction::Transaction},
    },
    presentation,
    sql::statements,
    verbs::{
        batch::{BatchRows, Plan},
        inviters::is_made_by_member,
    },
};

statements! {
    const INSERT: Sql = concat!(
        "INSERT INTO batches (first_place, last_place, touched_at) SELECT last + 1, last + $1::bigint, $2::bigint
         FROM (SELECT ",
        last_row_key!("invites"),
        " AS last) AS taken WHERE ",
        locked!(),
        " RETURNING first_place"
    );

    // The fields that the invites have in common are sent once for each slice.
    const INSERT_SLICE: Sql = concat!(
        "INSERT INTO invites (place, id, host, kind, token_hash, token_sealed, inviter, labels, max_uses, created_at,
                              expires_at, source, note, data, presentation, by_member)
         SELECT $4::bigint + a.n, a.id, $3::bigint, $5::text, a.hash, a.sealed, $6::text, $7::text, $8::bigint,
                $9::bigint, $10::bigint, $11::text, $12::text, $13::text, $15::text, $16::boolean
         FROM unnest($1::bytea[], $2::bytea[], $14::bytea[]) WITH ORDINALITY AS a (id, hash, sealed, n)
         WHERE ",
        locked!()
    );

    const TOUCH: Sql = "UPDATE batches SET touched_at = greatest(touched_at, $2) \
         WHERE first_place = $1 AND touched_at > $3";

    const APPEND_EVENTS: Sql = concat!(
        "INSERT INTO events (place, at, source, action, invite)
         SELECT last + row_number() OVER (ORDER BY i.place), $1::bigint, $2::text, $6::text, i.id
         FROM (SELECT ",
        last_row_key!("events"),
        " AS last) AS taken, invites AS i WHERE i.place BETWEEN $4::bigint AND $5::bigint"
    );
}

impl BatchRows for Transaction {
    async fn insert_batch(&self, caller: &Caller, count: usize) -> Result<i64, EngineError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let row = self.query_opt(INSERT, &[&count, &self.now.as_millis(), &caller.host_number]).await?;
        let row = row.ok_or_else(|| EngineError::Corrupt("a batch has no row keys".to_owned()))?;
        Ok(row.try_get(0)?)
    }

    /// PostgreSQL compresses long values, and a slice sends them once.
    async fn share_fields(&self, _: i64, _: &Invite) -> Result<bool, EngineError> {
        Ok(false)
    }

    async fn insert_slice(
        &self,
        caller: &Caller,
        plan: &Plan,
        tokens: &[NewToken],
        row_key: i64,
    ) -> Result<(), EngineError> {
        let invite = &plan.invite;
        let params: Vec<Param> = vec![
            column(tokens, |token| token.id.to_bytes().to_vec()),
            column(tokens, |token| token.hash.as_bytes().to_vec()),
            Box::new(caller.host_number),
            // The ordinality begins at 1.
            Box::new(row_key - 1),
            Box::new(invite.kind.as_str()),
            Box::new(invite.inviter.as_ref().map(Username::as_str).map(str::to_owned)),
            Box::new(labels(invite)),
            Box::new(invite.max_uses.map(i64::from)),
            Box::new(invite.created_at.as_millis()),
            Box::new(invite.expires_at.as_millis()),
            Box::new(invite.source.as_str().to_owned()),
            Box::new(invite.note.clone()),
            Box::new(data(invite)),
            column(tokens, |token| token.sealed_token.clone()),
            Box::new(presentation::to_text(invite)),
            Box::new(is_made_by_member(caller, invite.inviter.as_ref())),
        ];
        let params: Vec<_> = params.iter().map(|param| &**param as &(dyn ToSql + Sync)).collect();
        let written = self.execute(INSERT_SLICE, &params).await?;
        if usize::try_from(written) == Ok(tokens.len()) {
            return Ok(());
        }
        Err(EngineError::Corrupt(format!("{written} invites of {} were written", tokens.len())))
    }

    async fn touch_batch(&self, first_row_key: i64, alive_since: Timestamp) -> Result<bool, EngineError> {
        let (now, alive_since) = (self.now.as_millis(), alive_since.as_millis());
        Ok(self.execute(TOUCH, &[&first_row_key, &now, &alive_since]).await? == 1)
    }

    async fn append_created_events(
        &self,
        caller: &Caller,
        plan: &Plan,
        tokens: &[NewToken],
    ) -> Result<(), EngineError> {
        let first = plan.first_row_key;
        let last = first + i64::try_from(tokens.len()).unwrap_or(i64::MAX) - 1;
        let (now, source, action) =
            (self.now.as_millis(), caller.auth.source.as_str(), Action::InviteCreated);
        self.execute(APPEND_EVENTS, &[&now, &source, &caller.host_number, &first, &last, &action.as_str()])
            .await?;
        for _ in tokens {
            self.count_action(caller.host_number, action);
        }
        Ok(())
    }
}
