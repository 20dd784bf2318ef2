//! `GET /invite/{token}/apps/{app}`: from an invite to an account, with one app.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use http::{Method, Uri};
use minijinja::context;

use super::{
    canonical,
    invited::{Invited, TokenInPath},
    missing::nothing_here,
    programs,
    reader::Reader,
    skeleton::Slot,
};
use crate::App;

pub(super) async fn handle(
    State(app): State<App>,
    TokenInPath(token): TokenInPath,
    path: Result<Path<(String, String)>, PathRejection>,
    reader: Reader,
    method: Method,
    uri: Uri,
) -> Response {
    let Ok(Path((_, id))) = path else {
        return nothing_here(&app, &reader);
    };
    let invited = match Invited::find(&app, token, reader).await {
        Ok(invited) => invited,
        Err(answer) => return answer,
    };
    let Some(program) = invited.site.program(&id) else {
        // Something may cling to the id, as to a token.
        let redirect = canonical::redirect(&app, &method, &uri);
        return redirect.unwrap_or_else(|| nothing_here(&app, &invited.reader));
    };
    let page = || {
        context! {
            program => programs::card(program),
            sources => programs::sources(program, invited.reader.device, &Slot::UriEncoded.mark()),
            kind => invited.invite.kind.as_str(),
            site => invited.site_name(),
            inviter => Slot::Inviter.mark(),
            uri => Slot::Uri.mark(),
            token => Slot::Token.mark(),
            registers => invited.may_register(),
        }
    };
    let shape = invited.shape("setup.html", Some(&program.id));
    app.pages.fill(shape, &invited.reader, invited.site, page, |slot| invited.value(slot))
}
