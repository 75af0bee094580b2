//! What was evaluated.

use maud::{Markup, html};

use super::name;
use crate::args::EvaluateArgs;
use crate::evaluate::Evaluation;
use crate::evaluate::measured::Measured;

pub(super) fn section(arguments: &EvaluateArgs, measured: &Measured<'_>, evaluation: &Evaluation) -> Markup {
    let source = &evaluation.source;
    let model = arguments.model.as_ref().map(|path| path.display().to_string());
    let provenance = measured.classifier.provenance();
    let heads: Vec<String> = measured
        .classifier
        .heads()
        .iter()
        .map(|head| {
            let labels = head.labels().len();
            format!(
                "{} ({labels} label{})",
                head.name(),
                if labels == 1 { "" } else { "s" }
            )
        })
        .collect();
    html! {
        dl.facts {
            dt { "Model" } dd { @match &model { Some(path) => (name(path)), None => "the one inside the program" } }
            dt { "Its digest" } dd { code { (&evaluation.model) } }
            dt { "Trained on" } dd {
                (provenance.documents) " documents, digest " code { (&provenance.corpus_digest) }
                ", by version " (name(&provenance.crate_version))
            }
            dt { "Heads" } dd { (name(&heads.join(", "))) }
            @for file in &source.files {
                dt { "File" } dd {
                    (name(&file.path)) ", "
                    @match &file.sha256 {
                        Some(digest) => { "SHA-256 " code { (digest) } },
                        None => "no regular file, no digest",
                    }
                }
            }
            dt { "Documents" } dd {
                (evaluation.documents) " in " (source.groups) " groups, digest " code { (&source.corpus_digest) }
            }
            dt { "Program" } dd { "narrative-frames " (env!("CARGO_PKG_VERSION")) }
        }
        p.note {
            "Intervals in brackets hold 95 % of what other documents of the same kind would give: Wilson's for shares such as "
            "precision and recall, the bootstrap over groups for F1 and averages."
        }
    }
}
