//! Tables of cases: what each rule makes of a text, and what it leaves alone.
//!
//! Rules are those of the domain notes (order of steps, letter folds). Where the code differs from them
//! on purpose, the case says so.

use super::samples::{ARABIC_MARKS, BIDI, INVISIBLE};
use super::*;

/// Texts and their words.
type Cases = &'static [(&'static str, &'static str)];

fn check(cases: Cases) {
    for &(text, expected) in cases {
        assert_eq!(normalized(text), expected, "{text:?}");
    }
}

/// Checks what the views that are letter maps see of a text.
fn check_views(cases: &[(&str, [&str; 3])]) {
    for &(text, expected) in cases {
        for (view, expected) in [View::Light, View::Folded, View::Dotless]
            .into_iter()
            .zip(expected)
        {
            assert_eq!(seen(text, view), expected, "{text:?} {view:?}");
        }
    }
}

fn kinds(text: &str) -> Vec<TokenKind> {
    words_of(text).tokens().iter().map(|token| token.kind).collect()
}

#[test]
fn byte_order_mark() {
    check(&[
        ("\u{FEFF}قال", "قال"),
        ("\u{FEFF}\u{FEFF}a", "a"),
        ("a\u{FEFF}b", "ab"),
    ]);
}

/// Forms that NFKC would turn into a space and a mark, and the two ligatures it does not know.
#[test]
fn spacing_marks_and_ligatures() {
    for mark in ('\u{FE70}'..='\u{FE7F}')
        .chain('\u{FC5E}'..='\u{FC63}')
        .chain('\u{FCF2}'..='\u{FCF4}')
    {
        assert_eq!(
            normalized(&format!("كت{mark}اب")),
            "كتاب",
            "U+{:04X}",
            mark as u32
        );
    }
    check(&[
        ("\u{FDFC}", "ريال"),
        ("5\u{FDFC}", "0 ريال"),
        ("\u{FDFD}", "بسم الله الرحمن الرحيم"),
        ("\u{FDFA}", "صلي الله عليه وسلم"),
        ("\u{FDFB}", "جل جلاله"),
        ("\u{FDF2}", "الله"),
        ("و\u{FDF2}", "والله"),
        // Ornate brackets are no letters.
        ("\u{FD3F}قال\u{FD3E}", "قال"),
    ]);
}

#[test]
fn compositions() {
    check(&[
        ("ا\u{653}", "ا"),
        ("ا\u{654}", "ا"),
        ("ا\u{655}", "ا"),
        ("سو\u{654}ال", "سؤال"),
        ("ري\u{654}يس", "رئيس"),
        // No composition in Unicode.
        ("شاطى\u{654}", "شاطئ"),
        ("شاطی\u{654}", "شاطئ"),
        ("شاطى\u{64B}\u{654}", "شاطئ"),
        ("شاط\u{FEF0}\u{654}", "شاطئ"),
        // Loose hamzas on other letters are deleted.
        ("ب\u{654}اب", "باب"),
        ("a\u{654}b\u{655}c\u{653}", "abc"),
        ("\u{654}اب", "اب"),
        ("1\u{654}", "0"),
        // Tatweel and marks between the letter and its hamza.
        ("سو\u{640}\u{64F}\u{654}ال", "سؤال"),
        ("cafe\u{301}", "café"),
        ("caf\u{E9}", "café"),
        ("a\u{302}\u{323}", "ậ"),
        ("\u{1112}\u{1161}\u{11AB}", "한"),
        ("ｶﾞ", "ガ"),
        ("ﬁne", "fine"),
        ("ｆｕｌｌ", "full"),
        ("𝐛𝐨𝐥𝐝", "bold"),
        ("\u{1EE07}\u{1EE12}\u{1EE09}", "حقي"),
        ("\u{212A}elvin", "kelvin"),
    ]);
}

#[test]
fn deleted_characters() {
    let all = ARABIC_MARKS
        .iter()
        .chain(INVISIBLE)
        .chain(BIDI)
        .cloned()
        .flatten();
    for c in all.chain(['\u{640}', '\u{654}']) {
        for (text, expected) in [
            (format!("كت{c}اب"), "كتاب"),
            (format!("{c}كتاب {c} ال{c}"), "كتاب ال"),
            (format!("wo{c}rd"), "word"),
            (format!("www{c}.{c}a{c}.b x"), "http:// x"),
            (format!("1{c}2.{c}5"), "0"),
            (format!("@{c}na{c}me"), "@"),
            (format!("!{c}!"), "! !"),
        ] {
            assert_eq!(normalized(&text), expected, "U+{:04X}", c as u32);
        }
    }
}

