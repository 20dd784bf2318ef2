//! `GET /admin/`

use std::time::Duration;

use axum::{extract::State, response::Response};
use minijinja::context;
use vestibule_core::{
    InviteFilter, InviteQuery, MemberQuery, Principal, State as InviteState, Store, StoreError, Username,
};

use super::{page, session::Operator};
use crate::{AppState, html::Visitor};

/// What is counted. More is shown as this number and a plus sign.
const COUNTED: u32 = 100;

/// Number of members that are shown.
const MEMBERS: usize = 5;

/// The time in which members have joined lately.
const LATELY: Duration = Duration::from_hours(7 * 24);

pub(super) async fn show(State(state): State<AppState>, operator: Operator, visitor: Visitor) -> Response {
    let store = state.invite_service.store();
    let by = operator.principal();
    let pending = InviteFilter { state: Some(InviteState::Pending), ..InviteFilter::default() };
    let asked = InviteFilter { renewal_requested: Some(true), ..InviteFilter::default() };
    let found = async {
        let pending = count(store, &by, pending).await?;
        let asked = count(store, &by, asked).await?;
        let members = store.members(&by, MemberQuery { before: None, limit: COUNTED }).await?;
        Ok::<_, StoreError>((pending, asked, members))
    };
    let (pending, asked, members) = match found.await {
        Ok(found) => found,
        Err(error) => return page::unavailable(&state, &visitor, &error),
    };
    let now = state.invite_service.now();
    let since = now.minus(LATELY);
    let joined = members.items.iter().filter(|member| member.joined_at > since).count();
    let newest: Vec<_> = members
        .items
        .iter()
        .take(MEMBERS)
        .map(|member| {
            context! {
                username => member.username.as_str(),
                on => visitor.language.date(member.joined_at, now),
                inviter => member.invited_by.as_ref().map(Username::as_str),
            }
        })
        .collect();
    let more = if members.next.is_some() && joined == members.items.len() { "+" } else { "" };
    let values = context! { pending, asked, joined => format!("{joined}{more}"), newest };
    page::render(&state, &operator, visitor, "console_overview.html", "overview", values)
}

async fn count(store: &dyn Store, by: &Principal, filter: InviteFilter) -> Result<String, StoreError> {
    let page = store.invites(by, InviteQuery { filter, before: None, limit: COUNTED }).await?;
    let more = if page.next.is_some() { "+" } else { "" };
    Ok(format!("{}{more}", page.items.len()))
}
