//! The page for somebody who has just got in.

use axum::response::Response;
use http::StatusCode;
use minijinja::context;
use vestibule_core::Username;

use crate::pages::{invited::Invited, programs};

/// Shows the address and what comes next. The password is not on the page: whoever chose it knows it.
pub(super) fn show(invited: &Invited<'_>, username: &Username, program: Option<&str>) -> Response {
    let site = invited.site;
    let device = invited.reader.device;
    let program = program.and_then(|id| site.program(id));
    let page = context! {
        site => invited.site_name(),
        username => username.as_str(),
        address => username.at(&invited.invite.host).to_string(),
        reset => invited.is_reset(),
        webchat_url => site.webchat_url.as_deref(),
        program => program.map(programs::card),
        sources => program.map(|program| programs::sources(program, device, "")),
        programs => programs::with_sources(site, device),
    };
    invited.app.pages.render(StatusCode::OK, "welcome.html", &invited.reader, site, page)
}