/// Deleted though the notes do not name them: number signs, the end of an ayah, small high letters.
#[test]
fn deleted_signs() {
    for c in [
        '\u{600}', '\u{605}', '\u{6DD}', '\u{6DE}', '\u{6E5}', '\u{6E6}', '\u{6E9}', '\u{8E2}', '\u{890}',
    ] {
        assert_eq!(normalized(&format!("كت{c}اب")), "كتاب", "U+{:04X}", c as u32);
    }
}

#[test]
fn characters_that_stay_or_split() {
    check(&[
        ("كت اب", "كت اب"),
        ("كت\u{A0}اب", "كت اب"),
        ("كت\u{3000}اب", "كت اب"),
        ("كت\u{2028}اب", "كت اب"),
        ("كت\u{85}اب", "كت اب"),
        ("كت\tاب\r\nقال", "كت اب قال"),
        ("a\u{0}b", "a b"),
        ("a\u{FFFD}b", "a b"),
        // Marks of other scripts cut no word; on an Arabic letter they are dropped.
        ("كت\u{301}اب", "كتاب"),
        ("x\u{304}y", "x\u{304}y"),
        // A mark without a letter is no word.
        ("\u{301}", ""),
        ("- \u{301} -", ""),
    ]);
}

/// One case for each letter of the fold table, between other letters.
#[test]
fn letter_folds() {
    let folds = [
        // Alef: light and folded.
        ("آأإٱٲٳ", ['ا', 'ا', 'ا']),
        // Alef maksura and Persian yeh: light too, other than in the table.
        ("ىی", ['ي', 'ي', '\u{66E}']),
        ("ھہۂۀەۿ", ['ه', 'ه', 'ه']),
        ("کڪګڬڭڮ", ['ك', 'ك', 'ک']),
        ("ڢ", ['ف', 'ف', '\u{66F}']),
        ("ڧڨ", ['ق', 'ق', '\u{66F}']),
        // Urdu teh marbuta: light is teh marbuta.
        ("ةۃ", ['ة', 'ه', 'ه']),
        ("ؤ", ['ؤ', 'و', 'و']),
        ("ئ", ['ئ', 'ي', '\u{66E}']),
        ("پ", ['پ', 'ب', '\u{66E}']),
        ("چ", ['چ', 'ج', 'ح']),
        ("ژ", ['ژ', 'ز', 'ر']),
        ("ڤ", ['ڤ', 'ف', '\u{66F}']),
        ("گ", ['گ', 'ك', 'ک']),
        // Dotless only.
        ("ب", ['ب', 'ب', '\u{66E}']),
        ("ت", ['ت', 'ت', '\u{66E}']),
        ("ث", ['ث', 'ث', '\u{66E}']),
        ("ن", ['ن', 'ن', '\u{66E}']),
        ("ں", ['ں', 'ں', '\u{66E}']),
        ("ٮ", ['ٮ', 'ٮ', '\u{66E}']),
        ("ج", ['ج', 'ج', 'ح']),
        ("ح", ['ح', 'ح', 'ح']),
        ("خ", ['خ', 'خ', 'ح']),
        ("د", ['د', 'د', 'د']),
        ("ذ", ['ذ', 'ذ', 'د']),
        ("ر", ['ر', 'ر', 'ر']),
        ("ز", ['ز', 'ز', 'ر']),
        ("س", ['س', 'س', 'س']),
        ("ش", ['ش', 'ش', 'س']),
        ("ص", ['ص', 'ص', 'ص']),
        ("ض", ['ض', 'ض', 'ص']),
        ("ط", ['ط', 'ط', 'ط']),
        ("ظ", ['ظ', 'ظ', 'ط']),
        ("ع", ['ع', 'ع', 'ع']),
        ("غ", ['غ', 'غ', 'ع']),
        ("ف", ['ف', 'ف', '\u{66F}']),
        ("ق", ['ق', 'ق', '\u{66F}']),
        ("ڡ", ['ڡ', 'ڡ', '\u{66F}']),
        ("ٯ", ['ٯ', 'ٯ', '\u{66F}']),
        ("ك", ['ك', 'ك', 'ک']),
        // Untouched.
        ("ا", ['ا', 'ا', 'ا']),
        ("ل", ['ل', 'ل', 'ل']),
        ("م", ['م', 'م', 'م']),
        ("ه", ['ه', 'ه', 'ه']),
        ("و", ['و', 'و', 'و']),
        ("ي", ['ي', 'ي', '\u{66E}']),
    ];
    for (letters, expected) in folds {
        for letter in letters.chars() {
            let words = expected.map(|to| format!("م{to}ل م{to}"));
            check_views(&[(
                &format!("م{letter}ل م{letter}"),
                [&words[0], &words[1], &words[2]],
            )]);
        }
    }
    // Yehs of other alphabets: folded only.
    for letter in "ۍێېۑےۓ".chars() {
        // U+06D3 is U+06D2 with a hamza, one letter after NFKC.
        let light = format!("م{letter}ل");
        check_views(&[(&light, [&light, "ميل", "م\u{66E}ل"])]);
    }
}

