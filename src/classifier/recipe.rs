//! Every choice of a training run.

use std::collections::BTreeMap;

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use crate::corpus::HeadKind;
use crate::decision::{Calibration, Threshold};
use crate::error::{Error, Result};
use crate::features::VectorizerParams;
use crate::linear::LogisticRegressionParams;
use crate::toml_file;

/// Every choice of a training run; it travels inside the model file.
///
/// ```
/// use narrative_frames::Recipe;
///
/// let recipe = Recipe::from_toml(
///     r#"
///     [features]
///     channels = [{ view = "light", unit = "word", n = [1, 2] }]
///     min_df = 2
///
///     [training]
///     c = 4.0
///     class_weight = "balanced"
///
///     [decision]
///     threshold = { precision = 0.9 }
///
///     [heads.frames]
///     kind = "multi-label"
///
///     [heads.stance]
///     kind = "single-label"
///     requires = "frames"
///     "#,
///     "example",
/// )?;
/// assert_eq!(recipe.heads["stance"].requires.as_deref(), Some("frames"));
/// let error = Recipe::from_toml("[training]\nC = 4.0", "example").unwrap_err();
/// assert!(error.to_string().contains("unknown field `C`"));
/// # Ok::<(), narrative_frames::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Channels and vocabulary: see [`VectorizerParams`].
    pub features: VectorizerParams,
    /// Regularization and solver: see [`LogisticRegressionParams`].
    pub training: LogisticRegressionParams,
    /// Probabilities: see [`Calibration`].
    pub calibration: Calibration,
    /// Thresholds and the abstain band.
    pub decision: Decision,
    /// What is said of single heads, by name; heads not named here have the defaults.
    pub heads: BTreeMap<String, HeadRecipe>,
}

/// How probabilities become decisions.
///
/// | key | default | range |
/// |---|---|---|
/// | `threshold` | f1 | see [`Threshold`] |
/// | `abstain_margin` | 0.0 | 0 to below 1 |
/// | `operating_points` | false | true, false |
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Decision {
    /// How the thresholds of multi-label heads are chosen.
    pub threshold: Threshold,
    /// Half the width of the abstain band.
    ///
    /// The model abstains on a document if the probability of a label of a multi-label head is closer to
    /// its threshold than this, or the two highest of a single-label head are closer to each other. With
    /// 0 it never does.
    pub abstain_margin: f32,
    /// Whether each label of a multi-label head stores, beside the threshold in use, those of
    /// [`Threshold::OPERATING_POINTS`], learned from the same probabilities.
    // Not written where it is off: models trained before there was this key keep their bytes.
    #[serde(skip_serializing_if = "is_off")]
    pub operating_points: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_off(flag: &bool) -> bool {
    !flag
}

/// What a recipe says of one head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadRecipe {
    /// How many labels a document has.
    pub kind: HeadKind,
    /// A multi-label head that must give a label before this head is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<String>,
    /// A multi-label head: this one learns whether a document has any of its labels, and has the one label
    /// [`any`](crate::corpus::HeadSpec::ANY).
    ///
    /// A head that `requires` it gives fewer wrong labels: twelve labels that are each wrong once in a hundred texts are
    /// together wrong ten times as often as one question asked first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any_of: Option<String>,
    /// Of a multi-label head: if no label reaches its threshold, the most probable one is given from this probability on.
    ///
    /// For a head that `requires` one which says that there is some label: which one is then the smaller question. Not given: 0 if
    /// thresholds are chosen for F1 and every document whose labels are known has one, else never, as with 1. What was
    /// decided stands in the recipe of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_from: Option<f32>,
    /// Of a single-label head: the least probability with which a label is given; 0 for labels not named.
    ///
    /// The answer is the most probable of the labels that reach theirs, or of all labels if none does: a way
    /// to be slow with the label whose error costs most.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub minimum: BTreeMap<String, f32>,
}

