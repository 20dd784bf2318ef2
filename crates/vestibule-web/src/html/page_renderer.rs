//! Renders templates to responses.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use fluent_bundle::FluentArgs;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use minijinja::{Value, context};
use sha2::{Digest, Sha256};

use super::{error_page::ErrorPage, templates::Templates, visitor::Visitor};
use crate::{
    assets::{Asset, Assets},
    i18n::{Language, Languages, Translator},
    site::{Site, Sites},
};

/// Headers of every page. Its address contains the token, so a page loads nothing from other origins and sends no
/// referrer.
const SAFE: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
];

/// `Cache-Control` of pages that contain what was typed, an account, or the grant of a form; also of errors.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// `Cache-Control` of the other pages. Their browser asks each time whether a page has changed, and may keep it for its
/// back button.
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// What of a request changes the content or the coding of a page.
const VARY: HeaderValue =
    HeaderValue::from_static("accept-language, user-agent, sec-ch-ua-platform, accept-encoding");

/// The script of the first page, small and inline to save a request.
const SCRIPT: &str = include_str!("../../static/page.js");

/// Renders templates with the values that all of them need.
#[derive(Debug)]
pub(crate) struct PageRenderer {
    templates: Templates,
    base: String,
    pub(crate) languages: Languages,
    pub(crate) assets: Assets,
    docs_style: Asset,
    more_style: Asset,
    form_script: Asset,
    welcome_script: Asset,
    policy: HeaderValue,
}

impl PageRenderer {
    /// A renderer for these sites. `base` is the path that all links begin with.
    pub(crate) fn new(base: &str, templates: Templates, sites: &Sites, default_site: &Site) -> Self {
        let (docs_style, more_style) = (Asset::docs_style(), Asset::more_style());
        let form_script = Asset::form_script();
        let welcome_script = Asset::welcome_script();
        let mut assets = Assets::default();
        for site in sites.values().chain([default_site]) {
            assets.add(&site.style);
            site.logo.iter().for_each(|logo| assets.add(logo));
        }
        assets.add(&docs_style);
        assets.add(&more_style);
        assets.add(&form_script);
        assets.add(&welcome_script);
        Self {
            templates,
            base: base.to_owned(),
            languages: Languages::load(),
            assets,
            docs_style,
            more_style,
            form_script,
            welcome_script,
            policy: policy(),
        }
    }

    /// Renders a page, with the headers that every page needs.
    pub(crate) fn render(
        &self,
        status: StatusCode,
        name: &'static str,
        visitor: &Visitor,
        site: &Site,
        page: Value,
    ) -> Response {
        match self.text(name, visitor, site, page) {
            Ok(text) => self.respond(status, text),
            Err(error) => self.failed(name, visitor, site, &error),
        }
    }

    /// Renders the documentation of the API, which is in English. The error is a response.
    pub(crate) fn render_docs(&self, page: Value) -> Result<String, Box<Response>> {
        let frame = context! { base => self.base.as_str(), docs_style => self.docs_style.name.as_str() };
        let template = self.templates.0.get_template("docs.html");
        let text = template.and_then(|template| template.render(context! { ..page, ..frame }));
        text.map_err(|error| Box::new(failed_plainly("docs.html", self.languages.english(), &error)))
    }

    /// Renders a page to text.
    pub(crate) fn text(
        &self,
        name: &str,
        visitor: &Visitor,
        site: &Site,
        page: Value,
    ) -> Result<String, minijinja::Error> {
        let language = &visitor.language;
        let languages: Vec<Value> = self
            .languages
            .listed(language)
            .map(|other| {
                context! {
                    tag => other.tag,
                    name => other.name,
                    query => visitor.choose_language(other.tag),
                    chosen => other.tag == language.tag,
                }
            })
            .collect();
        let frame = context! {
            base => self.base.as_str(),
            style => site.style.name.as_str(),
            more_style => self.more_style.name.as_str(),
            form_script => self.form_script.name.as_str(),
            welcome_script => self.welcome_script.name.as_str(),
            logo => site.logo.as_ref().map(|logo| logo.name.as_str()),
            touch_icon => site.touch_icon(),
            theme_light => site.theme.light.to_string(),
            theme_dark => site.theme.dark.to_string(),
            ipad => visitor.choose_ipad(),
            operator => site.operator.as_deref(),
            imprint_url => site.imprint_url.as_deref(),
            privacy_url => site.privacy_url.as_deref(),
            lang => language.tag,
            dir => if language.right_to_left { "rtl" } else { "ltr" },
            languages,
            keep => visitor.keep(),
            script => Value::from_safe_string(SCRIPT.to_owned()),
            t => Translator::html(language),
            plain => Translator::plain(language),
        };
        self.templates.0.get_template(name)?.render(context! { ..page, ..frame })
    }

    /// A response that is not kept, with the headers that every page needs.
    pub(crate) fn respond(&self, status: StatusCode, text: String) -> Response {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = status;
        *response.headers_mut() = self.headers(NO_STORE);
        response
    }

    /// The headers of a page that a browser may keep, if it asks each time whether the page has changed.
    pub(crate) fn headers_to_revalidate(&self) -> HeaderMap {
        let mut headers = self.headers(REVALIDATE);
        headers.insert(header::VARY, VARY);
        headers
    }

    fn headers(&self, cache_control: HeaderValue) -> HeaderMap {
        // With room for the headers that pages add.
        let mut headers = HeaderMap::with_capacity(16);
        headers.extend(SAFE);
        headers.insert(header::CACHE_CONTROL, cache_control);
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        headers
    }

    /// The response if a template fails: an error page, or plain text if its template fails too.
    pub(crate) fn failed(
        &self,
        name: &str,
        visitor: &Visitor,
        site: &Site,
        error: &minijinja::Error,
    ) -> Response {
        let page = ErrorPage::FAILED.values(site);
        match self.text("missing.html", visitor, site, page) {
            Ok(text) => {
                tracing::error!(%error, name, "a page could not be rendered");
                self.respond(ErrorPage::FAILED.status, text)
            }
            Err(_) => failed_plainly(name, &visitor.language, error),
        }
    }
}

/// The response if not even an error page can be rendered.
fn failed_plainly(name: &str, language: &Language, error: &minijinja::Error) -> Response {
    tracing::error!(%error, name, "a page could not be rendered");
    let ErrorPage { status, heading, advice, .. } = ErrorPage::FAILED;
    let line = |key| language.format(key, &FluentArgs::new());
    let headers = [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, format!("{}\n{}\n", line(heading), line(advice))).into_response()
}

/// A Content-Security-Policy that allows only the files of this service, and the inline script by its hash.
fn policy() -> HeaderValue {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'sha256-{hash}'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}