#[test]
fn folds_of_words() {
    check_views(&[
        ("على علي", ["علي علي", "علي علي", "عل\u{66E} عل\u{66E}"]),
        ("كرة كره", ["كرة كره", "كره كره", "کره کره"]),
        ("سأل سال", ["سال سال", "سال سال", "سال سال"]),
        ("سؤال", ["سؤال", "سوال", "سوال"]),
        ("شيء شئ", ["شيء شئ", "شي شي", "س\u{66E} س\u{66E}"]),
        // Bare hamzas are left out, high ones too; a word of them alone is empty.
        ("سوء ء", ["سوء ء", "سو ", "سو "]),
        ("\u{675}", ["ا\u{674}", "ا", "ا"]),
        ("\u{676}\u{678}", ["و\u{674}ي\u{674}", "وي", "و\u{66E}"]),
        // Folds may make runs of three, which become two.
        ("بتث", ["بتث", "بتث", "\u{66E}\u{66E}"]),
        ("يئى", ["يئي", "يي", "\u{66E}\u{66E}"]),
        ("ههة", ["ههة", "هه", "هه"]),
        ("ووء\u{624}", ["ووءؤ", "وو", "وو"]),
        // Latin letters, digits and symbols are the same in all views.
        (
            "Covid19 ! 5 a@b",
            ["covid19 ! 0 @", "covid19 ! 0 @", "covid19 ! 0 @"],
        ),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("5", "0"),
        ("١٢٣", "0"),
        ("۱۲۳", "0"),
        ("१२", "0"),
        ("١2۳", "0"),
        ("1,234.5", "0"),
        ("٣٫٥", "0"),
        ("١٬٢٣٤", "0"),
        ("2017-07-10", "0"),
        ("10/7/2017", "0"),
        ("12:30", "0"),
        ("½", "0 0"),
        ("2²", "0"),
        ("Ⅳ", "iv"),
        // Not one number.
        ("1 2", "0 0"),
        ("1, 2", "0 , 0"),
        ("1..2", "0 . 0"),
        ("1;2", "0 0"),
        ("50%", "0"),
        ("-5", "0"),
        // Digits with letters are a word.
        ("covid19", "covid19"),
        ("covid١٩", "covid19"),
        ("3.5kg", "0 5kg"),
        ("عام2014", "عام 0"),
        ("٢٠١٤م", "0 م"),
    ]);
}

#[test]
fn case_and_look_alikes() {
    check(&[
        ("HeLLo", "hello"),
        ("É", "é"),
        ("İ", "i\u{307}"),
        ("Σ", "σ"),
        ("ДОМ", "дом"),
        // Capitals whose small letter alone has a composed form.
        ("H\u{331}illa", "ẖilla"),
        ("T\u{308}\u{316}", "ẗ\u{316}"),
        // Cyrillic and Greek letters beside Latin ones.
        ("p\u{430}yp\u{430}l", "paypal"),
        ("P\u{410}YP\u{410}L", "paypal"),
        ("\u{3BF}range", "orange"),
        ("k\u{456}ll", "kill"),
        // Not where they carry a mark, look like no Latin letter, or stand among their own.
        ("a\u{43E}\u{304}b", "aо\u{304}b"),
        ("abж", "abж"),
        ("Москва", "москва"),
        ("рас", "рас"),
        ("Ελλάδα", "ελλάδα"),
        ("Москва radio", "москва radio"),
        // A lone Latin letter or inner digit beside Arabic letters.
        ("مoم", "مهم"),
        ("مOم", "مهم"),
        ("م0م", "مهم"),
        ("م٠م", "مهم"),
        ("كتlب", "كتاب"),
        ("كتIب", "كتاب"),
        ("كت1ب", "كتاب"),
        ("lلله", "الله"),
        ("كرo", "كره"),
        // Not letters that look like none, two together, digits at an end.
        ("كتxب", "كت x ب"),
        ("كتllب", "كت ll ب"),
        ("كت10ب", "كت 0 ب"),
        ("كتاب1", "كتاب 0"),
        ("1كتاب", "0 كتاب"),
        ("كتاب l", "كتاب l"),
    ]);
}

