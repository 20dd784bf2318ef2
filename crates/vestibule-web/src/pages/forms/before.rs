//! The same form, sent twice.
//!
//! People tap twice, reload, and go back. Who sends a form again for an account that this very invite has made gets to
//! the same page again, not to an error.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as PlainMutex},
};

use tokio::sync::Mutex;
use vestibule_core::{Desk, Invite, InviteId, StoreError, Username};

type Turn = Arc<Mutex<bool>>;

/// Forms that are being worked on: for each invite and username one at a time, so that the second of two waits for
/// the first, and then knows what came of it.
#[derive(Debug, Default)]
pub(crate) struct Underway(PlainMutex<HashMap<(InviteId, Username), Turn>>);

impl Underway {
    /// The turn of this form. Whoever holds it notes there whether the account is made.
    pub(super) fn turn(&self, invite: InviteId, username: &Username) -> Turn {
        let Ok(mut turns) = self.0.lock() else { return Turn::default() };
        // What nobody waits for any more.
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry((invite, username.clone())).or_default())
    }
}

/// Whether the invite has been redeemed with this username.
pub(super) async fn was_redeemed(
    desk: &Desk,
    invite: &Invite,
    username: &Username,
) -> Result<bool, StoreError> {
    desk.store().redeemed_by(invite.id, username).await
}
