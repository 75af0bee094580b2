//! The recipes that a search may try.

use std::fmt;

use linfa::ParamGuard;

use crate::classifier::Recipe;
use crate::corpus::{Corpus, HeadKind};
use crate::decision::Threshold;
use crate::error::Result;
use crate::features::{Channel, Length, Unit};
use crate::linear::{ClassWeight, Prior};
use crate::random::SplitMix64;
use crate::text::View;

/// For each dimension, the position of the choice.
pub(super) type Point = Vec<usize>;

/// All recipes that differ from a starting one in some dimensions.
pub(super) struct Space {
    start: Recipe,
    own: Draft,
    dimensions: Vec<Dimension>,
}

/// The part of a recipe that is searched.
#[derive(Clone)]
struct Draft {
    channels: Vec<Channel>,
    min_df: usize,
    length: Length,
    c: f64,
    class_weight: ClassWeight,
    prior: Prior,
}

/// One choice of a recipe.
struct Dimension {
    choices: Vec<Choice>,
    /// The choice of the starting recipe.
    start: usize,
    /// Whether neighbours are alike, so that a step at a time is enough.
    is_ordered: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Choice {
    Channels(Family, Vec<Channel>),
    MinDf(usize),
    Short(f64),
    Long(f64),
    C(f64),
    ClassWeight(ClassWeight),
    Prior(Prior),
}

/// Channels of which one takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Words,
    Characters,
    Stem,
    Skeleton,
    Concept,
}

impl Family {
    /// `None` for a channel that stays as it is.
    fn of(channel: Channel) -> Option<Self> {
        match (channel.view(), channel.unit()) {
            (View::Light | View::Folded, Unit::Word) => Some(Self::Words),
            (View::Light | View::Folded, Unit::Character) => Some(Self::Characters),
            (View::Stem, _) => Some(Self::Stem),
            (View::Skeleton, _) => Some(Self::Skeleton),
            (View::Concept, _) => Some(Self::Concept),
            (View::Dotless, _) => None,
        }
    }

    /// What may stand in the place of its channels, beside nothing.
    fn channels(self) -> Vec<(View, Unit, [u8; 2])> {
        const CHARACTERS: [[u8; 2]; 3] = [[2, 4], [2, 5], [3, 5]];
        let both = |unit, ranges: [[u8; 2]; 3]| {
            let views = [View::Light, View::Folded].into_iter();
            views
                .flat_map(|view| ranges.map(|range| (view, unit, range)))
                .collect()
        };
        match self {
            Self::Words => both(Unit::Word, [[1, 1], [1, 2], [1, 3]]),
            Self::Characters => both(Unit::Character, CHARACTERS),
            Self::Stem => vec![(View::Stem, Unit::Word, [1, 1]), (View::Stem, Unit::Word, [1, 2])],
            Self::Skeleton => vec![(View::Skeleton, Unit::Character, [3, 4])],
            Self::Concept => vec![
                (View::Concept, Unit::Word, [1, 1]),
                (View::Concept, Unit::Word, [1, 2]),
            ],
        }
    }

    /// Nothing, each channel, and what the recipe has.
    fn dimension(self, own: &[Channel]) -> Result<Dimension> {
        let mut choices = vec![Choice::Channels(self, Vec::new())];
        for (view, unit, [min, max]) in self.channels() {
            choices.push(Choice::Channels(self, vec![Channel::new(view, unit, min, max)?]));
        }
        let own = own
            .iter()
            .copied()
            .filter(|&channel| Self::of(channel) == Some(self));
        Ok(Dimension::unordered(
            choices,
            Choice::Channels(self, own.collect()),
        ))
    }
}

impl Dimension {
    fn unordered(mut choices: Vec<Choice>, own: Choice) -> Self {
        if !choices.contains(&own) {
            choices.push(own.clone());
        }
        Self {
            start: position(&choices, &own),
            choices,
            is_ordered: false,
        }
    }