#[test]
fn elongation() {
    check(&[
        ("sooooo", "soo"),
        ("soo", "soo"),
        ("so", "so"),
        ("SoOoO", "soo"),
        ("شكرااااا", "شكراا"),
        ("الله", "الله"),
        ("تتعلم", "تتعلم"),
        ("ههههههه", "هه"),
        ("هھہە", "هه"),
        ("أاإآ", "اا"),
        ("علىىى", "عليي"),
        ("مبرووووك", "مبرووك"),
        ("a\u{301}a\u{301}a\u{301}", "áá"),
        ("x\u{304}\u{304}\u{304}", "x\u{304}\u{304}"),
        // Digits in a word too; a number is one placeholder anyway.
        ("a1111", "a11"),
        ("11111", "0"),
        ("!!!!!", "! !"),
        ("؟؟؟؟", "? ?"),
        ("?؟?", "? ?"),
        ("!?!?!?", "! ? ! ? ! ?"),
        ("!! ! !", "! !"),
        ("! a ! a !", "! a ! a !"),
    ]);
}

#[test]
fn links_addresses_hashtags() {
    check(&[
        ("http://example.org", "http://"),
        ("HTTPS://t.co/Abc?d=1#e", "http://"),
        ("see https://t.co/x.", "see http://"),
        ("www.example.com/a_b", "http://"),
        ("(http://a.b)", "http://"),
        ("<http://a.b>x", "http:// x"),
        ("http://a.b/مقال", "http:// مقال"),
        ("http://a.b قال", "http:// قال"),
        ("قال:http://a.b", "قال http://"),
        ("ｈｔｔｐ：／／a.b", "http://"),
        ("http", "http"),
        ("http: //", "http :"),
        ("ahttp://b", "ahttp b"),
        ("www", "ww"),
        ("www.", "ww ."),
        ("awww.b", "aww b"),
        ("example.org", "example org"),
        ("@user", "@"),
        ("@user_name1 قال", "@ قال"),
        ("@المستخدم_1", "@"),
        ("＠user", "@"),
        ("@user.", "@ ."),
        ("@ user", "@ user"),
        ("@", "@"),
        ("@@", "@ @"),
        ("a@b", "@"),
        ("Name.sur_name+tag@mail-host.example.org, x", "@ , x"),
        ("م.ن@بريد.مصر", "@"),
        ("say a@b", "say @"),
        ("a@ b", "a @ b"),
        ("#hashtag", "hashtag"),
        ("#الموصل_تنتصر", "الموصل تنتصر"),
        ("＃الموصل_تنتصر", "الموصل تنتصر"),
        ("snake_case", "snake case"),
    ]);
    assert_eq!(
        kinds("قال 5 ! http://a.b a@b"),
        [
            TokenKind::Word,
            TokenKind::Number,
            TokenKind::Symbol,
            TokenKind::Link,
            TokenKind::Address
        ]
    );
    assert_eq!(
        kinds("http @ 0x"),
        [TokenKind::Word, TokenKind::Address, TokenKind::Word]
    );
}

#[test]
fn words_and_punctuation() {
    check(&[
        ("الموصل؟ما", "الموصل ? ما"),
        ("قال، ثم؛ قال.", "قال , ثم ; قال ."),
        ("قال،ثم؛قال", "قال ثم قال"),
        ("«قال» “a” \"b\"", "\" قال \" \" a \" \" b \""),
        ("(a)[b]{cc}", "a b cc"),
        ("so-called", "so called"),
        ("a/b", "a b"),
        ("wait…what", "wait . . what"),
        ("Don't", "dont"),
        ("Don’t", "dont"),
        ("rock'n'roll", "rocknroll"),
        ("'quoted'", "quoted"),
        ("dogs' x", "dogs x"),
        ("ا'ب", "ا ب"),
        ("1'000", "0"),
        // Without the apostrophe the two would become one letter.
        ("가'\u{11A8}", "가 \u{11A8}"),
        ("東京", "東京"),
        ("ไทย", "ไทย"),
    ]);
}

