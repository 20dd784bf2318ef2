//! Batches in progress.

use vestibule_core::{Action, Invite, NewToken, Timestamp};

use super::{
    invites::{InviteRow, insert_invite},
    shared_fields::{Fields, share_fields},
};
use crate::{
    caller::Caller,
    sql::statements,
    sqlite::{
        error::EngineError,
        transaction::{Table, Transaction},
    },
    verbs::{
        batch::{BatchRows, Plan},
        inviters::is_made_by_member,
        rows::{Subject, TransactionContext},
    },
};

statements! {
    const INSERT: Sql = "INSERT INTO batches (first_place, last_place, touched_at) VALUES (?1, ?2, ?3)";

    const TOUCH: Sql =
        "UPDATE batches SET touched_at = max(touched_at, ?2) WHERE first_place = ?1 AND touched_at > ?3";
}

impl BatchRows for Transaction<'_> {
    async fn insert_batch(&self, caller: &Caller, count: usize) -> Result<i64, EngineError> {
        let first = self.next_row_keys(Table::Invites, caller.host_number, count)?;
        let last = first + i64::try_from(count).unwrap_or(i64::MAX) - 1;
        self.statement(INSERT)?.execute((first, last, self.now.as_millis()))?;
        Ok(first)
    }

    async fn share_fields(&self, first_row_key: i64, invite: &Invite) -> Result<bool, EngineError> {
        Ok(share_fields(self, first_row_key, invite)?)
    }

    async fn insert_slice(
        &self,
        caller: &Caller,
        plan: &Plan,
        tokens: &[NewToken],
        row_key: i64,
    ) -> Result<(), EngineError> {
        let fields = if plan.shares_fields { Fields::SharedAs(plan.first_row_key) } else { Fields::Own };
        let by_member = is_made_by_member(caller, plan.invite.inviter.as_ref());
        let mut invite = plan.invite.clone();
        for (row_key, token) in (row_key..).zip(tokens) {
            invite.id = token.id;
            invite.sealed_token.clone_from(&token.sealed_token);
            let row = InviteRow { hash: token.hash.as_bytes(), row_key, by_member, fields };
            insert_invite(self, caller.host_number, &invite, row)?;
        }
        Ok(())
    }

    async fn touch_batch(&self, first_row_key: i64, alive_since: Timestamp) -> Result<bool, EngineError> {
        let values = (first_row_key, self.now.as_millis(), alive_since.as_millis());
        Ok(self.statement(TOUCH)?.execute(values)? == 1)
    }

    async fn append_created_events(
        &self,
        caller: &Caller,
        _: &Plan,
        tokens: &[NewToken],
    ) -> Result<(), EngineError> {
        for token in tokens {
            self.append_event(caller, Action::InviteCreated, Subject::Invite(token.id), None).await?;
        }
        Ok(())
    }
}
