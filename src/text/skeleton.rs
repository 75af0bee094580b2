//! Consonants of a word in one alphabet for both scripts, so that Arabic written in Latin letters ("Arabizi") meets
//! Arabic written in its own.
//!
//! Arabizi writes consonants by a few common conventions and vowels as it likes (Darwish 2014): vowels, and the
//! Arabic letters for long ones, are left out, and each consonant becomes one letter. Emphatic consonants and the
//! interdentals become their plain neighbours, which Arabizi does not tell apart.

/// Writes the skeleton of a word of the folded view over what `out` holds; `kept` gets the position of each letter
/// written. Empty for a word of vowels alone.
pub(super) fn skeleton(word: &[char], out: &mut Vec<char>, mut kept: impl FnMut(usize)) {
    out.clear();
    let mut position = 0;
    while let Some(&c) = word.get(position) {
        let pair = word.get(position + 1).and_then(|&next| digraph(c, next));
        let is_last_h =
            pair.is_none() && matches!(c, 'h' | 'ه') && position + 1 == word.len() && out.len() > 1;
        let letter = pair.or_else(|| consonant(c));
        if let Some(letter) = letter.filter(|letter| out.last() != Some(letter) && !is_last_h) {
            out.push(letter);
            kept(position);
        }
        position += if pair.is_some() { 2 } else { 1 };
    }
}

/// Two Latin letters for one consonant.
fn digraph(first: char, second: char) -> Option<char> {
    Some(match (first, second) {
        ('s' | 'c', 'h') => 'ش',
        ('k', 'h') => 'خ',
        ('g', 'h') => 'غ',
        ('t', 'h') => 'ت',
        ('d', 'h') => 'د',
        _ => return None,
    })
}

/// One letter of either script; `None` for vowels.
fn consonant(c: char) -> Option<char> {
    Some(match c {
        'a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'y' | '2' | 'ا' | 'و' | 'ي' => return None,
        'b' | 'p' => 'ب',
        't' | '6' | 'ث' | 'ط' => 'ت',
        'j' => 'ج',
        '7' => 'ح',
        '5' => 'خ',
        'd' | 'ذ' | 'ض' => 'د',
        'r' => 'ر',
        'z' | 'ظ' => 'ز',
        's' | '9' | 'ص' => 'س',
        '4' => 'ش',
        '3' => 'ع',
        'g' | '8' => 'غ',
        'f' | 'v' => 'ف',
        'q' => 'ق',
        'k' | 'c' | 'x' => 'ك',
        'l' => 'ل',
        'm' => 'م',
        'n' => 'ن',
        'h' => 'ه',
        c => c,
    })
}