    /// Numbers, with that of the recipe in its place among them.
    fn ordered<T: Copy + PartialOrd>(grid: &[T], own: T, choice: fn(T) -> Choice) -> Self {
        let mut numbers = grid.to_vec();
        if !numbers.contains(&own) {
            let place = numbers.iter().filter(|&&number| number < own).count();
            numbers.insert(place, own);
        }
        let choices: Vec<Choice> = numbers.into_iter().map(choice).collect();
        Self {
            start: position(&choices, &choice(own)),
            choices,
            is_ordered: true,
        }
    }
}

fn position(choices: &[Choice], own: &Choice) -> usize {
    choices.iter().position(|choice| choice == own).unwrap_or(0)
}

impl Space {
    /// Around a recipe, the choices that matter most first.
    pub(super) fn new(start: &Recipe) -> Result<Self> {
        let (features, training) = (start.features.check_ref()?, start.training.check_ref()?);
        let own = Draft {
            channels: features.channels().to_vec(),
            min_df: features.min_df(),
            length: features.length(),
            c: training.c(),
            class_weight: training.class_weight(),
            prior: training.prior(),
        };
        let c: Vec<f64> = (-3..=7).map(|power| f64::powi(2.0, power)).collect();
        let weights = [ClassWeight::None, ClassWeight::Balanced].map(Choice::ClassWeight);
        let priors = [Prior::Same, Prior::LogCountRatio].map(Choice::Prior);
        let mut dimensions = vec![
            Dimension::ordered(&c, own.c, Choice::C),
            Dimension::unordered(weights.to_vec(), Choice::ClassWeight(own.class_weight)),
            Dimension::unordered(priors.to_vec(), Choice::Prior(own.prior)),
        ];
        for family in [
            Family::Words,
            Family::Characters,
            Family::Stem,
            Family::Skeleton,
            Family::Concept,
        ] {
            dimensions.push(family.dimension(&own.channels)?);
        }
        let Length { short, long } = own.length;
        dimensions.push(Dimension::ordered(&[1, 2, 3, 5], own.min_df, Choice::MinDf));
        dimensions.push(Dimension::ordered(
            &[0.0, 0.25, 0.5, 1.0, 2.0],
            short,
            Choice::Short,
        ));
        dimensions.push(Dimension::ordered(&[0.0, 0.1, 0.2, 0.4, 0.8], long, Choice::Long));
        Ok(Self {
            start: start.clone(),
            own,
            dimensions,
        })
    }

    /// The starting recipe.
    pub(super) fn start(&self) -> Point {
        self.dimensions.iter().map(|dimension| dimension.start).collect()
    }

    /// A recipe near another: each choice is drawn anew with one chance in two.
    pub(super) fn draw(&self, near: &Point, random: &mut SplitMix64) -> Point {
        let dimensions = self.dimensions.iter().zip(near);
        dimensions
            .map(|(dimension, &choice)| match random.below(2) {
                0 => choice,
                _ => random.below(dimension.choices.len()),
            })
            .collect()
    }

    /// For each dimension, what differs from a recipe in that one alone.
    pub(super) fn neighbours(&self, of: &Point) -> Vec<Vec<Point>> {
        let neighbours = |(position, dimension): (usize, &Dimension)| {
            let own = of[position];
            let choices = 0..dimension.choices.len();
            let others = choices
                .filter(|&choice| choice != own && (!dimension.is_ordered || choice.abs_diff(own) == 1));
            let point = |choice| {
                let mut point = of.clone();
                point[position] = choice;
                point
            };
            others.map(point).collect()
        };
        self.dimensions.iter().enumerate().map(neighbours).collect()
    }

