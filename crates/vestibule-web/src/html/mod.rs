//! HTML pages, below the surfaces that show them: templates, the renderer, the visitor, and error pages.

mod error_page;
mod page_renderer;
mod templates;
mod visitor;

pub(crate) use error_page::ErrorPage;
pub(crate) use page_renderer::PageRenderer;
pub(crate) use templates::template_error;
pub use templates::{TemplateError, Templates};
pub(crate) use visitor::{Visitor, VisitorKey};
