//! A page in one HTML file: the built page with its data, compressed in blocks that contain no HTML syntax. The page is
//! built in `ui/`; `lib/page/html.js` fills it in the same way.

use std::fmt::Write;
use std::io::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

const PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/page.html"));
const TITLE: &str = "<!--runstore:title-->";
const INDEX: &str = "<!--runstore:index-->";
const BODIES: &str = "<!--runstore:bodies-->";

/// The parts of a page around its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlPage {
    /// The part before the index.
    pub before: String,
    /// The part between the index and the bodies.
    pub between: &'static str,
    /// The part after the bodies.
    pub after: &'static str,
}

/// Returns the page with this title; `None` if it was not built.
pub fn html_page(title: &str) -> Option<HtmlPage> {
    filled(PAGE, title)
}

fn filled(page: &'static str, title: &str) -> Option<HtmlPage> {
    let (start, rest) = page.split_once(TITLE)?;
    let (head, rest) = rest.split_once(INDEX)?;
    let (between, after) = rest.split_once(BODIES)?;
    Some(HtmlPage { before: [start, &escaped(title), head].concat(), between, after })
}

/// Returns an element that contains JSON; the page finds it by `id`.
///
/// # Errors
/// Never: what is compressed is in memory.
pub fn html_block(id: &str, json: &[u8]) -> std::io::Result<String> {
    let mut encoder = GzEncoder::new(vec![], Compression::default());
    encoder.write_all(json)?;
    let base64 = STANDARD.encode(encoder.finish()?);
    Ok(format!(
        "<script type=\"application/octet-stream\" id=\"runstore-{id}\">{base64}</script>\n"
    ))
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        match character {
            '&' | '<' | '>' | '"' | '\'' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            other => escaped.push(other),
        }
        escaped
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn a_title_is_escaped_and_the_code_of_the_page_is_unchanged() {
        let page = "<title><!--runstore:title--></title><!--runstore:index--><script>'<!--runstore:title-->'</script>\
                    <!--runstore:bodies--></body>";
        let filled = filled(page, "</title><script>&'\"").unwrap();
        assert_eq!(filled.before, "<title>&#60;/title&#62;&#60;script&#62;&#38;&#39;&#34;</title>");
        assert_eq!(filled.between, "<script>'<!--runstore:title-->'</script>");
        assert_eq!(filled.after, "</body>");
    }

    #[test]
    fn a_block_contains_no_html_syntax() {
        let block = html_block("block-0", b"</script><img onerror=x>").unwrap();
        let start = "<script type=\"application/octet-stream\" id=\"runstore-block-0\">";
        let base64 = block.strip_prefix(start).unwrap().strip_suffix("</script>\n").unwrap();
        let mut text = String::new();
        GzDecoder::new(&STANDARD.decode(base64).unwrap()[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "</script><img onerror=x>");
    }
}
