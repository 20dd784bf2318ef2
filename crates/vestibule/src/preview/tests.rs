use super::*;

const WIDTH: u32 = super::WIDTH as u32;
const HEIGHT: u32 = super::HEIGHT as u32;

fn card(heading: &str) -> PreviewCard {
    PreviewCard {
        site: "Example Chat".to_owned(),
        heading: heading.to_owned(),
        initial: Some("J".to_owned()),
        right_to_left: false,
        fill: "#7a3fb0".to_owned(),
        on_fill: "#ffffff".to_owned(),
        logo: None,
    }
}

fn painted(card: &PreviewCard) -> Pixmap {
    let png = Painter(Mutex::new(Fonts::with_folders(Vec::new()))).paint(card).unwrap();
    Pixmap::decode_png(&png).unwrap()
}

/// The number of pixels with this colour in a rectangle.
fn count(picture: &Pixmap, colour: [u8; 3], xs: std::ops::Range<u32>, ys: std::ops::Range<u32>) -> usize {
    let is_colour =
        |x, y| picture.pixel(x, y).is_some_and(|pixel| [pixel.red(), pixel.green(), pixel.blue()] == colour);
    ys.flat_map(|y| xs.clone().map(move |x| (x, y))).filter(|(x, y)| is_colour(*x, *y)).count()
}

const FILL: [u8; 3] = [0x7a, 0x3f, 0xb0];
const WHITE: [u8; 3] = [0xff; 3];

#[test]
fn a_picture_has_the_colours_and_words_of_its_card() {
    let picture = painted(&card("Juliet invites you to Example Chat"));
    assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
    assert_eq!(count(&picture, FILL, 0..70, 0..HEIGHT), 70 * HEIGHT as usize, "an empty margin");
    // The circle, with a letter in it.
    assert!(count(&picture, WHITE, 84..224, 84..224) > 12_000);
    assert!(count(&picture, FILL, 130..180, 110..200) > 300);
    // The heading and the name of the site.
    assert!(count(&picture, WHITE, 84..1116, 250..450) > 5_000);
    assert!(count(&picture, WHITE, 84..600, 470..546) > 800);
}

#[test]
fn right_to_left_begins_at_the_right() {
    let mut card = card("جولييت تدعوك إلى Example Chat");
    card.right_to_left = true;
    let picture = painted(&card);
    assert!(count(&picture, WHITE, 976..1116, 84..224) > 12_000, "the circle is at the right");
    assert!(count(&picture, WHITE, 600..1116, 250..450) > count(&picture, WHITE, 84..600, 250..450));
}

#[test]
fn long_words_stay_inside_the_picture() {
    for heading in ["x".repeat(64), "Donaudampfschifffahrtsgesellschaftskapitän lädt dich ein ".repeat(4)] {
        let picture = painted(&card(&heading));
        assert_eq!(count(&picture, WHITE, 1120..WIDTH, 0..HEIGHT), 0, "{heading}");
        assert_eq!(count(&picture, WHITE, 0..80, 0..HEIGHT), 0, "{heading}");
    }
    let mut long = card("Hello");
    long.site = "A very long name of a service ".repeat(8);
    assert_eq!(count(&painted(&long), WHITE, 1120..WIDTH, 0..HEIGHT), 0);
}

#[test]
fn a_logo_is_drawn_and_a_damaged_one_left_out() {
    let red = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#ff0000"/></svg>"##;
    let mut with_logo = card("Hello");
    with_logo.logo = Some(("image/svg+xml", red.as_bytes().into()));
    let picture = painted(&with_logo);
    assert!(count(&picture, [0xff, 0, 0], 84..160, 470..546) > 3_000);
    for (content_type, bytes) in
        [("image/png", &b"no picture"[..]), ("image/svg+xml", b"<svg"), ("image/webp", b"")]
    {
        with_logo.logo = Some((content_type, bytes.to_vec().into()));
        let picture = painted(&with_logo);
        assert!(count(&picture, WHITE, 84..1116, 250..450) > 500, "{content_type}");
    }
}

#[test]
fn a_name_without_a_font_leaves_the_rest_legible() {
    let mut unknown = card("ꦲ invites you to Example Chat");
    unknown.initial = Some("ꦲ".to_owned());
    let picture = painted(&unknown);
    assert!(count(&picture, WHITE, 84..1116, 180..400) > 2_000, "the heading is in the middle");
}
