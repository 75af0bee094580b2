//! The page that `evaluate --html` writes, as a browser reads it, and `evaluate --compare`.

use std::path::Path;
use std::process::{Command, Output};

use scraper::{Html, Selector};
use serde_json::{Value, json};

/// A text that would run as a script if it were not escaped.
const SCRIPT: &str = "bread & rain <script>alert(\"bread\")</script> </p></body> \u{202E}bread\u{1}";
const ARABIC: &str = "قالت المكتبة إن المطر تأخر والخبز بارد";

fn run(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_narrative-frames"))
        .args(arguments)
        .output()
        .expect("the program runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn row(id: usize, text: &str, lang: &str, topics: &[&str], tone: &str) -> Value {
    json!({"id": format!("d{id}"), "text": text, "lang": lang, "topics": topics, "tone": tone, "town": format!("<b>{}", id % 3)})
}

/// Sixty rows that can be learned, and where asked for, three whose labels are wrong.
fn write_rows(path: &Path, with_errors: bool) {
    let subjects = [
        ("rain", "rain over the northern hills"),
        ("bread", "bread from the old bakery"),
    ];
    let tones = [("glad", "a welcome surprise"), ("sad", "a sore disappointment")];
    let mut rows: Vec<Value> = (0..60)
        .map(|id| {
            let ((topic, words), (tone, phrase)) = (subjects[id % 2], tones[id / 2 % 2]);
            let topics: &[&str] = if id % 5 == 0 { &[] } else { &[topic] };
            let words = if id % 5 == 0 {
                "minutes of the meeting"
            } else {
                words
            };
            row(id, &format!("{words} {phrase} {id}"), "en", topics, tone)
        })
        .collect();
    if with_errors {
        rows.push(row(60, SCRIPT, "en", &[], "sad"));
        rows.push(row(61, ARABIC, "ar", &["rain"], "glad"));
        rows.push(row(
            62,
            "bread from the old bakery",
            "x\" onload=\"",
            &["rain"],
            "glad",
        ));
    }
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    std::fs::write(path, lines.join("\n")).expect("a file");
}

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    /// A folder with rows to learn from, rows to measure on, and two models.
    fn new() -> Self {
        let files = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        write_rows(Path::new(&files.path("train.jsonl")), false);
        write_rows(Path::new(&files.path("test.jsonl")), true);
        let (train, model, other) = (
            files.path("train.jsonl"),
            files.path("model.safetensors"),
            files.path("other.safetensors"),
        );
        let heads = ["--multi-label", "topics", "--single-label", "tone"];
        let train_model = ["train", &train, "--output", &model, "--set", "training.c=10"];
        run(&[&train_model[..], &heads].concat());
        let train_other = [
            "train",
            &train,
            "--output",
            &other,
            "--set",
            "decision.threshold={probability=0.99}",
        ];
        run(&[&train_other[..], &heads[..2]].concat());
        files
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The page and the figures of a run of `evaluate`.
    fn evaluate(&self, more: &[&str]) -> (String, Value, String) {
        let [test, model, page, figures] =
            ["test.jsonl", "model.safetensors", "page.html", "figures.json"].map(|name| self.path(name));
        let arguments = [
            "evaluate", &test, "--model", &model, "--html", &page, "--json", &figures, "--slice", "town",
            "--slice", "lang",
        ];
        let output = run(&[&arguments[..], more].concat());
        let read = |path: &str| std::fs::read_to_string(path).expect("a file");
        let figures = serde_json::from_str(&read(&figures)).expect("JSON");
        (
            read(&page),
            figures,
            String::from_utf8(output.stdout).expect("UTF-8"),
        )
    }
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).collect()
}

fn text_of(element: &scraper::ElementRef<'_>) -> String {
    element.text().collect()
}

#[test]
fn a_page_is_whole_and_safe() {
    let files = Files::new();
    let other = files.path("other.safetensors");
    let (text, figures, printed) = files.evaluate(&["--compare", &other]);
    let page = Html::parse_document(&text);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let sections: Vec<&str> = select(&page, "main > section")
        .iter()
        .filter_map(|section| section.attr("id"))
        .collect();
    let expected = [
        "evaluated",
        "figures",
        "comparison",
        "slices",
        "confusion",
        "curves",
        "errors",
    ];
    assert_eq!(sections, expected);
    nothing_is_loaded(&page, &text);
    it_can_be_read_without_seeing(&page);
    texts_are_texts(&page);
    numbers_are_those_of_the_json(&page, &figures);
    the_comparison_is_told(&figures, &printed);
}

fn nothing_is_loaded(page: &Html, text: &str) {
    assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("url("));
    assert!(select(page, "script, link, img, iframe, [src], [onload]").is_empty());
    let links = select(page, "[href]");
    assert!(links.len() > 5);
    for link in links {
        let target = link.attr("href").expect("a link");
        assert_eq!(select(page, target).len(), 1, "{target}");
    }
}

