//! The ratios as a bar chart (SVG).

use std::fmt::Write;

use crate::bench::table::Table;

const LABEL_WIDTH: f64 = 180.0;
const BAR_AREA: f64 = 640.0;
const BAR_HEIGHT: f64 = 9.0;
const ROW_GAP: f64 = 8.0;
const TOP: f64 = 56.0;
/// Bars are cut off here, with the figure beside them.
const LARGEST_RATIO: f64 = 2.5;
const COLOURS: [&str; 6] = ["#2563eb", "#f59e0b", "#10b981", "#ef4444", "#8b5cf6", "#64748b"];

/// One row of bars for each program and one for the geometric mean; the
/// reference is the line at 1.
pub(crate) fn svg(table: &Table) -> String {
    let shown: Vec<usize> = (0..table.engines.len()).filter(|engine| Some(*engine) != table.reference).collect();
    let row_height = shown.len() as f64 * BAR_HEIGHT + ROW_GAP;
    let mut rows: Vec<(String, Vec<Option<f64>>)> =
        vec![("geometric mean".into(), shown.iter().map(|engine| table.mean(&table.all(), *engine)).collect())];
    for (_, programs) in table.groups() {
        for program in programs {
            let ratios = shown.iter().map(|engine| table.ratio(program, *engine)).collect();
            rows.push((table.programs[program].name.clone(), ratios));
        }
    }

    let height = TOP + rows.len() as f64 * row_height + 10.0;
    let width = LABEL_WIDTH + BAR_AREA + 60.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    let reference = table.reference.map_or("nothing", |reference| table.engines[reference].name.as_str());
    let _ = writeln!(out, "<text x=\"10\" y=\"18\" font-size=\"13\">User CPU time relative to {reference} (shorter is faster)</text>");
    for (place, engine) in shown.iter().enumerate() {
        let x = 10.0 + place as f64 * 150.0;
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"28\" width=\"10\" height=\"10\" fill=\"{}\"/><text x=\"{}\" y=\"37\">{}</text>",
            colour(place),
            x + 14.0,
            escaped(&table.engines[*engine].name)
        );
    }
    for (index, (name, ratios)) in rows.iter().enumerate() {
        let y = TOP + index as f64 * row_height;
        let middle = y + (row_height - ROW_GAP) / 2.0 + 4.0;
        let _ = writeln!(out, "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>", LABEL_WIDTH - 6.0, escaped(name));
        for (place, ratio) in ratios.iter().enumerate() {
            let Some(ratio) = ratio else { continue };
            let (y, length) = (y + place as f64 * BAR_HEIGHT, position(*ratio));
            let _ = writeln!(
                out,
                "<rect x=\"{LABEL_WIDTH}\" y=\"{y}\" width=\"{length:.1}\" height=\"{}\" fill=\"{}\"/>\
                 <text x=\"{:.1}\" y=\"{}\" font-size=\"8\">{ratio:.2}</text>",
                BAR_HEIGHT - 1.0,
                colour(place),
                LABEL_WIDTH + length + 3.0,
                y + BAR_HEIGHT - 2.0
            );
        }
    }
    let one = LABEL_WIDTH + position(1.0);
    let _ =
        writeln!(out, "<line x1=\"{one}\" x2=\"{one}\" y1=\"{}\" y2=\"{height}\" stroke=\"#444\" stroke-dasharray=\"3 2\"/>", TOP - 8.0);
    out.push_str("</svg>\n");
    out
}

fn position(ratio: f64) -> f64 {
    ratio.min(LARGEST_RATIO) / LARGEST_RATIO * BAR_AREA
}

fn colour(place: usize) -> &'static str {
    COLOURS[place % COLOURS.len()]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::table::tests::example;

    #[test]
    fn a_bar_for_each_ratio() {
        let svg = svg(&example());
        // The background, one key, the mean, and the one program with a reference.
        assert_eq!(svg.matches("<rect").count(), 4);
        assert!(svg.contains(">0.60<"));
        assert!(svg.ends_with("</svg>\n"));
    }
}
