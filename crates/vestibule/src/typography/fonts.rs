//! Fonts and shaping of text.
//!
//! Fonts for Latin, Greek, Cyrillic and Arabic are part of the binary. For other characters the fonts of the system
//! are searched.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
    path::PathBuf,
    sync::Arc,
};

use parley::{
    Alignment, AlignmentOptions, FontContext, FontFamily, FontFamilyName, FontWeight, Layout, LayoutContext,
    LineBreakContext, LineBreakOverrideFn, OverflowWrap, StyleProperty,
    fontique::{Blob, Collection, CollectionOptions, FamilyId, SourceCache},
};

use super::scripts::{is_ignorable, preference};

const EMBEDDED: [&[u8]; 5] = [
    include_bytes!("fonts/NotoSans-Regular.ttf"),
    include_bytes!("fonts/NotoSans-Bold.ttf"),
    include_bytes!("fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("fonts/NotoSansArabic-Bold.ttf"),
    include_bytes!("fonts/NotoSansMono-Regular.ttf"),
];

const SANS: [&str; 2] = ["Noto Sans", "Noto Sans Arabic"];
/// Distinguishes I, l and 1, for text to type.
const MONO: &str = "Noto Sans Mono";

/// A style of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
    Mono,
}

/// Where lines may break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breaks {
    /// Between words only. A longer word overflows.
    Words,
    /// Also within words that are longer than a line.
    Anywhere,
}

/// Shaped text at size 1, so that it can be tried in many sizes.
pub(crate) struct ShapedText {
    pub(crate) text: String,
    pub(crate) layout: Layout<()>,
}

/// The fonts of a sheet.
pub(crate) struct Fonts {
    context: FontContext,
    layouts: LayoutContext<()>,
    /// The families in use, in order of preference.
    families: Vec<String>,
    covered: HashSet<char>,
    /// Characters without a font.
    missing: BTreeSet<char>,
    system: SystemFonts,
}

/// The fonts of the system, read when a character needs them.
enum SystemFonts {
    Folders(Vec<PathBuf>),
    Read(Vec<FamilyId>),
}

impl Fonts {
    /// The embedded fonts, and those in the usual folders of the system.
    pub(crate) fn new() -> Self {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let own = home.into_iter().flat_map(|home| [home.join(".local/share/fonts"), home.join(".fonts")]);
        Self::with_folders(
            own.chain(["/usr/local/share/fonts", "/usr/share/fonts"].map(PathBuf::from)).collect(),
        )
    }

