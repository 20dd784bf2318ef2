//! Static files. Their names contain a hash of the content, so that they can be cached forever.

use std::{collections::HashMap, fmt};

use axum::body::Bytes;
use sha2::{Digest, Sha256};
use vestibule_core::hex;

/// Maximum size of a logo in bytes: phones load it with the first page.
const MAX_PICTURE: usize = 256 << 10;

/// A static file and its name.
#[derive(Clone)]
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Bytes,
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
}

impl Asset {
    fn new(stem: &str, ending: &str, content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let name = format!("{stem}-{}.{ending}", hex::encode(&Sha256::digest(&bytes)[..8]));
        Self { name, content_type, bytes }
    }

    /// The style sheet of the pages, with the accent colour and the custom CSS of a host.
    pub(crate) fn pages_style(accent: Option<&str>, custom: Option<&str>) -> Self {
        let parts = [Some(include_str!("../static/style.css")), accent, custom];
        let text: String = parts.into_iter().flatten().collect();
        Self::new("style", "css", "text/css; charset=utf-8", text)
    }

    /// The style sheet of the API documentation.
    pub(crate) fn docs_style() -> Self {
        Self::new("docs", "css", "text/css; charset=utf-8", include_str!("../static/docs.css"))
    }

    /// The script of the page after a form.
    pub(crate) fn welcome_script() -> Self {
        let parts = [include_str!("../static/qr.js"), include_str!("../static/welcome.js")];
        let text: String = parts.into_iter().flat_map(code_lines).collect();
        Self::new("welcome", "js", "text/javascript; charset=utf-8", text)
    }

    /// The script of the forms.
    pub(crate) fn form_script() -> Self {
        Self::new(
            "form",
            "js",
            "text/javascript; charset=utf-8",
            code_lines(include_str!("../static/form.js")).collect::<String>(),
        )
    }

    /// The logo of a host.
    pub(crate) fn logo(file: &str, bytes: Vec<u8>) -> Result<Self, AssetError> {
        let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let content_type = match ending.as_str() {
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            _ => return Err(AssetError::Type),
        };
        if bytes.len() > MAX_PICTURE {
            return Err(AssetError::Size);
        }
        Ok(Self::new("logo", &ending, content_type, bytes))
    }
}

/// The lines of a script, without indentation and without lines of comments.
fn code_lines(script: &str) -> impl Iterator<Item = String> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.map(|line| format!("{line}\n"))
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
