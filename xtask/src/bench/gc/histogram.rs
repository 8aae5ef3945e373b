//! Histograms of pauses (SVG).

use std::fmt::Write;

use serde_json::Value;

use super::title;

const LABEL_WIDTH: f64 = 210.0;
const WIDTH: f64 = 720.0;
const ROW: f64 = 64.0;
const TOP: f64 = 40.0;
/// What the axis shows, in powers of two of a microsecond.
const FIRST: f64 = 3.0;
const LAST: f64 = 20.0;

/// One row for each report: how many iterations took how long, both on logarithmic scales.
pub(super) fn svg(reports: &[Value]) -> String {
    let height = TOP + reports.len() as f64 * ROW + 30.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"18\" font-size=\"13\">Iterations by their processor time (both scales logarithmic)</text>\n",
        LABEL_WIDTH + WIDTH + 20.0
    );
    for power in FIRST as i32..=LAST as i32 {
        let (x, time) = (place(f64::from(power)), 2f64.powi(power));
        let label = if time < 1000.0 { format!("{time} us") } else { format!("{:.0} ms", time / 1024.0) };
        let _ = writeln!(
            out,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{}\" stroke=\"#ddd\"/>\
             <text x=\"{x:.1}\" y=\"{}\" font-size=\"8\" text-anchor=\"middle\">{label}</text>",
            height - 24.0,
            height - 12.0
        );
    }
    for (index, report) in reports.iter().enumerate() {
        row(&mut out, report, TOP + (index + 1) as f64 * ROW);
    }
    out.push_str("</svg>\n");
    out
}

/// The bars of one report, standing on `floor`.
fn row(out: &mut String, report: &Value, floor: f64) {
    let _ = writeln!(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", LABEL_WIDTH - 8.0, floor - 8.0, title(report));
    for bin in report["histogram_us"].as_array().into_iter().flatten() {
        let (Some(most), Some(count)) = (bin[0].as_f64(), bin[1].as_f64()) else { continue };
        // A single iteration is a visible bar.
        let tall = (count.log10() + 0.4) * (ROW - 8.0) / 6.4;
        let _ = writeln!(
            out,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\" fill=\"#2563eb\"><title>{count} up to {most:.0} us</title></rect>",
            place(most.log2() - 0.5),
            floor - tall,
            place(0.5) - place(0.0) - 1.0
        );
    }
}

fn place(power: f64) -> f64 {
    LABEL_WIDTH + (power.clamp(FIRST - 0.5, LAST + 0.5) - FIRST + 0.5) / (LAST - FIRST + 1.0) * WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_for_each_bin() {
        let report = serde_json::json!({"collector": "incremental", "form": "flat", "histogram_us": [[32.0, 100], [4096.0, 1]]});
        let svg = svg(&[report]);
        assert_eq!(svg.matches("<title>").count(), 2);
        assert!(svg.contains("incremental, flat") && svg.ends_with("</svg>\n"));
    }
}
