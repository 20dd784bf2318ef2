//! Changes to an invite.

use crate::{
    FieldError, InviterName, LanguageTag, Message, Refusal, Timestamp, draft::note_error,
    expiry::check_expiry,
};

/// Changes to an invite. `None` leaves a property unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InviteChanges {
    /// New expiry.
    pub expires_at: Option<Timestamp>,
    /// New maximum number of uses; `Some(None)` is unlimited.
    pub max_uses: Option<Option<u32>>,
    /// New note; `Some(None)` removes it.
    pub note: Option<Option<String>>,
    /// New message to the invited person; `Some(None)` removes it.
    pub message: Option<Option<Message>>,
    /// New display name of the inviter; `Some(None)` removes it.
    pub inviter_name: Option<Option<InviterName>>,
    /// New language; `Some(None)` removes it.
    pub language: Option<Option<LanguageTag>>,
    /// `true` revokes the invite, `false` restores it.
    pub revoked: Option<bool>,
}

impl InviteChanges {
    /// A change that only revokes.
    pub fn revoke() -> Self {
        Self { revoked: Some(true), ..Self::default() }
    }

    /// Checks the rules that do not depend on stored data. Reports all invalid fields.
    pub fn validate(&self, now: Timestamp) -> Result<(), Refusal> {
        let mut errors = Vec::new();
        if let Some(Err(error)) = self.expires_at.map(|at| check_expiry("expires_at", at, now)) {
            errors.push(error);
        }
        if self.max_uses == Some(Some(0)) {
            errors.push(FieldError::new("max_uses", "an invite needs at least one use"));
        }
        errors.extend(self.note.iter().flatten().find_map(|note| note_error(note)));
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
    }
}
