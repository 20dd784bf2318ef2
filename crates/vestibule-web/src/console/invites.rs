//! `GET /admin/invites`

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use minijinja::{Value, context};
use vestibule_core::{Cursor, Invite, InviteFilter, InviteQuery, State as InviteState, Username, rules};

use super::{page, session::Operator};
use crate::{AppState, html::Visitor};

/// Number of invites on a page.
const LIMIT: u32 = 50;

/// The choices of the filter: their value in the address, and their message.
const CHOICES: [(&str, &str); 6] = [
    ("", "console-all"),
    ("pending", "console-pending"),
    ("used", "console-used"),
    ("expired", "console-expired"),
    ("revoked", "console-revoked"),
    ("asked", "console-asked"),
];

/// What the address asks for. Unknown values are ignored.
#[derive(Default)]
struct Selection {
    show: String,
    note: String,
    before: Option<Cursor>,
}

impl Selection {
    fn of(query: &str) -> Self {
        let mut selection = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "show" => selection.show = value.into_owned(),
                "q" => value.trim().clone_into(&mut selection.note),
                "before" => selection.before = value.parse().ok().map(Cursor),
                _ => {}
            }
        }
        selection
    }

    fn filter(&self) -> InviteFilter {
        InviteFilter {
            state: self.show.parse::<InviteState>().ok(),
            renewal_requested: (self.show == "asked").then_some(true),
            note: Some(self.note.clone()).filter(|note| !note.is_empty()),
            ..InviteFilter::default()
        }
    }

    /// The query of the address of another page of this selection.
    fn query(&self, show: &str, before: Option<Cursor>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("show", show).append_pair("q", &self.note);
        if let Some(Cursor(before)) = before {
            query.append_pair("before", &before.to_string());
        }
        query.finish()
    }
}

pub(super) async fn show(
    State(state): State<AppState>,
    operator: Operator,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let selection = Selection::of(query.as_deref().unwrap_or_default());
    let query = InviteQuery { filter: selection.filter(), before: selection.before, limit: LIMIT };
    let page = match state.invite_service.store().invites(&operator.principal(), query).await {
        Ok(page) => page,
        Err(error) => return page::unavailable(&state, &visitor, &error),
    };
    let rows: Vec<_> = page.items.iter().map(|invite| row(&state, &visitor, invite)).collect();
    let choices = CHOICES.map(|(value, message)| {
        context! { query => selection.query(value, None), message, chosen => value == selection.show }
    });
    let values = context! {
        rows,
        choices => choices.to_vec(),
        show => selection.show.as_str(),
        note => selection.note.as_str(),
        older => page.next.map(|next| selection.query(&selection.show, Some(next))),
    };
    page::render(&state, &operator, visitor, "console_invites.html", "invites", values)
}

/// An invite in a list.
fn row(state: &AppState, visitor: &Visitor, invite: &Invite) -> Value {
    let now = state.invite_service.now();
    let is_pending = rules::state(invite, now) == InviteState::Pending;
    context! {
        id => invite.id.to_string(),
        note => invite.note.as_deref(),
        username => invite.username.as_ref().map(Username::as_str),
        inviter => invite.inviter.as_ref().map(Username::as_str),
        kind => page::kind_message(invite.kind),
        state => page::state_message(rules::state(invite, now)),
        asked => invite.renewal_requested_at.is_some(),
        until => is_pending.then(|| visitor.language.date(invite.expires_at, now)),
        uses => (invite.max_uses != Some(1)).then_some(invite.uses),
        max_uses => invite.max_uses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_round_trips_and_ignores_nonsense() {
        let selection = Selection::of("show=pending&q=+for+Ann+%26+Bob&before=7&x=y");
        assert_eq!(selection.filter().state, Some(InviteState::Pending));
        assert_eq!(selection.filter().note.as_deref(), Some("for Ann & Bob"));
        assert_eq!(selection.query("used", Some(Cursor(3))), "show=used&q=for+Ann+%26+Bob&before=3");
        let selection = Selection::of("show=nonsense&before=x");
        assert_eq!((selection.filter(), selection.before), (InviteFilter::default(), None));
    }
}
