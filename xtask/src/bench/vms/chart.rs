//! Memory over the number of VMs (SVG).

use std::fmt::Write;

use super::Row;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 80.0;
const BOTTOM: f64 = 340.0;
const TOP: f64 = 30.0;
const RIGHT: f64 = 500.0;
const COLOURS: [&str; 7] = ["#2563eb", "#93c5fd", "#10b981", "#6ee7b7", "#ef4444", "#fca5a5", "#8b5cf6"];

/// One line for each row. The peak is shown on a logarithmic scale: the engines differ by a factor of a hundred.
pub(super) fn svg(rows: &[Row]) -> String {
    let samples = || rows.iter().flat_map(|row| &row.samples);
    let largest = samples().map(|s| s.count).max().unwrap_or(1) as f64;
    let peaks = samples().map(|s| (s.peak as f64).max(1.0).log10());
    let (low, high) = peaks.fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p), high.max(p)));
    let (low, high) = if low < high { (low.floor(), high.ceil()) } else { (0.0, 1.0) };
    let x = |count: usize| LEFT + count as f64 / largest * (RIGHT - LEFT);
    let y = |peak: f64| BOTTOM - (peak.max(1.0).log10() - low) / (high - low) * (BOTTOM - TOP);

    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"18\" font-size=\"13\">Peak memory of the process over the number of VMs (MB)</text>\n"
    );
    for power in low as i32..=high as i32 {
        let (peak, line) = (10f64.powi(power), y(10f64.powi(power)));
        let _ = writeln!(
            out,
            "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{line:.1}\" y2=\"{line:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            line + 4.0,
            peak / 1e6
        );
    }
    for (place, row) in rows.iter().enumerate() {
        let colour = COLOURS[place % COLOURS.len()];
        let points: Vec<String> = row.samples.iter().map(|s| format!("{:.1},{:.1}", x(s.count), y(s.peak as f64))).collect();
        let _ = writeln!(out, "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>", points.join(" "));
        let Some(last) = row.samples.last() else { continue };
        let each = row.marginal().map_or(String::new(), |bytes| format!(": {:.0} KB each", bytes / 1024.0));
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{:.1}\" fill=\"{colour}\">{}, {}{each}</text>",
            RIGHT + 6.0,
            y(last.peak as f64) + 4.0,
            row.engine,
            row.work
        );
    }
    for s in rows.first().map_or(&[][..], |row| &row.samples) {
        let _ = writeln!(out, "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>", x(s.count), BOTTOM + 16.0, s.count);
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Row, Sample};

    #[test]
    fn a_line_for_each_row() {
        let sample = |count, peak| Sample { count, peak, ..Sample::default() };
        let row = |work: &str, factor: u64| Row {
            engine: "lua-cli".into(),
            work: work.into(),
            samples: vec![sample(10, 2_000_000), sample(100, factor * 1_000_000)],
        };
        let svg = super::svg(&[row("bare", 4), row("run", 100)]);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("lua-cli, bare: 22 KB each") && svg.ends_with("</svg>\n"));
        assert!(super::svg(&[]).contains("<svg"));
    }
}