#[test]
fn scripts_are_cut_apart() {
    check(&[
        ("الـfeedback", "ال feedback"),
        ("feedbackنا", "feedback نا"),
        ("والـUN2014ية", "وال un2014 ية"),
        ("abقالcd", "ab قال cd"),
        ("قالмир", "قال мир"),
        ("miрقال", "mip قال"),
        ("قا\u{301}لab\u{304}", "قال ab\u{304}"),
    ]);
}

#[test]
fn emoji() {
    check(&[
        ("\u{1F525}", "\u{1F525}"),
        ("نار\u{1F525}نار", "نار \u{1F525} نار"),
        ("\u{1F525}\u{1F525}\u{1F525}\u{1F525}", "\u{1F525} \u{1F525}"),
        (
            "\u{1F525}\u{1F4A3}\u{1F525}\u{1F525}",
            "\u{1F525} \u{1F4A3} \u{1F525} \u{1F525}",
        ),
        // Joiners, variation selectors, skin tones and tags are deleted.
        (
            "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
            "\u{1F468} \u{1F469} \u{1F467}",
        ),
        ("\u{2764}\u{FE0F}", "\u{2764}"),
        ("\u{1F44D}\u{1F3FD}", "\u{1F44D}"),
        ("\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}", "\u{1F3F4}"),
        // Flags say nothing that a rule may use.
        ("\u{1F1EE}\u{1F1F6} x", "x"),
        ("\u{20AC} \u{2192} \u{A9}", ""),
    ]);
    assert_eq!(
        kinds("\u{1F525}a!"),
        [TokenKind::Symbol, TokenKind::Word, TokenKind::Symbol]
    );
}

#[test]
fn spaced_letters() {
    check(&[
        ("k i l l", "kill"),
        ("K.I.L.L", "kill"),
        ("k_i_l_l", "kill"),
        ("k-i-l-l", "kill"),
        ("k*i*l*l them", "kill them"),
        ("ق ت ل", "قتل"),
        ("ق.ت.ل", "قتل"),
        ("قـ تـ ل", "قتل"),
        ("قُ تَ ل", "قتل"),
        ("ق\u{1F525}ت\u{1F525}ل", "قتل"),
        ("ق ! ت ! ل !", "قتل !"),
        ("هو ق ت ل هم", "هو قتل هم"),
        // Wider gaps are borders, if each word then has two letters.
        ("ق ت ل  ه م", "قتل هم"),
        ("k i l l   t h e m", "kill them"),
        ("a b  c", "abc"),
        // Long runs are cut after joining.
        ("k i l l l l", "kill"),
        // Two letters, two scripts, digits and words are not joined.
        ("a b", "a b"),
        ("و ب", "و ب"),
        ("a ب c ت", "a ب c ت"),
        ("1 2 3", "0 0 0"),
        ("a 1 b 2 c", "a 0 b 0 c"),
        ("a b cd e f", "a b cd e f"),
        ("a b, http://x.y c", "a b , http:// c"),
        // Three are enough.
        ("i a m", "iam"),
    ]);
}

#[test]
fn stems() {
    for (text, stem) in [
        ("والمدارس بالمدارس للمدارس فالمدارس", "مدارس مدارس مدارس مدارس"),
        ("المقاتلون المقاتلين مقاتلات مقاتلوهم", "مقاتل مقاتل مقاتل مقاتلو"),
        ("حربنا حربهم وحربها", "حرب حرب حرب"),
        ("من في هو بيت", "من في هو بيت"),
        ("وفد باب", "وفد باب"),
        (
            "setback setbacks fighting fighters fought",
            "setback setback fight fight fought",
        ),
        ("is was red bring losses", "is was red bring loss"),
    ] {
        assert_eq!(seen(text, View::Stem), stem, "{text}");
    }
}

#[test]
fn skeletons() {
    for (arabic, latin) in [
        ("حرب", "7arb"),
        ("خسارة", "5sara"),
        ("خسارة", "khosara"),
        ("الشعب", "el sha3b"),
        ("مدينة", "madina"),
        ("عدو", "3adw"),
        ("تضحية", "tad7eya"),
        ("غضب", "ghadab"),
        ("قتال", "qetal"),
    ] {
        let joined = |text| seen(text, View::Skeleton).replace(' ', "");
        assert_eq!(joined(arabic), joined(latin), "{arabic} {latin}");
    }
    assert_eq!(seen("او يا", View::Skeleton), " ");
}
