//! The simple model of the store.

use std::collections::BTreeSet;

use vestibule_core::{
    BareJid, ClaimId, FAILED_CLAIMS_WINDOW, Invite, InviteChanges, Kind, MAX_FAILED_CLAIMS, MintedInvite,
    Refusal, ReservedUsernames, State, Timestamp, UsernameRefusal,
    rules::{self, ClaimFacts, LiveClaims},
};

use crate::suite::test_store::name;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    Open,
    Completed {
        jid: BareJid,
        over_use: bool,
    },
    /// Released or replaced.
    Ended,
}

/// A claim in the model.
pub(super) struct ClaimModel {
    pub(super) id: ClaimId,
    pub(super) invite: usize,
    pub(super) username: Option<u8>,
    pub(super) admission: Option<usize>,
    pub(super) lease_until: Timestamp,
    pub(super) outcome: Outcome,
}

pub(super) struct InviteModel {
    pub(super) host: usize,
    pub(super) minted: MintedInvite,
    /// The current state.
    pub(super) now: Invite,
    pub(super) failed: (u32, Timestamp),
}

pub(super) struct AdmissionModel {
    pub(super) invite: usize,
    pub(super) text: String,
    pub(super) at: Timestamp,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) invites: Vec<InviteModel>,
    pub(super) claims: Vec<ClaimModel>,
    pub(super) admissions: Vec<AdmissionModel>,
    pub(super) accounts: BTreeSet<(usize, u8)>,
}

impl Model {
    /// Returns the live invite that reserves a username.
    pub(super) fn holder(&self, host: usize, username: u8, now: Timestamp) -> Option<usize> {
        let wanted = name(&user(username));
        self.invites.iter().position(|invite| {
            invite.host == host
                && invite.now.kind.makes_account()
                && invite.now.username.as_ref() == Some(&wanted)
                && rules::state(&invite.now, now) == State::Pending
        })
    }

    pub(super) fn reserved_for(
        &self,
        invite: usize,
        username: Option<u8>,
        now: Timestamp,
    ) -> Option<vestibule_core::InviteId> {
        let holder = self.holder(self.invites[invite].host, username?, now)?;
        Some(self.invites[holder].now.id)
    }

    pub(super) fn live(&self, invite: usize, but: Option<usize>, now: Timestamp) -> Vec<&ClaimModel> {
        let all = self.claims.iter().enumerate().filter(|(index, _)| Some(*index) != but);
        all.map(|(_, claim)| claim)
            .filter(|claim| {
                claim.invite == invite && claim.outcome == Outcome::Open && claim.lease_until > now
            })
            .collect()
    }

    /// Returns the answer to a claim: the live claim of the same admission and name, or the decision of the rules.
    pub(super) fn claim(
        &self,
        (invite, username, admission, replaces): (usize, Option<u8>, Option<usize>, Option<usize>),
        now: Timestamp,
    ) -> Result<Option<ClaimId>, Refusal> {
        let live = self.live(invite, replaces, now);
        let held: Vec<_> =
            live.iter().filter(|one| admission.is_some() && one.admission == admission).collect();
        if let Some(same) = held.iter().find(|one| one.username == username) {
            return Ok(Some(same.id));
        }
        let model = &self.invites[invite];
        let (failed, since) = model.failed;
        let is_exhausted = failed >= MAX_FAILED_CLAIMS && since > now.minus(FAILED_CLAIMS_WINDOW);
        let made = self.claims.iter().filter(|one| admission.is_some() && one.admission == admission).count();
        let username = username.map(|number| name(&user(number)));
        rules::claim(&ClaimFacts {
            invite: &model.now,
            username: username.as_ref(),
            live_claims: LiveClaims {
                count: u32::try_from(live.len()).unwrap(),
                first_ends_at: live.iter().map(|one| one.lease_until).min(),
                under_same_admission: !held.is_empty(),
                made_under_same_admission: u32::try_from(made).unwrap(),
                exhausted_until: is_exhausted.then(|| since.plus(FAILED_CLAIMS_WINDOW)),
            },
            forbidden: username.as_ref().and_then(|name| ReservedUsernames::default().forbids(name)),
            admitted_at: admission.map(|index| self.admissions[index].at),
            reserved_for: self.reserved_for(invite, username.as_ref().map(number), now),
            now,
        })
        .map(|()| None)
    }

    pub(super) fn count_failed(&mut self, invite: usize, now: Timestamp) {
        let (count, since) = self.invites[invite].failed;
        let goes_on = since > now.minus(FAILED_CLAIMS_WINDOW);
        self.invites[invite].failed = if goes_on { (count + 1, since) } else { (1, now) };
    }

    /// Revokes pending invites of a host and counts them.
    pub(super) fn revoke(&mut self, host: usize, now: Timestamp, which: impl Fn(&Invite) -> bool) -> u64 {
        let mut count = 0;
        for invite in self.invites.iter_mut().filter(|invite| invite.host == host) {
            if rules::state(&invite.now, now) == State::Pending && which(&invite.now) {
                invite.now.revoked_at = Some(now);
                count += 1;
            }
        }
        count
    }

    pub(super) fn end_resets(
        &mut self,
        host: usize,
        account: &vestibule_core::Username,
        now: Timestamp,
    ) -> u64 {
        self.revoke(host, now, |invite| {
            invite.kind == Kind::PasswordReset && invite.username.as_ref() == Some(account)
        })
    }

    pub(super) fn edit(&mut self, index: usize, edit: &InviteChanges, now: Timestamp) -> Result<(), Refusal> {
        edit.validate(now)?;
        let (host, before) = (self.invites[index].host, self.invites[index].now.clone());
        let after = rules::edit(before.clone(), edit, now)?;
        if after != before
            && let Some(username) = &after.username
            && rules::state(&after, now) == State::Pending
        {
            if after.kind == Kind::PasswordReset {
                self.invites[index].now.revoked_at = Some(now);
                self.end_resets(host, username, now);
            } else if self.holder(host, number(username), now).is_some_and(|holder| holder != index) {
                return Err(UsernameRefusal::Reserved.into());
            }
        }
        self.invites[index].now = after;
        Ok(())
    }
}

pub(super) fn user(number: u8) -> String {
    format!("user{number}")
}

pub(super) fn number(username: &vestibule_core::Username) -> u8 {
    username.as_str()["user".len()..].parse().unwrap()
}
