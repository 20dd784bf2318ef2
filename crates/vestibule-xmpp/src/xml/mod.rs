//! XML of streams.

mod element;
mod escape;
mod reader;

pub(crate) use element::Element;
pub(crate) use escape::escape;
pub(crate) use reader::{Reader, StreamEvent, XmlError};
