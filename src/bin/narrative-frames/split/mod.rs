//! `split`: labelled records into parts that share nothing.

mod parts;
mod salted;
mod summary;

use std::io::Write;

use narrative_frames::corpus::{CorpusFields, HeadKind, HeadSpec, read_corpus_with_report};
use narrative_frames::split::stratified;

use self::parts::Parts;
use crate::args::SplitArgs;
use crate::exit::Exit;
use crate::input::fields;
use crate::{progress, reading};

pub(crate) fn run(arguments: &SplitArgs) -> anyhow::Result<Exit> {
    if let Some(rules) = &arguments.rules {
        return salted::run(arguments, rules);
    }
    let (names, shares) = shares(arguments)?;
    let fields = split_fields(arguments);
    let (corpus, report) = read_corpus_with_report(&arguments.files, arguments.input.input_format, &fields)?;
    reading::check(&report, &arguments.labels)?;
    reading::check_groups(&corpus, &arguments.labels)?;
    summary::check_labels(&corpus)?;
    let progress = progress::step("comparing texts");
    let split = stratified(&corpus, &shares, arguments.seed)?;
    progress.finish_and_clear();
    let of_record: Vec<usize> = report
        .document_of_record
        .iter()
        .map(|&document| split.parts[document])
        .collect();
    let written = Parts::write(arguments, &names, &of_record)?;
    let mut out = std::io::stdout().lock();
    summary::print(
        &mut out,
        &summary::Summary {
            corpus: &corpus,
            split: &split,
            names: &names,
            shares: &shares,
            written: &written,
        },
    )?;
    reading::print(&mut out, &report)?;
    out.flush()?;
    Ok(Exit::Success)
}

/// Names and shares of the parts; the shares add up to 1.
fn shares(arguments: &SplitArgs) -> anyhow::Result<(Vec<String>, Vec<f64>)> {
    if let Some(folds) = arguments.folds {
        let names = (1..=folds).map(|fold| format!("fold-{fold}")).collect();
        return Ok((names, vec![1.0 / f64::from(folds); folds.into()]));
    }
    let names: &[&str] = match arguments.shares.len() {
        2 => &["train", "test"],
        3 => &["train", "dev", "test"],
        _ => &[],
    };
    let sum: f64 = arguments.shares.iter().sum();
    let is_valid = sum.is_finite() && arguments.shares.iter().all(|share| *share > 0.0);
    anyhow::ensure!(
        is_valid && !names.is_empty(),
        "--shares is {:?}, expected two numbers above 0 (train, test) or three (train, dev, test)",
        arguments.shares
    );
    let names = names.iter().map(ToString::to_string).collect();
    Ok((names, arguments.shares.iter().map(|share| share / sum).collect()))
}

fn split_fields(arguments: &SplitArgs) -> CorpusFields {
    let heads = |fields: &[String], kind| -> Vec<HeadSpec> {
        fields.iter().map(|field| HeadSpec::new(field, kind)).collect()
    };
    let mut all = heads(&arguments.multi_label, HeadKind::MultiLabel);
    all.extend(heads(&arguments.single_label, HeadKind::SingleLabel));
    fields(&arguments.input, &arguments.labels, all)
}
