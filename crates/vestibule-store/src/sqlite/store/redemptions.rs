use async_trait::async_trait;
use vestibule_core::{
    AccountChange, BareJid, CheckRequest, Claim, ClaimId, Completion, Host, Invite, InviteId, NewClaim,
    OpenClaim, OpenClaims, Principal, RedemptionPage, RedemptionQuery, RedemptionStore, Refusal, StoreError,
    Username, Via,
};

use crate::{
    sqlite::{SqliteStore, authorization::authorize_and_charge, statements},
    verbs::{
        accounts, check, claim,
        claim::Ungranted,
        outcome,
        rows::{AccountRows, ClaimRows, InviteRows},
        run_ready, show,
    },
};

impl SqliteStore {
    /// The reason why a claim would be refused now, read by a reader; `None` if it should be attempted.
    async fn preview(&self, by: &Principal, claim: &NewClaim) -> Result<Option<Refusal>, StoreError> {
        let (by, claim) = (by.clone(), claim.clone());
        let _permit = self.previews.acquire().await;
        let preview = self.lookups.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, claim::SCOPE)?;
            Ok(match run_ready(claim::ungranted(tx, &caller, &claim))? {
                Ungranted::Refused(refusal) => Some(refusal),
                Ungranted::Repeated(_) | Ungranted::Allowed => None,
            })
        });
        preview.await
    }
}

#[async_trait]
impl RedemptionStore for SqliteStore {
    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError> {
        let by = by.clone();
        let check = self.lookups.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, check::SCOPE)?;
            run_ready(check::check(tx, &caller, &check))
        });
        check.await
    }

    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError> {
        let invite = claim.token.id;
        // A recently refused claim will most likely be refused again. A preview takes no time of the writer.
        if self.recent_refusals.contains(invite)
            && let Some(refusal) = self.preview(by, &claim).await?
        {
            self.recent_refusals.note(invite);
            return Err(refusal.into());
        }
        let by = by.clone();
        let claiming = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, claim::SCOPE)?;
            run_ready(statements::claims::claim(tx, &caller, &claim))
        });
        let outcome = claiming.await;
        if matches!(outcome, Err(StoreError::Refused(_))) {
            self.recent_refusals.note(invite);
        }
        outcome
    }

    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError> {
        let by = by.clone();
        let complete = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, outcome::SCOPE)?;
            run_ready(statements::complete::complete(tx, &caller, claim, &jid, &via))
        });
        complete.await
    }

    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError> {
        let by = by.clone();
        let release = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, outcome::SCOPE)?;
            run_ready(statements::complete::release(tx, &caller, claim))
        });
        release.await
    }

    async fn open_claims(&self, by: &Principal, which: OpenClaims) -> Result<Vec<OpenClaim>, StoreError> {
        let by = by.clone();
        let list = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, outcome::SCOPE)?;
            run_ready(tx.open_claims(&caller, which))
        });
        list.await
    }

    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError> {
        let by = by.clone();
        let list = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, show::SCOPE)?;
            run_ready(show::redemptions(tx, &caller, id, query))
        });
        list.await
    }

    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError> {
        let username = username.clone();
        self.lookups.run(move |tx| run_ready(tx.is_redeemed_by(id, &username))).await
    }

    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError> {
        let (host, username) = (host.clone(), username.clone());
        self.lookups.run(move |tx| run_ready(tx.is_account_known(&host, &username))).await
    }

    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError> {
        let (by, username) = (by.clone(), username.clone());
        let find = self.lookups.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, check::SCOPE)?;
            run_ready(tx.reserved_for(&caller, &username))
        });
        find.await
    }

    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError> {
        let mut revoked = 0;
        loop {
            let (by, username) = (by.clone(), username.clone());
            let step = self.writer.run(move |tx| {
                let caller = authorize_and_charge(tx, &by, accounts::SCOPE)?;
                run_ready(accounts::changed(tx, &caller, &username, change))
            });
            let (more, is_unfinished) = step.await?;
            revoked += more;
            if !is_unfinished {
                return Ok(revoked);
            }
        }
    }
}
