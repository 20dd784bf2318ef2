//! QR codes, as runs of dark modules.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

/// Width of the light border that scanners need, in modules (ISO/IEC 18004 section 9.1).
const QUIET: u16 = 4;

/// A QR code with its quiet zone.
#[derive(Debug)]
pub struct Code {
    /// Modules along an edge, including the quiet zone.
    pub side: u16,
    /// The dark modules, as horizontal runs.
    pub runs: Vec<Run>,
}

/// The text is too long for a QR code. Contains its length in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no QR code can hold a link of {0} bytes")]
pub struct CodeError(usize);

/// Adjacent dark modules of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Offset from the left, in modules.
    pub x: u16,
    /// Offset from the top, in modules.
    pub y: u16,
    /// Number of modules.
    pub length: u16,
}

impl Code {
    /// Encodes a text with error correction level M: the code stays readable if up to 15% of it are damaged.
    pub fn of(text: &str) -> Result<Self, CodeError> {
        let matrix = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| CodeError(text.len()))?;
        let mut runs = Vec::new();
        for (y, row) in (QUIET..).zip(matrix.data.chunks_exact(matrix.size).take(matrix.size)) {
            let mut open: Option<Run> = None;
            for (x, module) in (QUIET..).zip(row) {
                open = match (module.value(), open) {
                    (true, None) => Some(Run { x, y, length: 1 }),
                    (true, Some(run)) => Some(Run { length: run.length + 1, ..run }),
                    (false, ended) => {
                        runs.extend(ended);
                        None
                    }
                };
            }
            runs.extend(open);
        }
        let side = u16::try_from(matrix.size).map_err(|_| CodeError(text.len()))?;
        Ok(Self { side: side + 2 * QUIET, runs })
    }

    /// The dark modules as an SVG path, one unit per module.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for Run { x, y, length } in &self.runs {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
        }
        path
    }

    /// An SVG image, dark on light also in dark mode, because scanners expect that.
    pub(crate) fn svg(&self) -> String {
        let (side, path) = (self.side, self.lines());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
             <path stroke=\"#000\" d=\"{path}\"/></svg>"
        )
    }

    /// The dark modules as lines of an SVG path, one unit wide: half as long as the path of their areas.
    fn lines(&self) -> String {
        let (mut path, mut end) = (String::new(), None);
        for Run { x, y, length } in &self.runs {
            // Writing to a String cannot fail.
            let _ = match end {
                Some((row, end)) if row == y => write!(path, "m{} 0h{length}", x - end),
                _ => write!(path, "M{x} {y}.5h{length}"),
            };
            end = Some((y, x + length));
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_the_dark_modules_inside_a_quiet_zone() {
        let text = "https://example.com/invite/Vbkf8JHN18MhGd020L7jvxKvBDiT";
        let code = Code::of(text).unwrap();
        let matrix = QRBuilder::new(text).ecl(ECL::M).build().unwrap();
        assert_eq!(usize::from(code.side), matrix.size + 8);
        let mut painted = vec![vec![false; usize::from(code.side)]; usize::from(code.side)];
        for Run { x, y, length } in &code.runs {
            for x in *x..x + length {
                let module = &mut painted[usize::from(*y)][usize::from(x)];
                assert!(!*module, "no module is painted twice");
                *module = true;
            }
        }
        for (y, row) in painted.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = (4..matrix.size + 4).contains(&x) && (4..matrix.size + 4).contains(&y);
                assert_eq!(*dark, inside && matrix[y - 4][x - 4].value(), "{x} {y}");
            }
        }
        // The upper edge of the first finder pattern: seven dark modules in one run.
        assert_eq!(code.runs[0], Run { x: 4, y: 4, length: 7 });
    }

    #[test]
    fn a_link_too_long_for_a_qr_code_is_rejected() {
        let error = Code::of(&"x".repeat(3000)).unwrap_err();
        assert!(error.to_string().starts_with("no QR code can hold a link of 3000 bytes"), "{error}");
    }
}
