//! Checks and claims of tokens.

use super::InviteService;
use crate::{
    CheckRequest, Claim, ClaimId, FormReceipt, Invite, InviteId, NewClaim, PreauthGrant, Principal,
    RECEIPT_LIFETIME, RandomnessError, Refusal, StoreError, Token, TokenLookup, TokenRefusal, Username, Via,
    rules::PREAUTH_GRANT_LIFETIME,
};

/// Separator of a token and a preauth grant. Neither contains it.
const GRANT_SEPARATOR: char = '~';

/// The result of a passed check.
#[derive(Debug)]
pub struct CheckedToken {
    /// The invite.
    pub invite: Invite,
    /// The preauth grant: opaque text to pass to [`InviteService::claim`].
    pub admission: String,
}

impl InviteService {
    /// Rule 1: checks a token. The time of the check is taken before the answer is computed.
    ///
    /// The text is a token, optionally with a grant for its invite ([`InviteService::join`]). With a grant, the check
    /// applies to the time of the grant, and the result contains the same grant.
    pub async fn check(
        &self,
        by: &Principal,
        text: &str,
        username: Option<&Username>,
    ) -> Result<CheckedToken, StoreError> {
        let now = self.clock.now();
        let (text, earlier) =
            text.split_once(GRANT_SEPARATOR).map_or((text, None), |(token, rest)| (token, Some(rest)));
        let token = lookup(text)?;
        // An invalid or outdated grant is ignored.
        let earlier = earlier.and_then(|text| Some((text, self.read_admission(token.id, text)?)));
        let admitted_at = earlier.map(|(_, admission)| admission.at);
        let check = CheckRequest { token, username: username.cloned(), admitted_at };
        let invite = self.store.check(by, check).await?;
        let admission = match earlier {
            Some((text, _)) => text.to_owned(),
            None => self.seal.admit(invite.id, now, &*self.randomness)?,
        };
        Ok(CheckedToken { invite, admission })
    }

    /// Returns a grant for a form about a valid invite, so that the form can be submitted later.
    pub fn form_grant(&self, invite: &Invite) -> Result<String, RandomnessError> {
        self.seal.admit(invite.id, self.clock.now(), &*self.randomness)
    }

    /// Opens a grant for this invite from the last hour.
    pub fn read_admission(&self, invite: InviteId, text: &str) -> Option<PreauthGrant> {
        let admission = self.seal.read_admission(text).ok()?;
        let is_recent = self.clock.now() < admission.at.plus(PREAUTH_GRANT_LIFETIME);
        (admission.invite == invite && is_recent).then_some(admission)
    }

    /// Seals a receipt for the browser whose form has succeeded.
    pub fn seal_receipt(&self, receipt: &FormReceipt) -> Result<String, RandomnessError> {
        self.seal.seal_receipt(receipt, &*self.randomness)
    }

    /// Opens a receipt for this invite from the last [`RECEIPT_LIFETIME`].
    pub fn open_receipt(&self, invite: InviteId, text: &str) -> Option<FormReceipt> {
        let receipt = self.seal.open_receipt(text).ok()?;
        let is_recent = self.clock.now() < receipt.at.plus(RECEIPT_LIFETIME);
        (receipt.invite == invite && is_recent).then_some(receipt)
    }

    /// Joins a token and a grant, for a protocol with a single field for the token (XEP-0445).
    pub fn join(token: &Token, admission: &str) -> String {
        format!("{}{GRANT_SEPARATOR}{admission}", token.expose())
    }

    /// Rule 2: claims one use.
    pub async fn claim(
        &self,
        by: &Principal,
        token: &str,
        username: Option<Username>,
        admission: Option<&str>,
    ) -> Result<Claim, StoreError> {
        self.claim_replacing(by, token, username, admission, None).await
    }

    /// Rule 2: claims one use, and releases `replaces` in the same transaction. The caller guarantees that `replaces`
    /// is a claim on the same invite, from which no account results.
    pub async fn claim_replacing(
        &self,
        by: &Principal,
        token: &str,
        username: Option<Username>,
        admission: Option<&str>,
        replaces: Option<ClaimId>,
    ) -> Result<Claim, StoreError> {
        self.claim_with(by, token, admission, |claim| NewClaim { username, replaces, ..claim }).await
    }

    /// Rule 2, for an account that this service itself is about to create through `via`: until the claim is completed
    /// or released, it is an [`crate::OpenClaim`]. The text is a token, optionally with a grant, which is ignored.
    ///
    /// `None` if another request under the same grant, possibly on another node, claims for the same username: the claim
    /// belongs to that request, which completes or releases it.
    pub async fn claim_to_create(
        &self,
        by: &Principal,
        text: &str,
        username: Username,
        admission: &str,
        via: Via,
    ) -> Result<Option<Claim>, StoreError> {
        let token = text.split_once(GRANT_SEPARATOR).map_or(text, |(token, _)| token);
        let mut drawn = None;
        let details = |claim: NewClaim| {
            drawn = Some(claim.id);
            NewClaim { username: Some(username), via: Some(via), ..claim }
        };
        let claim = self.claim_with(by, token, Some(admission), details).await?;
        Ok((drawn == Some(claim.id)).then_some(claim))
    }

    async fn claim_with(
        &self,
        by: &Principal,
        token: &str,
        admission: Option<&str>,
        details: impl FnOnce(NewClaim) -> NewClaim,
    ) -> Result<Claim, StoreError> {
        let token = lookup(token)?;
        let admission = match admission.map(|text| self.seal.read_admission(text)) {
            None => None,
            Some(Ok(admission)) if admission.invite == token.id => Some(admission),
            Some(_) => {
                let message = "not an admission to this invite: pass the value from the check, unchanged";
                return Err(Refusal::field("admission", message).into());
            }
        };
        let id = ClaimId::draw(self.clock.now(), &*self.randomness)?;
        let claim = NewClaim { id, token, username: None, admission, replaces: None, via: None };
        self.store.claim(by, details(claim)).await
    }
}

/// The lookup key of a presented token, possibly inside pasted text. Text without a token is reported as an unknown
/// token.
fn lookup(presented: &str) -> Result<TokenLookup, Refusal> {
    Token::find_in(presented).map(|token| token.lookup_key()).ok_or_else(|| TokenRefusal::Unknown.into())
}
