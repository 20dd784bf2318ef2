//! The two forms: `/invite/{token}/register` creates an account, `/invite/{token}/reset` sets a password.

use axum::response::Response;
use http::{HeaderValue, StatusCode, Uri, header};
use minijinja::context;
use vestibule_core::{TokenRefusal, Username};

use super::{
    form_data::FormData,
    form_error::{FormError, FormErrors},
    form_grant::{self, FormGrant},
    outcome::FormRefusal,
    password, proposals,
    submission::FormSubmission,
    submit::{CheckedForm, Submitted, submit},
    username,
};
use crate::{client_apps::ClientApp, pages::invite_context::InviteContext};

/// `/invite/{token}/register`.
pub(in crate::pages) mod register {
    use super::{FormKind, FormSubmission, InviteContext, Response, Uri, answer, open};

    /// `GET`: the form.
    pub(in crate::pages) async fn show(ctx: InviteContext, uri: Uri) -> Response {
        open(FormKind::Registration, &ctx, &uri)
    }

    /// `POST`: creates the account.
    pub(in crate::pages) async fn submit(uri: Uri, submission: FormSubmission) -> Response {
        answer(FormKind::Registration, submission, &uri).await
    }
}

/// `/invite/{token}/reset`.
pub(in crate::pages) mod reset {
    use super::{FormKind, FormSubmission, InviteContext, Response, Uri, answer, open};

    /// `GET`: the form.
    pub(in crate::pages) async fn show(ctx: InviteContext, uri: Uri) -> Response {
        open(FormKind::Reset, &ctx, &uri)
    }

    /// `POST`: sets the password.
    pub(in crate::pages) async fn submit(uri: Uri, submission: FormSubmission) -> Response {
        answer(FormKind::Reset, submission, &uri).await
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FormKind {
    Registration,
    Reset,
}

impl FormKind {
    fn template(self) -> &'static str {
        match self {
            Self::Registration => "register.html",
            Self::Reset => "reset.html",
        }
    }

    /// Whether the invite can be redeemed with this form.
    fn is_available(self, ctx: &InviteContext) -> bool {
        match self {
            Self::Registration => ctx.can_register(),
            Self::Reset => ctx.can_reset() && ctx.invite.username.is_some(),
        }
    }

    /// The username of the account. The one sent with a reset is ignored: with its token, an XMPP server may create an
    /// account of any name.
    fn username(self, ctx: &InviteContext, typed: &str) -> Result<Username, FormError> {
        match (self, &ctx.invite.username) {
            (Self::Reset, Some(owner)) => Ok(owner.clone()),
            _ => username::check(&ctx.invite, typed),
        }
    }
}

/// A form of an invite.
struct Form<'a> {
    kind: FormKind,
    ctx: &'a InviteContext,
    /// The app that the visitor chose.
    client_app: Option<&'a ClientApp>,
    grant: FormGrant,
}

impl<'a> Form<'a> {
    fn new(kind: FormKind, ctx: &'a InviteContext, uri: &Uri, grant: FormGrant) -> Self {
        let id = in_query(uri, "app").filter(|_| kind == FormKind::Registration);
        Self { kind, ctx, client_app: id.and_then(|id| ctx.site().client_app(&id)), grant }
    }

    fn render(&self, status: StatusCode, typed: &str, errors: &FormErrors) -> Response {
        let InviteContext { state, invite, token, visitor, .. } = self.ctx;
        let bound = invite.username.as_ref();
        let preview = || Username::parse_at(typed.trim(), &invite.host).ok();
        let username = bound.cloned().or_else(preview);
        let values = context! {
            site => self.ctx.site_name(),
            host => invite.host.as_str(),
            token => token.expose(),
            grant => self.grant.as_str(),
            typed,
            bound => bound.is_some(),
            address => username.map(|username| username.at(&invite.host).to_string()),
            program => self.client_app.map(|client_app| client_app.id.as_str()),
            shortest => password::MIN_CHARACTERS,
            faults => errors.to_value(&visitor.language),
        };
        state.renderer.render(status, self.kind.template(), visitor, self.ctx.site(), values)
    }
}

