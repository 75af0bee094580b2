//! The two precisions of the sparse solver.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// Arithmetic of a precision, each function without a branch in `f32`, so that a loop over labels becomes vector
/// instructions. Only sums, products and quotients are used: the bits are the same on every machine.
pub(super) trait Scalar:
    Copy
    + Debug
    + Send
    + Sync
    + PartialOrd
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
    const HALF: Self;
    /// Added to a divisor that may be zero.
    const TINY: Self;
    /// Steps of Newton's method for this precision, where the function is not steep.
    const NEWTON_STEPS: usize;

    fn from_f32(x: f32) -> Self;
    fn from_f64(x: f64) -> Self;
    fn to_f64(self) -> f64;
    /// `exp(x)` for `x ≤ 0`.
    fn exp_of_negative(self) -> Self;
    /// `ln(1 + x)` for `x` from 0 to 1.
    fn ln_1p_of_unit(self) -> Self;

    #[inline]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }

    #[inline]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }

    #[inline]
    fn abs(self) -> Self {
        self.max(-self)
    }
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const HALF: Self = 0.5;
    const TINY: Self = 1e-300;
    const NEWTON_STEPS: usize = 6;

    fn from_f32(x: f32) -> Self {
        Self::from(x)
    }

    fn from_f64(x: f64) -> Self {
        x
    }

    fn to_f64(self) -> f64 {
        self
    }

    fn exp_of_negative(self) -> Self {
        libm::exp(self)
    }

    fn ln_1p_of_unit(self) -> Self {
        libm::log1p(self)
    }
}

impl Scalar for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const HALF: Self = 0.5;
    const TINY: Self = 1e-30;
    const NEWTON_STEPS: usize = 4;

    #[inline]
    fn from_f32(x: f32) -> Self {
        x
    }

    #[inline]
    fn from_f64(x: f64) -> Self {
        x as f32
    }

    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    /// `2ᵏ exp(r)`, `|r| ≤ ln 2 / 2`, the second by its Taylor series to the sixth power: off by 3·10⁻⁷ of the value at most.
    #[inline]
    fn exp_of_negative(self) -> Self {
        /// Added to a small number, leaves its nearest integer in the last bits.
        const ROUND: f32 = 12_582_912.0;
        const LN_2_HIGH: f32 = 0.693_359_4;
        const LN_2_LOW: f32 = -2.121_944_4e-4;
        let x = Scalar::max(self, -87.0);
        let shifted = x * std::f32::consts::LOG2_E + ROUND;
        let k = shifted - ROUND;
        let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
        let series =
            1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r / 720.0)))));
        let power = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
        series * f32::from_bits(power)
    }

    /// `2 artanh(x / (2 + x))` by its series to the ninth power: off by 2·10⁻⁶ at most.
    #[inline]
    fn ln_1p_of_unit(self) -> Self {
        let z = self / (2.0 + self);
        let s = z * z;
        2.0 * z * (1.0 + s * (1.0 / 3.0 + s * (1.0 / 5.0 + s * (1.0 / 7.0 + s / 9.0))))
    }
}
