//! From a template to an answer.

use std::sync::Arc;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use minijinja::{Value, context};
use sha2::{Digest, Sha256};

use super::{
    page_cache::{CacheKey, CachedPage, PageCache, Placeholder},
    templates::Templates,
    visitor::Visitor,
};
use crate::{
    Site, Sites,
    assets::{Asset, Assets},
    i18n::{Languages, Translator},
};

/// The address of a page holds the token, so nothing may be fetched from anywhere else, nobody may be told
/// where the reader came from, and nothing may be kept.
const SAFE: [(HeaderName, HeaderValue); 6] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
];

/// The script of the first page. It is small, and stands in the page, so that the first page needs fewer requests.
const SCRIPT: &str = include_str!("../../static/page.js");

/// The templates and what they all need.
#[derive(Debug)]
pub struct Pages {
    templates: Templates,
    base: String,
    pub(crate) languages: Languages,
    pub(crate) assets: Assets,
    docs_style: Asset,
    form_script: Asset,
    policy: HeaderValue,
    page_cache: PageCache,
}

impl Pages {
    /// Puts the pages together. `base` is the path that our own links begin with.
    pub(crate) fn new(base: &str, templates: Templates, sites: &Sites, default_site: &Site) -> Self {
        let (docs_style, form_script) = (Asset::docs_style(), Asset::form_script());
        let mut assets = Assets::default();
        for site in sites.values().chain([default_site]) {
            assets.add(&site.style);
            site.logo.iter().for_each(|logo| assets.add(logo));
        }
        assets.add(&docs_style);
        assets.add(&form_script);
        Self {
            templates,
            base: base.to_owned(),
            languages: Languages::load(),
            assets,
            docs_style,
            form_script,
            policy: policy(),
            page_cache: PageCache::default(),
        }
    }

    /// A page that is the same for all invites of a shape, but for what `value` fills in. `page` is asked for
    /// what its template needs, where that shape has not been made before.
    pub(super) fn fill(
        &self,
        shape: CacheKey,
        visitor: &Visitor,
        site: &Site,
        page: impl FnOnce() -> Value,
        value: impl Fn(Placeholder) -> String,
    ) -> Response {
        if let Some(cached_page) = self.page_cache.get(&shape) {
            return self.answer(StatusCode::OK, cached_page.fill(value));
        }
        match self.text(shape.template, visitor, site, page()) {
            Ok(text) => {
                let cached_page = Arc::new(CachedPage::of(&text));
                self.page_cache.keep(shape, &cached_page);
                self.answer(StatusCode::OK, cached_page.fill(value))
            }
            Err(error) => trouble(shape.template, &error),
        }
    }

    /// Renders a page for its reader, with the headers that every page needs.
    pub(super) fn render(
        &self,
        status: StatusCode,
        name: &'static str,
        visitor: &Visitor,
        site: &Site,
        page: Value,
    ) -> Response {
        match self.text(name, visitor, site, page) {
            Ok(text) => self.answer(status, text),
            Err(error) => trouble(name, &error),
        }
    }

    /// Renders the documentation of the API, which speaks English.
    pub(crate) fn render_docs(&self, page: Value) -> Response {
        let frame = context! { base => self.base.as_str(), docs_style => self.docs_style.name.as_str() };
        let template = self.templates.0.get_template("docs.html");
        match template.and_then(|template| template.render(context! { ..page, ..frame })) {
            Ok(text) => self.answer(StatusCode::OK, text),
            Err(error) => trouble("docs.html", &error),
        }
    }

    pub(super) fn text(
        &self,
        name: &str,
        visitor: &Visitor,
        site: &Site,
        page: Value,
    ) -> Result<String, minijinja::Error> {
        let language = &visitor.language;
        let languages: Vec<Value> = self
            .languages
            .all()
            .iter()
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
            form_script => self.form_script.name.as_str(),
            logo => site.logo.as_ref().map(|logo| logo.name.as_str()),
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

    fn answer(&self, status: StatusCode, text: String) -> Response {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = status;
        // With room for what a page adds.
        *response.headers_mut() = HeaderMap::with_capacity(12);
        response.headers_mut().extend(SAFE);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        response
    }
}

/// Nothing but what is ours: files of this service, and the one script that stands in pages, named by its hash.
fn policy() -> HeaderValue {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'sha256-{hash}'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

fn trouble(name: &str, error: &minijinja::Error) -> Response {
    tracing::error!(%error, name, "a page could not be made");
    let text = "Something is wrong here, not with you. Please try again later.\n";
    let headers = [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::INTERNAL_SERVER_ERROR, headers, text).into_response()
}