    /// The recipe, with the threshold rule of the starting one.
    pub(super) fn recipe(&self, point: &Point) -> Recipe {
        let mut draft = self.own.clone();
        for choice in self.changed(point) {
            draft.take(choice);
        }
        let features = self.start.features.clone().channels(draft.channels);
        let training = self.start.training.clone().c(draft.c);
        Recipe {
            features: features.min_df(draft.min_df).length(draft.length),
            training: training.class_weight(draft.class_weight).prior(draft.prior),
            ..self.start.clone()
        }
    }

    /// What differs from the starting recipe.
    pub(super) fn changes(&self, point: &Point) -> Vec<String> {
        self.changed(point).map(ToString::to_string).collect()
    }

    fn changed(&self, point: &Point) -> impl Iterator<Item = &Choice> {
        let dimensions = self.dimensions.iter().zip(point);
        dimensions
            .filter(|(dimension, choice)| dimension.start != **choice)
            .map(|(dimension, &choice)| &dimension.choices[choice])
    }
}

/// The rule that trials learn thresholds by, and the thresholds for all labels that are tried beside it.
///
/// Those cost nothing: they are held against the same scores. A recipe that asks for a precision or a recall keeps to it; where every
/// head is single-label there is nothing to choose.
pub(super) fn thresholds(start: Threshold, corpus: &Corpus) -> (Threshold, Vec<f64>) {
    const CUTS: [f64; 3] = [0.3, 0.4, 0.5];
    let heads = corpus.heads();
    match start {
        _ if heads.iter().all(|head| head.kind == HeadKind::SingleLabel) => (start, Vec::new()),
        Threshold::Precision(_) | Threshold::Recall(_) => (start, Vec::new()),
        Threshold::Probability(own) if !CUTS.contains(&own) => {
            (Threshold::F1, [vec![own], CUTS.to_vec()].concat())
        }
        _ => (Threshold::F1, CUTS.to_vec()),
    }
}

/// A threshold rule, in short.
pub(super) fn name_of(rule: Threshold) -> String {
    match rule {
        Threshold::F1 => "f1".to_owned(),
        Threshold::Precision(floor) => format!("precision:{floor}"),
        Threshold::Recall(floor) => format!("recall:{floor}"),
        Threshold::Probability(probability) => probability.to_string(),
    }
}

impl Draft {
    fn take(&mut self, choice: &Choice) {
        match choice {
            Choice::Channels(family, channels) => {
                self.channels.retain(|&own| Family::of(own) != Some(*family));
                self.channels.extend_from_slice(channels);
            }
            Choice::MinDf(documents) => self.min_df = *documents,
            Choice::Short(short) => self.length.short = *short,
            Choice::Long(long) => self.length.long = *long,
            Choice::C(c) => self.c = *c,
            Choice::ClassWeight(weight) => self.class_weight = *weight,
            Choice::Prior(prior) => self.prior = *prior,
        }
    }
}

/// As in a recipe.
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channels(family, channels) => {
                let name = format!("{family:?}").to_lowercase();
                let channel = |c: &Channel| {
                    let (view, unit) = (format!("{:?}", c.view()), format!("{:?}", c.unit()));
                    format!(
                        "{} {} {}-{}",
                        view.to_lowercase(),
                        unit.to_lowercase(),
                        c.min_n(),
                        c.max_n()
                    )
                };
                let channels: Vec<String> = channels.iter().map(channel).collect();
                match channels.as_slice() {
                    [] => write!(f, "{name}=none"),
                    channels => write!(f, "{name}={}", channels.join("+").replace(' ', ":")),
                }
            }
            Self::MinDf(documents) => write!(f, "min_df={documents}"),
            Self::Short(short) => write!(f, "length.short={short}"),
            Self::Long(long) => write!(f, "length.long={long}"),
            Self::C(c) => write!(f, "c={c}"),
            Self::ClassWeight(weight) => write!(f, "class_weight={}", format!("{weight:?}").to_lowercase()),
            Self::Prior(Prior::Same) => write!(f, "prior=same"),
            Self::Prior(Prior::LogCountRatio) => write!(f, "prior=log_count_ratio"),
        }
    }
}
