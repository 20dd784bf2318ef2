//! `GET /invite/{token}`: who invites, to what, and what to do now.

use axum::{extract::State, response::Response};
use http::{HeaderValue, header};
use minijinja::{Value, context};
use vestibule_core::Kind;

use super::{
    invited::{Invited, TokenInPath},
    missing::share_with_web_clients,
    programs,
    reader::Reader,
    skeleton::{Shape, Slot},
};
use crate::{App, apps::Device};

/// Shows what the invite offers. Looking never uses it up.
pub(super) async fn handle(
    State(app): State<App>,
    TokenInPath(token): TokenInPath,
    reader: Reader,
) -> Response {
    let invited = match Invited::find(&app, token, reader).await {
        Ok(invited) => invited,
        Err(answer) => return answer,
    };
    let shape = Shape { program: None, ..invited.shape("landing.html", None) };
    let page = || page(&invited);
    let mut response = app.pages.fill(shape, &invited.reader, invited.site, page, |slot| invited.value(slot));
    let headers = response.headers_mut();
    // Apps read the URI from here, with exactly this spacing, also across origins.
    if let Ok(link) = HeaderValue::try_from(format!("<{}>; rel=\"alternate\"", invited.uri)) {
        headers.insert(header::LINK, link);
    }
    share_with_web_clients(headers);
    response
}

fn page(invited: &Invited<'_>) -> Value {
    let (invite, site) = (&invited.invite, invited.site);
    let device = invited.reader.device;
    let list = programs::list(site, device);
    // Where no app of this device can do anything with the invite, the account comes first.
    let app_first = !invited.may_register()
        || site.programs.iter().any(|program| program.runs_on(device) && program.takes_invites);
    context! {
        kind => invite.kind.as_str(),
        joins => invite.kind.makes_account(),
        contact => invite.kind == Kind::AccountAndContact,
        site => invited.site_name(),
        host => invite.host.as_str(),
        inviter => invite.inviter.as_ref().map(|_| Slot::Inviter.mark()),
        initial => Slot::Initial.mark(),
        inviter_address => format!("{}@{}", Slot::Inviter.mark(), invite.host),
        username => invite.username.as_ref().map(|_| Slot::Username.mark()),
        address => format!("{}@{}", Slot::Username.mark(), invite.host),
        places => invited.places(),
        uri => Slot::Uri.mark(),
        token => Slot::Token.mark(),
        link => Slot::Link.mark(),
        expires_at => Slot::ExpiresAt.mark(),
        expires_on => Slot::ExpiresOn.mark(),
        registers => invited.may_register(),
        resets => invited.is_reset() && invited.app.registrar.is_some(),
        app_first,
        device => device.map(Device::name),
        devices => programs::devices(&invited.reader),
        programs => list,
    }
}
