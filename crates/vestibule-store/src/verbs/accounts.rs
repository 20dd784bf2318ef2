//! Rule 7: invites follow accounts.

use vestibule_core::{AccountChange, Scope, Username};

use super::rows::{AccountRows, Dependent};
use crate::caller::Caller;

/// The scope of [`changed`].
pub(crate) const SCOPE: Scope = Scope::Redeem;

/// Maximum number of invites that one transaction revokes, which keeps it short.
pub(crate) const STEP: u32 = 500;

/// Revokes at most [`STEP`] invites of each kind that depend on an account. Returns their number, and whether more may
/// remain.
pub(crate) async fn changed<T: AccountRows>(
    tx: &T,
    caller: &Caller,
    username: &Username,
    change: AccountChange,
) -> Result<(u64, bool), T::Error> {
    let was_deleted =
        change == AccountChange::Absent && tx.is_account_known(&caller.auth.host, username).await?;
    let change = if was_deleted { AccountChange::Deleted } else { change };
    let resets = Dependent::Resets { except: None };
    let mut revoked = tx.revoke_dependent(caller, resets, username, STEP).await?;
    let made = match change {
        AccountChange::PasswordChanged => None,
        AccountChange::Disabled | AccountChange::Deleted => Some(Dependent::InvitesMade),
        AccountChange::Absent => Some(Dependent::InvitesMadeByCaller),
    };
    if let Some(made) = made {
        revoked += tx.revoke_dependent(caller, made, username, STEP).await?;
    }
    let may_be_more = revoked >= u64::from(STEP);
    // Last, because it decides what an absent account leaves.
    if change == AccountChange::Deleted && !may_be_more {
        tx.mark_account_deleted(caller, username).await?;
    }
    Ok((revoked, may_be_more))
}
