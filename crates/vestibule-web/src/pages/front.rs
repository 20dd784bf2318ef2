//! `/`: the front door, for people who have no link, or have lost its page.
//!
//! `GET` says what this is and how one gets an invitation. `POST` takes a pasted link and redirects to its page, so that
//! the link is in no address of this page and in no log.

use axum::{
    body::{Body, to_bytes},
    extract::State,
    response::Response,
};
use http::{HeaderMap, StatusCode, header};
use minijinja::{Value, context};
use vestibule_core::Token;

use super::{
    page_cache::{PageRequest, Placeholder},
    state::PagesState,
};
use crate::{
    html::{Visitor, VisitorKey},
    http::{Negotiation, redirect},
    site::Site,
    state::FrontDoor,
};

/// Maximum size of a form in bytes: more than any link, and than the mail around it.
const MAX_BYTES: usize = 16 << 10;

/// Everything that the page depends on: its host, or the name of the address.
pub(super) type FrontKey = (Option<String>, String, VisitorKey);

/// Shows the page.
pub(super) async fn show(State(state): State<PagesState>, visitor: Visitor, headers: HeaderMap) -> Response {
    let door = front_door(&state, &headers);
    let visitor = at_home(&state, visitor, door.site);
    let negotiation = Negotiation::of(&headers);
    let request = PageRequest {
        renderer: &state.renderer,
        visitor: &visitor,
        site: door.site,
        negotiation: &negotiation,
    };
    let key = (door.host.map(str::to_owned), door.name.to_owned(), visitor.key());
    let no_value = |_: Placeholder| String::new();
    state.front_cache.render(&request, "front.html", key, || values(&door, None), no_value)
}

/// Opens the page of a pasted link.
pub(super) async fn open(
    State(state): State<PagesState>,
    visitor: Visitor,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let link = pasted_link(body).await;
    if let Some(token) = Token::find_in(&link) {
        let target = format!("{}/invite/{}{}", state.links.path(), token.expose(), visitor.keep());
        return redirect(StatusCode::SEE_OTHER, &target);
    }
    let door = front_door(&state, &headers);
    let visitor = at_home(&state, visitor, door.site);
    let values = values(&door, Some(&link));
    state.renderer.render(StatusCode::UNPROCESSABLE_ENTITY, "front.html", &visitor, door.site, values)
}

/// The field of the form; empty if it is missing or too long.
async fn pasted_link(body: Body) -> String {
    let bytes = to_bytes(body, MAX_BYTES).await.unwrap_or_default();
    let mut fields = form_urlencoded::parse(&bytes);
    fields.find_map(|(name, value)| (name == "link").then(|| value.into_owned())).unwrap_or_default()
}

fn front_door<'a>(state: &'a PagesState, headers: &HeaderMap) -> FrontDoor<'a> {
    state.front_door(headers.get(header::HOST).and_then(|value| value.to_str().ok()))
}

fn at_home(state: &PagesState, visitor: Visitor, site: &Site) -> Visitor {
    visitor.with_fallbacks(&state.renderer.languages, None, site.default_language)
}

/// `wrong` is pasted text without a link.
fn values(door: &FrontDoor<'_>, wrong: Option<&str>) -> Value {
    let site = door.site;
    context! {
        site => door.name,
        promises => site.promises.iter().map(|promise| promise.message()).collect::<Vec<_>>(),
        webchat_url => site.webchat_url.as_deref(),
        wrong => wrong.is_some(),
        typed => wrong.unwrap_or_default(),
    }
}
