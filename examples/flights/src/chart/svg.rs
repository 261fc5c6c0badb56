//! Writing SVG: shapes with a class each, and one style sheet. Only this file knows a colour or a font.

use std::fmt::Write;

const STYLE: &str = "
  text { font-family: 'Inter', 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif; fill: #1f2a37 }
  .page { fill: #ffffff }
  .title { font-size: 26px; font-weight: 700 }
  .subtitle { font-size: 14px; fill: #64707d }
  .heading { font-size: 15px; font-weight: 600 }
  .note { font-size: 12px; fill: #64707d }
  .tick { font-size: 11px; fill: #64707d }
  .label { font-size: 12px }
  .end { text-anchor: end }
  .middle { text-anchor: middle }
  .value { font-size: 11.5px; font-weight: 600 }
  .grid { stroke: #e5e9ee; stroke-width: 1 }
  .base { stroke: #9aa5b1; stroke-width: 1 }
  .ideal { stroke: #9aa5b1; stroke-width: 1.2; stroke-dasharray: 4 4 }
  .whisker { stroke: #d9622b; stroke-width: 1.4 }
  .wide { fill: #d6e6f5 }
  .narrow { fill: #a3c7e8 }
  .median { fill: none; stroke: #1d5c99; stroke-width: 2.2; stroke-linejoin: round }
  .mean, .actual { fill: none; stroke: #d9622b; stroke-width: 2.2; stroke-linejoin: round }
  .predicted { fill: none; stroke: #1d5c99; stroke-width: 2.2; stroke-linejoin: round }
  .bar { fill: #4f8fcb }
  .accent { fill: #d9622b }
  .dot { fill: #d9622b; stroke: #ffffff; stroke-width: 1.2 }
";

/// A point on the page, from the upper left corner.
pub(super) type Point = (f32, f32);

/// A drawing that is being written.
pub(super) struct Svg {
    text: String,
}

impl Svg {
    /// A white page.
    pub(super) fn new(width: f32, height: f32) -> Svg {
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\">\n<style>{STYLE}</style>\n<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n"
        );
        Svg { text }
    }

    /// The whole file.
    pub(super) fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, from: Point, to: Point) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.element(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    /// A line through points.
    pub(super) fn path(&mut self, class: &str, points: impl IntoIterator<Item = Point>) {
        let points = listed(points);
        self.element(format_args!("<polyline class=\"{class}\" points=\"{points}\"/>"));
    }

    /// The area between two lines whose points have the same x.
    pub(super) fn band(&mut self, class: &str, upper: &[Point], lower: &[Point]) {
        let points = listed(upper.iter().chain(lower.iter().rev()).copied());
        self.element(format_args!("<polygon class=\"{class}\" points=\"{points}\"/>"));
    }

    /// A rectangle, its corners a little rounded.
    pub(super) fn rect(&mut self, class: &str, (x, y): Point, width: f32, height: f32) {
        let width = width.max(0.0);
        self.element(format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"2\"/>"
        ));
    }

    /// A dot.
    pub(super) fn dot(&mut self, class: &str, (x, y): Point) {
        self.element(format_args!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"));
    }

    /// A line of text; the point is where its baseline starts, unless the class anchors it elsewhere.
    pub(super) fn text(&mut self, class: &str, (x, y): Point, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.element(format_args!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"));
    }

    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string can't fail.
        let _ = writeln!(self.text, "{element}");
    }
}

fn listed(points: impl IntoIterator<Item = Point>) -> String {
    points.into_iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// A number with a comma after each thousand.
pub(super) fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!([7, 999, 1000, 336_776].map(thousands), ["7", "999", "1,000", "336,776"]);
    }

    #[test]
    fn text_is_escaped() {
        let mut svg = Svg::new(1.0, 1.0);
        svg.text("label", (0.0, 0.0), "R&D < all");
        assert!(svg.finish().contains(">R&amp;D &lt; all</text>"));
    }
}