    /// The embedded fonts, and those in `folders`.
    pub(crate) fn with_folders(folders: Vec<PathBuf>) -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        for font in EMBEDDED {
            collection.register_fonts(Blob::new(Arc::new(font)), None);
        }
        Self {
            context: FontContext { collection, source_cache: SourceCache::default() },
            layouts: LayoutContext::new(),
            families: SANS.map(str::to_owned).to_vec(),
            covered: HashSet::new(),
            missing: BTreeSet::new(),
            system: SystemFonts::Folders(folders),
        }
    }

    /// Whether a text can be written, with fonts of the system if needed.
    pub(crate) fn can_write(&mut self, text: &str) -> bool {
        self.cover(text);
        text.chars().all(|char| self.is_covered(char))
    }

    /// The characters that were needed and have no font.
    pub(crate) fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// Shapes a text. Characters without a font are as wide as the widest usual ones.
    pub(crate) fn shape(&mut self, text: &str, face: Face, breaks: Breaks) -> ShapedText {
        let text: String = text.chars().map(|char| if self.is_covered(char) { char } else { '—' }).collect();
        let mono = (face == Face::Mono).then_some(MONO);
        let families: Vec<_> = mono
            .into_iter()
            .chain(self.families.iter().map(String::as_str))
            .map(FontFamilyName::named)
            .collect();
        let mut builder = self.layouts.ranged_builder(&mut self.context, &text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Owned(families))));
        builder.push_default(StyleProperty::FontSize(1.0));
        builder.push_default(StyleProperty::FontWeight(match face {
            Face::Bold => FontWeight::BOLD,
            Face::Regular | Face::Mono => FontWeight::NORMAL,
        }));
        builder.push_default(StyleProperty::OverflowWrap(match breaks {
            Breaks::Words => OverflowWrap::Normal,
            Breaks::Anywhere => OverflowWrap::Anywhere,
        }));
        // A link may break after each slash.
        builder.set_line_break_override((face != Face::Mono).then_some(SPACES_ONLY));
        let layout = builder.build(&text);
        ShapedText { text, layout }
    }

    fn is_covered(&mut self, char: char) -> bool {
        if is_ignorable(char) || self.covered.contains(&char) {
            return true;
        }
        let families: Vec<_> =
            self.families.iter().filter_map(|name| self.context.collection.family_id(name)).collect();
        let is_covered = families.into_iter().any(|family| self.has(family, char));
        if is_covered {
            self.covered.insert(char);
        }
        is_covered
    }

    /// Adds families of the system until all characters have a font, or none has more of them.
    fn cover(&mut self, text: &str) {
        loop {
            let chars: Vec<char> =
                text.chars().filter(|char| !self.is_covered(*char) && !self.missing.contains(char)).collect();
            if chars.is_empty() {
                return;
            }
            let Some(family) = self.best_family(&chars, text) else {
                self.missing.extend(chars);
                return;
            };
            self.families.push(family);
        }
    }

    /// The family of the system with most of these characters.
    fn best_family(&mut self, chars: &[char], text: &str) -> Option<String> {
        let mut best = None;
        for family in self.system_families() {
            let count = chars.iter().filter(|char| self.has(family, **char)).count();
            let Some(name) = self.context.collection.family_name(family).filter(|_| count > 0) else {
                continue;
            };
            let rank = (count, preference(name, text));
            if best.as_ref().is_none_or(|(other, _)| rank > *other) {
                best = Some((rank, name.to_owned()));
            }
        }
        best.map(|(_, name)| name)
    }

    fn system_families(&mut self) -> Vec<FamilyId> {
        if let SystemFonts::Folders(folders) = &mut self.system {
            self.context.collection.load_fonts_from_paths(std::mem::take(folders));
            let mut named: Vec<_> = self.context.collection.family_names().map(str::to_owned).collect();
            // The order of a folder's files is arbitrary.
            named.sort_unstable();
            // Fonts of pictures cannot be embedded.
            let drawn = named.iter().filter(|name| !name.contains("Emoji"));
            let ids = drawn.filter_map(|name| self.context.collection.family_id(name)).collect();
            self.system = SystemFonts::Read(ids);
        }
        match &self.system {
            SystemFonts::Read(families) => families.clone(),
            SystemFonts::Folders(_) => Vec::new(),
        }
    }

    fn has(&mut self, family: FamilyId, char: char) -> bool {
        let FontContext { collection, source_cache } = &mut self.context;
        let Some(family) = collection.family(family) else { return false };
        let Some(font) = family.default_font() else { return false };
        let Some(data) = font.load(Some(source_cache)) else { return false };
        font.charmap_index()
            .charmap(data.as_ref())
            .is_some_and(|map| map.map(char).is_some_and(|glyph| glyph > 0))
    }
}

impl ShapedText {
    /// Breaks lines at `width`, relative to the font size, and returns their number. `None` if one is wider.
    pub(crate) fn break_lines(&mut self, width: f32) -> Option<usize> {
        self.layout.break_all_lines(Some(width));
        self.layout.align(Alignment::Start, AlignmentOptions::default());
        (self.layout.width() <= width).then_some(self.layout.len())
    }
}

/// Names and hosts break at spaces, not at hyphens.
static SPACES_ONLY: &LineBreakOverrideFn = &(spaces_only as fn(LineBreakContext) -> Option<bool>);

fn spaces_only(context: LineBreakContext) -> Option<bool> {
    let is_within_word = context.before.is_ascii_graphic() && context.after.is_ascii_graphic();
    is_within_word.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No font of the system.
    fn embedded() -> Fonts {
        Fonts::with_folders(Vec::new())
    }

    #[test]
    fn the_languages_of_the_pages_are_embedded() {
        let mut fonts = embedded();
        for text in [
            "Žižkov – ü œ ß € “”",
            "İstanbul'a gğış",
            "школа, Київ, ґєїі",
            "Αθήνα Ἀρχή",
            "دعوة إلى الدردشة ؟ ۱۲۳",
            "گفتگوی پچ‌پچ ژرف",
        ] {
            assert!(fonts.can_write(text), "{text}: {:?}", fonts.missing());
        }
    }

    #[test]
    fn characters_without_a_font_are_known() {
        let mut fonts = embedded();
        assert!(!fonts.can_write("雪 snow"));
        assert!(fonts.can_write("snow"));
        assert_eq!(fonts.missing(), &BTreeSet::from(['雪']));
    }

    #[test]
    fn arabic_letters_are_joined_and_run_from_right_to_left() {
        let mut shaped = embedded().shape("سلام", Face::Regular, Breaks::Words);
        assert_eq!(shaped.break_lines(100.0), Some(1));
        assert!(shaped.layout.is_rtl());
        // Lam and alef form one glyph.
        let line = shaped.layout.lines().next().unwrap();
        let glyphs = line.runs().flat_map(|run| run.visual_clusters().collect::<Vec<_>>());
        assert_eq!(glyphs.filter(|cluster| cluster.glyphs().next().is_some()).count(), 3);
    }
}
