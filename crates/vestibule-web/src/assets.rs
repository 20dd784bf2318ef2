//! Static files. Their names contain a hash of the content, so that they can be cached forever.

use std::{collections::HashMap, fmt};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::fixed_content::FixedContent;

/// Maximum size of a logo in bytes: phones load it with the first page.
const MAX_PICTURE: usize = 256 << 10;

/// Maximum size of the icon of an app in bytes: it is part of each page that shows the app.
const MAX_INLINE_PICTURE: usize = 8 << 10;

/// A static file and its name.
#[derive(Clone)]
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(crate) content_type: &'static str,
    pub(crate) content: FixedContent,
}

/// The file is not a supported picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// Unsupported type.
    #[error("expected a picture: a file whose name ends with .svg, .png, .jpg or .webp")]
    Type,
    /// Too large for phones.
    #[error("expected a picture of at most 256 KiB: it is loaded by phones")]
    Size,
    /// Too large for a page.
    #[error(
        "expected a picture of at most 8 KiB: it is part of each page that shows the app; 80 by 80 pixels are enough"
    )]
    InlineSize,
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, content: FixedContent) -> Self {
        Self { name: format!("{stem}-{}.{extension}", content.hash), content_type, content }
    }

    fn css(stem: &str, text: String) -> Self {
        Self::new(stem, "css", "text/css; charset=utf-8", FixedContent::text(text))
    }

    fn script(stem: &str, parts: &[&str]) -> Self {
        let text: String = parts.iter().copied().flat_map(code_lines).collect();
        Self::new(stem, "js", "text/javascript; charset=utf-8", FixedContent::text(text))
    }

    /// The style sheet of the pages, with the accent colour and the custom CSS of a host.
    pub(crate) fn pages_style(accent: Option<&str>, custom: Option<&str>) -> Self {
        let style = short_css(include_str!("../static/style.css"));
        let parts = [Some(style.as_str()), accent, custom];
        Self::css("style", parts.into_iter().flatten().collect())
    }

    /// The further style sheet of most pages.
    pub(crate) fn more_style() -> Self {
        Self::css("more", short_css(include_str!("../static/more.css")))
    }

    /// The style sheet of the API documentation.
    pub(crate) fn docs_style() -> Self {
        Self::css("docs", short_css(include_str!("../static/docs.css")))
    }

    /// The script of the page after a form.
    pub(crate) fn welcome_script() -> Self {
        Self::script("welcome", &[include_str!("../static/qr.js"), include_str!("../static/welcome.js")])
    }

    /// The script of the forms.
    pub(crate) fn form_script() -> Self {
        Self::script("form", &[include_str!("../static/form.js")])
    }

    /// The logo of a host.
    pub(crate) fn logo(file: &str, bytes: Vec<u8>) -> Result<Self, AssetError> {
        let (extension, content_type) = picture_type(file)?;
        if bytes.len() > MAX_PICTURE {
            return Err(AssetError::Size);
        }
        let content =
            if extension == "svg" { FixedContent::text(bytes) } else { FixedContent::binary(bytes) };
        Ok(Self::new("logo", &extension, content_type, content))
    }
}

/// A picture as a `data:` URL, so that a page with several of them needs no further requests.
pub(crate) fn inline_picture(file: &str, bytes: &[u8]) -> Result<String, AssetError> {
    let (_, content_type) = picture_type(file)?;
    if bytes.len() > MAX_INLINE_PICTURE {
        return Err(AssetError::InlineSize);
    }
    Ok(format!("data:{content_type};base64,{}", STANDARD.encode(bytes)))
}

/// The extension of a picture's file name in small letters, and its content type.
fn picture_type(file: &str) -> Result<(String, &'static str), AssetError> {
    let extension = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let content_type = match extension.as_str() {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        _ => return Err(AssetError::Type),
    };
    Ok((extension, content_type))
}

/// The lines of a script, without indentation and without lines of comments.
fn code_lines(script: &str) -> impl Iterator<Item = String> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.map(|line| format!("{line}\n"))
}

/// A style sheet without comments, indentation, and spaces around punctuation. The built-in ones have no text in which
/// these matter.
fn short_css(css: &str) -> String {
    let lines = css.lines().map(str::trim).filter(|line| !line.starts_with("/*"));
    let mut short: String =
        lines.flat_map(|line| [line, if line.ends_with(',') { " " } else { "" }]).collect();
    for (long, brief) in
        [(" {", "{"), ("{ ", "{"), ("; ", ";"), (";}", "}"), (" }", "}"), (": ", ":"), (", ", ",")]
    {
        short = short.replace(long, brief);
    }
    short.replace(";}", "}")
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asset({})", self.name)
    }
}

/// All files, by name.
#[derive(Debug, Default)]
pub(crate) struct Assets(HashMap<String, Asset>);

impl Assets {
    /// Adds a file.
    pub(crate) fn add(&mut self, asset: &Asset) {
        self.0.insert(asset.name.clone(), asset.clone());
    }

    /// The file with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Asset> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_style_sheet_has_the_same_rules() {
        let css = "/* Links. */\n:root { --a: 1px; }\n@media (min-width: 40rem) {\n  a:is(b, c) > d { margin: 0 1px; }\n}\n";
        assert_eq!(short_css(css), ":root{--a:1px}@media (min-width:40rem){a:is(b,c) > d{margin:0 1px}}");
        let style = short_css(include_str!("../static/style.css"));
        assert_eq!(style.matches('{').count(), style.matches('}').count());
        assert!(!style.contains("/*") && !style.contains('\n'));
    }
}
