//! Requests for the renewal of an invite.

use vestibule_core::{Action, Host, InviteId, Principal, Scope, Source};

use super::rows::{InviteRows, Subject};
use crate::caller::Caller;

/// The scope of this verb. The token, which the caller has checked, stands for it.
pub(crate) const SCOPE: Scope = Scope::InvitesManage;

/// The originator of a request, on the host of the invite.
pub(crate) fn originator(host: Host) -> Principal {
    Principal::Operator { host, source: Source::page() }
}

/// Records a request, if the rules allow it. Returns whether it was recorded.
pub(crate) async fn request<T: InviteRows>(tx: &T, caller: &Caller, id: InviteId) -> Result<bool, T::Error> {
    let is_recorded = tx.set_renewal_requested(id).await?;
    if is_recorded {
        tx.append_event(caller, Action::InviteRenewalRequested, Subject::Invite(id), None).await?;
    }
    Ok(is_recorded)
}