/// Shows an empty form.
fn open(kind: FormKind, ctx: &InviteContext, uri: &Uri) -> Response {
    if !kind.is_available(ctx) {
        return ctx.not_found();
    }
    let form = Form::new(kind, ctx, uri, FormGrant::new(ctx));
    // A proposed name is a link to the form.
    let name = in_query(uri, "name").unwrap_or_default();
    form.render(StatusCode::OK, &name, &FormErrors::default())
}

/// Checks a submitted form, and submits it to the registrar.
async fn answer(kind: FormKind, submission: FormSubmission, uri: &Uri) -> Response {
    let FormSubmission { ctx, refusal, data, client, is_same_site } = submission;
    if !kind.is_available(&ctx) {
        return ctx.not_found();
    }
    let grant = data.as_ref().and_then(|data| FormGrant::read(&ctx, &data.grant));
    if let Some(reason) = form_grant::refusal(refusal, grant.as_ref()) {
        return ctx.gone(reason);
    }
    let form = Form::new(kind, &ctx, uri, grant.unwrap_or_else(|| FormGrant::new(&ctx)));
    let Some(data) = data.filter(|_| is_same_site) else {
        let errors = FormErrors::alert("form-foreign-heading", FormError::new("form-foreign"));
        return form.render(StatusCode::FORBIDDEN, "", &errors);
    };
    let checked = match check(&form, &data) {
        Ok(checked) => checked,
        Err(errors) => {
            let errors = with_username_error(kind, &ctx, &data, *errors).await;
            return show_again(&form, &data, (StatusCode::UNPROCESSABLE_ENTITY, errors).into()).await;
        }
    };
    if kind == FormKind::Registration {
        match username::refusal(&ctx, &checked.username).await {
            Ok(None) => {}
            Ok(Some(error)) => {
                let refusal = (StatusCode::CONFLICT, FormErrors::username(error));
                return show_again(&form, &data, refusal.into()).await;
            }
            Err(error) => return show_again(&form, &data, FormRefusal::store_unavailable(&error)).await,
        }
    }
    let (submitted, auth_failed) = submit(&ctx, client, refusal == Some(TokenRefusal::Used), checked).await;
    let mut response = match submitted {
        Submitted::Answered(response) => response,
        Submitted::Refused(refusal) => show_again(&form, &data, *refusal).await,
    };
    if let Some(auth_failed) = auth_failed {
        response.extensions_mut().insert(auth_failed);
    }
    response
}

/// Adds what is wrong with the username to an error beside the password, so that both can be corrected at once.
async fn with_username_error(
    kind: FormKind,
    ctx: &InviteContext,
    data: &FormData,
    errors: FormErrors,
) -> FormErrors {
    match kind.username(ctx, &data.username) {
        Ok(username) if kind == FormKind::Registration => match username::refusal(ctx, &username).await {
            Ok(Some(error)) => errors.with_username_error(error),
            // Without the store, the next attempt tells.
            Ok(None) | Err(_) => errors,
        },
        _ => errors,
    }
}

/// Shows a form with what was typed, its errors, and other usernames where they help.
async fn show_again(form: &Form<'_>, data: &FormData, refusal: FormRefusal) -> Response {
    let FormRefusal { status, errors, reason } = refusal;
    let errors = proposals::add(form.ctx, &data.username, errors).await;
    let mut response = form.render(status, &data.username, &errors);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    if let Some(reason) = reason {
        response.extensions_mut().insert(reason);
    }
    response
}

/// A parameter of the address.
fn in_query(uri: &Uri, name: &str) -> Option<String> {
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// Checks the fields of a form.
fn check<'a>(form: &Form<'a>, data: &'a FormData) -> Result<CheckedForm<'a>, Box<FormErrors>> {
    let ctx = form.ctx;
    let username = form.kind.username(ctx, &data.username);
    let typed = match (form.kind, &username) {
        (FormKind::Reset, Ok(owner)) => owner.as_str(),
        _ => data.username.as_str(),
    };
    let password = password::check(&data.password, &[typed, ctx.invite.host.as_str(), ctx.site_name()]);
    match (username, password) {
        (Ok(username), Ok(password)) => {
            let preauth = form.grant.preauth(ctx);
            let name = form_grant::name_of(&data.grant);
            Ok(CheckedForm { username, password, preauth, client_app: form.client_app, name })
        }
        (username, password) => Err(Box::new(FormErrors::fields(username.err(), password.err()))),
    }
}
