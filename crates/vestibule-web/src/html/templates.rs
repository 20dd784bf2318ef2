//! Templates of the pages: built-in ones and those of the operator.

use std::fmt::Write;

use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig};

use crate::escape::{Escaped, formatter};

/// The built-in templates, by name. The operator can replace each of them.
const BUILTIN: &[(&str, &str)] = &[
    ("page.html", include_str!("../../templates/page.html")),
    ("apps.html", include_str!("../../templates/apps.html")),
    ("front.html", include_str!("../../templates/front.html")),
    ("landing.html", include_str!("../../templates/landing.html")),
    ("setup.html", include_str!("../../templates/setup.html")),
    ("sheet.html", include_str!("../../templates/sheet.html")),
    ("errors.html", include_str!("../../templates/errors.html")),
    ("password.html", include_str!("../../templates/password.html")),
    ("register.html", include_str!("../../templates/register.html")),
    ("reset.html", include_str!("../../templates/reset.html")),
    ("welcome.html", include_str!("../../templates/welcome.html")),
    ("joined.html", include_str!("../../templates/joined.html")),
    ("gone.html", include_str!("../../templates/gone.html")),
    ("renewal.html", include_str!("../../templates/renewal.html")),
    ("missing.html", include_str!("../../templates/missing.html")),
    ("docs.html", include_str!("../../templates/docs.html")),
];

/// The templates of the console, which the operator cannot replace: they contain what protects a session.
const CONSOLE: &[(&str, &str)] = &[
    ("console.html", include_str!("../../templates/console.html")),
    ("console_invite.html", include_str!("../../templates/console_invite.html")),
    ("console_invites.html", include_str!("../../templates/console_invites.html")),
    ("console_login.html", include_str!("../../templates/console_login.html")),
    ("console_new.html", include_str!("../../templates/console_new.html")),
    ("console_out.html", include_str!("../../templates/console_out.html")),
    ("console_overview.html", include_str!("../../templates/console_overview.html")),
    ("console_sessions.html", include_str!("../../templates/console_sessions.html")),
];

/// The templates of the pages.
#[derive(Clone, Debug)]
pub struct Templates(pub(super) Environment<'static>);

/// A custom template is invalid. The message names its file and line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No page uses a template with this name.
    #[error("{name}: there is no such template; the known templates are {known}")]
    Unknown {
        /// Name of the file.
        name: String,
        /// Names of all templates.
        known: String,
    },
    /// The template cannot be parsed or rendered.
    #[error("{name}, line {line}: {reason}")]
    Broken {
        /// Name of the file.
        name: String,
        /// Line number, starting at 1.
        line: usize,
        /// Description of the error.
        reason: String,
    },
    /// It computes with a value that is not known when it is rendered.
    #[error(
        "{name}: {value} can be printed, but not cut, changed or compared, because the page is rendered once for many \
         invites"
    )]
    Computes {
        /// Its name.
        name: String,
        /// The value, as a template calls it.
        value: &'static str,
    },
}

impl Templates {
    /// The built-in templates.
    pub fn builtin() -> Self {
        let mut templates = Environment::new();
        templates.add_filter("code", code);
        templates.set_formatter(formatter);
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            templates.set_syntax(syntax);
        }
        for &(name, source) in BUILTIN.iter().chain(CONSOLE) {
            // Tests render the built-in templates, so this does not happen.
            if let Err(error) = templates.add_template(name, source) {
                tracing::error!(%error, name, "a template is broken");
            }
        }
        Self(templates)
    }

    /// The names of all templates.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Replaces the built-in template with this name.
    pub fn replace(&mut self, name: &str, source: String) -> Result<(), TemplateError> {
        if !Self::names().any(|known| known == name) {
            let known = Self::names().collect::<Vec<_>>().join(", ");
            return Err(TemplateError::Unknown { name: name.to_owned(), known });
        }
        self.0.add_template_owned(name.to_owned(), source).map_err(|error| template_error(name, &error))
    }
}

/// Converts an error of the template engine.
pub(crate) fn template_error(name: &str, error: &minijinja::Error) -> TemplateError {
    TemplateError::Broken {
        name: error.name().unwrap_or(name).to_owned(),
        line: error.line().unwrap_or(1),
        reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    }
}

/// The template filter `code`: escapes the text, and formats parts in backquotes as code.
#[expect(clippy::needless_pass_by_value, reason = "filters are called so")]
fn code(text: String) -> minijinja::Value {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let escaped = Escaped(part);
        // Writing to a String cannot fail.
        let _ =
            if index % 2 == 1 { write!(html, "<code>{escaped}</code>") } else { write!(html, "{escaped}") };
    }
    minijinja::Value::from_safe_string(html)
}