impl Recipe {
    /// A recipe from its TOML text; `name` is the file named in errors.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidToml`](crate::ErrorKind::InvalidToml) for bad TOML, an unknown key or a value out of type, with line and
    /// column; [`ErrorKind::InvalidParameter`](crate::ErrorKind::InvalidParameter) for a value out of range.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let recipe: Self = toml_file::parse(text, name)?;
        recipe.check()?;
        Ok(recipe)
    }

    /// The recipe as TOML.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a recipe is tables, numbers and strings")
    }

    /// Checks every range, and that heads require heads there are.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidParameter`](crate::ErrorKind::InvalidParameter).
    pub fn check(&self) -> Result<()> {
        self.features.check_ref()?;
        self.training.check_ref()?;
        self.calibration.check()?;
        self.decision.threshold.check()?;
        self.check_floors()?;
        let margin = self.decision.abstain_margin;
        if !(0.0..1.0).contains(&margin) {
            return Err(Error::invalid("decision.abstain_margin", margin, "0 to below 1"));
        }
        for (name, head) in &self.heads {
            if let Some(required) = &head.requires {
                self.check_other(name, "requires", required, |_| true)?;
                self.check_chain(name)?;
            }
            if let Some(of) = &head.any_of {
                self.check_other(name, "any_of", of, |of| {
                    of.any_of.is_none() && head.kind == of.kind
                })?;
            }
            head.check_minimum(name)?;
            head.check_best_from(name)?;
        }
        Ok(())
    }

    /// What is learned out of fold needs folds.
    fn check_floors(&self) -> Result<()> {
        if self.calibration.method.needs_folds() {
            return Ok(());
        }
        if self.decision.threshold.is_floor() {
            return Err(Error::invalid(
                "decision.threshold",
                "a precision or a recall, with calibration.method none",
                "calibration.method platt, isotonic or auto, whose folds tell them, or a probability",
            ));
        }
        if self.decision.operating_points {
            return Err(Error::invalid(
                "decision.operating_points",
                "true, with calibration.method none",
                "calibration.method platt, isotonic or auto, whose folds tell them, or false",
            ));
        }
        Ok(())
    }

    /// A head names another only if that has any number of labels.
    fn check_other(
        &self,
        name: &str,
        key: &str,
        other: &str,
        fits: impl Fn(&HeadRecipe) -> bool,
    ) -> Result<()> {
        let fits =
            |of: &str, head: &HeadRecipe| of != name && head.kind == HeadKind::MultiLabel && fits(head);
        if self.heads.get(other).is_some_and(|head| fits(other, head)) {
            return Ok(());
        }
        let names = self
            .heads
            .iter()
            .filter(|(name, head)| fits(name, head))
            .map(|(name, _)| name.as_str());
        Err(Error::invalid(
            format!("heads.{name}.{key}"),
            format_args!("{other:?}"),
            format!(
                "a multi-label head of the recipe: {}",
                names.collect::<Vec<_>>().join(", ")
            ),
        ))
    }

    /// Following what heads require comes to an end.
    fn check_chain(&self, name: &str) -> Result<()> {
        let required = |name: &&str| self.heads.get(*name)?.requires.as_deref();
        let chain = std::iter::successors(Some(name), required);
        if chain.take(self.heads.len() + 1).count() <= self.heads.len() {
            return Ok(());
        }
        Err(Error::invalid(
            format!("heads.{name}.requires"),
            "a circle",
            "heads that can be asked one after the other",
        ))
    }
}

impl HeadRecipe {
    /// A head of this kind with nothing else said of it.
    #[must_use]
    pub fn new(kind: HeadKind) -> Self {
        Self {
            kind,
            requires: None,
            any_of: None,
            best_from: None,
            minimum: BTreeMap::new(),
        }
    }

    fn check_best_from(&self, name: &str) -> Result<()> {
        match self.best_from {
            Some(from) if self.kind == HeadKind::SingleLabel || !(0.0..=1.0).contains(&from) => {
                Err(Error::invalid(
                    format!("heads.{name}.best_from"),
                    from,
                    "0 to 1, in a multi-label head",
                ))
            }
            _ => Ok(()),
        }
    }

    fn check_minimum(&self, name: &str) -> Result<()> {
        let Some((label, minimum)) = self
            .minimum
            .iter()
            .find(|(_, minimum)| !(0.0..1.0).contains(*minimum))
        else {
            if self.minimum.is_empty() || self.kind == HeadKind::SingleLabel {
                return Ok(());
            }
            return Err(Error::invalid(
                format!("heads.{name}.minimum"),
                "given for a multi-label head",
                "a single-label head; multi-label heads have decision.threshold",
            ));
        };
        Err(Error::invalid(
            format!("heads.{name}.minimum.{label}"),
            minimum,
            "0 to below 1",
        ))
    }
}
