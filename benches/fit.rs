//! The solvers, and a whole training run.

mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use linfa::prelude::{DatasetBase, Fit, ParamGuard};
use narrative_frames::features::{TermCounts, Vectorizer};
use narrative_frames::linear::LogisticRegression;
use narrative_frames::{Classifier, Recipe};

fn fit(criterion: &mut Criterion) {
    let corpus = support::corpus();
    let texts = support::texts();
    let params = Vectorizer::params().check().expect("the defaults are valid");
    let terms = TermCounts::extract(&texts, params.channels()).expect("short texts");
    let (known, targets) = corpus.targets(0);
    let matrix = params
        .fit(&terms, &known)
        .expect("many n-grams")
        .transform(&terms, &known);
    let dataset = DatasetBase::new(matrix, targets);
    let solve = || LogisticRegression::params().fit(&dataset).expect("both classes");
    assert!(solve().convergence().iter().all(|label| label.converged));

    let recipe = Recipe::from_toml("[calibration]\nmethod = \"none\"", "bench").expect("a valid recipe");
    let train = || -> Classifier { recipe.fit(&corpus).expect("enough documents").0 };
    assert_eq!(train().n_outputs(), 16);

    let mut group = criterion.benchmark_group("fit");
    group.throughput(support::throughput(&texts));
    group.sample_size(10);
    group.bench_function("solver, 12 labels", |bencher| bencher.iter(solve));
    group.bench_function("whole run, no calibration", |bencher| bencher.iter(train));
    group.finish();
}

criterion_group!(benches, fit);
criterion_main!(benches);