fn it_can_be_read_without_seeing(page: &Html) {
    let diagrams = select(page, "figure > svg[role=img]");
    assert_eq!(diagrams.len(), 3 * 4, "three for each label");
    assert!(
        diagrams
            .iter()
            .all(|diagram| diagram.attr("aria-label").is_some_and(|name| name.len() > 30))
    );
    assert_eq!(select(page, "figure > figcaption").len(), diagrams.len());
    assert!(select(page, "th").iter().all(|cell| cell.attr("scope").is_some()));
    assert_eq!(select(page, "table").len(), select(page, "table > caption").len());
    assert_eq!(
        select(page, "table").len(),
        select(page, "[tabindex='0'] > table").len()
    );
    assert_eq!(select(page, "h1").len(), 1);
}

fn texts_are_texts(page: &Html) {
    let texts = select(page, "p.text");
    let shown: Vec<String> = texts.iter().map(text_of).collect();
    let expected = SCRIPT.replace('\u{1}', "\u{FFFD}");
    assert!(shown.contains(&expected), "{shown:?}");
    assert!(texts.iter().all(|text| text.attr("dir") == Some("auto")));
    let arabic = texts.iter().find(|text| text_of(text) == ARABIC);
    assert_eq!(arabic.expect("it lacks its label").attr("lang"), Some("ar"));
    let other = texts
        .iter()
        .find(|text| text_of(text) == "bread from the old bakery");
    assert_eq!(
        other.expect("its label is wrong").attr("lang"),
        None,
        "no language"
    );
    let marks = select(page, "p.text > mark");
    assert!(marks.iter().any(|mark| text_of(mark) == "bread"), "{shown:?}");
    let towns = select(page, "#slices th > bdi");
    assert!(towns.iter().any(|town| text_of(town) == "<b>1"));
}

fn numbers_are_those_of_the_json(page: &Html, figures: &Value) {
    let f1 = figures["heads"][0]["micro_average"]["f1"]["value"]
        .as_f64()
        .expect("a number");
    let cells: Vec<String> = select(page, "#figures tr.average td")
        .iter()
        .map(text_of)
        .collect();
    assert!(
        cells.iter().any(|cell| cell.starts_with(&format!("{f1:.3}["))),
        "{cells:?}"
    );
    let confusion = &figures["confusion"][1]["counts"];
    let cells: Vec<String> = select(page, "#confusion table:nth-of-type(1) td")
        .iter()
        .map(text_of)
        .collect();
    // Tone has two labels and always one of them; a document may have no topic.
    let expected: Vec<String> = [&figures["confusion"][0]["counts"], confusion]
        .into_iter()
        .zip([2, 3])
        .flat_map(|(counts, rows)| counts.as_array().expect("rows").iter().take(rows))
        .flat_map(|row| row.as_array().expect("counts"))
        .map(Value::to_string)
        .collect();
    assert_eq!(cells, expected);
    let label = &figures["curves"][0]["labels"][0];
    let histogram = label["histogram"].as_array().expect("bins");
    let documents: u64 = histogram
        .iter()
        .map(|bin| bin["positives"].as_u64().expect("a count") + bin["negatives"].as_u64().expect("a count"))
        .sum();
    assert_eq!((histogram.len(), documents), (20, 63));
    let curve = label["precision_recall"].as_array().expect("points");
    assert_eq!(curve[curve.len() - 1]["recall"], 1.0);
    assert_eq!(figures["source"]["groups"], 63);
    let errors = figures["errors"].to_string();
    assert!(
        errors.contains("\"d60\"") && !errors.contains("alert"),
        "{errors}"
    );
}

fn the_comparison_is_told(figures: &Value, printed: &str) {
    let comparison = &figures["comparison"];
    let f1 = &comparison["heads"][0]["micro_f1"];
    let [value, other, low] = ["value", "other", "low"].map(|key| f1[key].as_f64().expect("a number"));
    assert_eq!(
        Some(value),
        figures["heads"][1]["micro_average"]["f1"]["value"].as_f64()
    );
    assert_eq!(comparison["heads"][0]["head"], figures["heads"][1]["head"]);
    assert!(value > other && low > 0.0, "{f1}");
    assert_eq!(comparison["left_out"][0]["head"], "tone");
    assert!(printed.contains("== compared with") && printed.contains(&format!("{:+.3}", value - other)));
    assert!(printed.contains("tone: not compared, the other model does not have it"));
}

#[test]
fn texts_can_stay_out() {
    let files = Files::new();
    let (text, figures, _) = files.evaluate(&["--no-texts"]);
    let page = Html::parse_document(&text);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    assert!(select(&page, "p.text, .weights").is_empty());
    assert!(!text.contains("alert") && !text.contains("المكتبة") && !text.contains("bakery"));
    assert!(text_of(&select(&page, "#errors")[0]).contains("d61"));
    assert!(select(&page, "#comparison").is_empty());
    assert!(figures.get("comparison").is_none());
}

#[test]
fn no_texts_says_nothing_without_a_page() {
    let output = Command::new(env!("CARGO_BIN_EXE_narrative-frames"))
        .args(["evaluate", "x.jsonl", "--no-texts"])
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
}
