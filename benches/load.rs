//! Reading a model: checks, digest, look-up table.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use narrative_frames::Classifier;

fn load(criterion: &mut Criterion) {
    let bytes = std::fs::read("models/narrative-frames.safetensors").expect("the shipped model");
    assert_eq!(
        Classifier::from_bytes(&bytes).expect("a good model").n_outputs(),
        16
    );
    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("shipped model", |bencher| {
        bencher.iter(|| Classifier::from_bytes(&bytes))
    });
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
