using System.Collections.Frozen;
using System.Globalization;

namespace FollowUp.Domain.Recipients;

/// <summary>
/// The first and last name in a display name. A wrong salutation is worse than a neutral one, so the name is split only if it is plainly
/// "First Last" or "Last, First". Companies, couples, single words, initials and scripts that put the family name first give no result.
/// </summary>
/// <param name="Last">The last name with its particles.</param>
public readonly record struct PersonName(string First, string Last)
{
    private const int MostWords = 5;

    /// <summary>Used before a full name as well as before a last name alone.</summary>
    private static readonly FrozenSet<string> Salutations = Words(
        "herr herrn frau fräulein mr mister mrs ms miss mx sir madam dame lord lady monsieur mme madame mlle mademoiselle m hr fr señor señora sr sra srta "
            + "signor signora signore sig sigra dhr mevr mevrouw meneer pan pani senhor senhora"
    );

    private static readonly FrozenSet<string> Titles = Words(
        "dr prof professor doctor doktor mag ing dipl dipl-ing dipl-kfm dipl-kffr dipl-inf dipl-psych med phil rer nat jur habil pd priv-doz univ-prof "
            + "hon rev fr capt lt col gen ra rain arch ir drs mgr bc"
    );

    /// <summary>Titles that are also written without a full stop and are not first names.</summary>
    private static readonly FrozenSet<string> PlainTitles = Words("dr prof professor doctor doktor dipl-ing");

    private static readonly FrozenSet<string> Suffixes = Words(
        "jr sr ii iii iv phd md mba msc bsc ma ba llm dds esq cpa pe rn mph edd dphil mphil pmp dr prof dipl-ing"
    );

    private static readonly FrozenSet<string> PlainSuffixes = Words("jr sr phd esq");

    /// <summary>The first words of a last name.</summary>
    private static readonly FrozenSet<string> Particles = Words("van von vom zu zum zur de del della di dos du des");

    /// <summary>Words that do not occur in personal names.</summary>
    private static readonly FrozenSet<string> NoPerson = Words(
        "gmbh ag kg ohg ug se ev inc llc ltd limited corp corporation company co plc sa sas sarl srl spa bv nv ab oy as aps kft zrt sp zoo "
            + "group gruppe holding team info office support sales service vertrieb buchhaltung einkauf verwaltung sekretariat kontakt contact admin "
            + "administrator marketing billing accounting hr hello noreply no-reply newsletter unknown unbekannt none null test familie family firma fam "
            + "eheleute hotel restaurant praxis kanzlei stadt gemeinde university universität shop store the and und et"
    );

    /// <summary>Parses a display name.</summary>
    /// <returns>The parts; null when they are ambiguous.</returns>
    public static PersonName? Guess(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var text = Tidy(name);
        if (text.Any(each => !IsOfName(each)))
        {
            return null;
        }

        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) switch
        {
            [var whole] => FirstLast(whole),
            // "Kim Berg, PhD" is not "last name, first name".
            [var whole, var suffix] when suffix.Split(' ').All(IsSuffix) => FirstLast(whole),
            [var last, var first] => LastFirst(last, first),
            [var last, var first, var suffix] when suffix.Split(' ').All(IsSuffix) => LastFirst(last, first),
            _ => null,
        };
    }

    private static PersonName? FirstLast(string text)
    {
        var words = text.Split(' ').ToList();
        Strip(words);
        while (words.Count > 2 && IsSuffix(words[^1]))
        {
            words.RemoveAt(words.Count - 1);
        }

        return
            words.Count is >= 2 and <= MostWords
            && ArePersonal(words)
            && IsFirst(words[0])
            && !Particles.Contains(Key(words[0]))
            // "BERG Kim": capitals mark a family name, which then comes first.
            && (!IsInCapitals(words[0]) || words.TrueForAll(IsInCapitals))
            ? new PersonName(words[0], string.Join(' ', words.Skip(1)))
            : null;
    }

    private static PersonName? LastFirst(string last, string first)
    {
        var firsts = first.Split(' ').ToList();
        Strip(firsts);
        var lasts = last.Split(' ').ToList();
        Strip(lasts);
        return firsts.Count is 1 or 2 && lasts.Count is >= 1 and <= 3 && ArePersonal(firsts) && ArePersonal(lasts) && IsFirst(firsts[0])
            ? new PersonName(firsts[0], string.Join(' ', lasts))
            : null;
    }

    /// <summary>Removes salutations and titles at the start.</summary>
    private static void Strip(List<string> words)
    {
        while (words.Count > 0 && (Salutations.Contains(Key(words[0])) || IsTitle(words[0])))
        {
            words.RemoveAt(0);
        }
    }

    private static bool IsTitle(string word) =>
        Titles.Contains(Key(word)) && (word.Contains('.', StringComparison.Ordinal) || PlainTitles.Contains(Key(word)));

    /// <summary>Case matters: "Yo-Yo Ma" has no degree.</summary>
    private static bool IsSuffix(string word) =>
        Suffixes.Contains(Key(word))
        && (word.Contains('.', StringComparison.Ordinal) || IsInCapitals(word) || PlainSuffixes.Contains(Key(word)));

    private static bool ArePersonal(List<string> words) => words.TrueForAll(word => !NoPerson.Contains(Key(word)));

    /// <summary>At least two letters and not an abbreviation.</summary>
    private static bool IsFirst(string word) => word.Count(char.IsLetter) >= 2 && !word.EndsWith('.');

    private static bool IsInCapitals(string word) => word.Count(char.IsLetter) > 1 && !word.Any(char.IsLower) && word.Any(char.IsUpper);

    /// <summary>Letters of scripts that put the first name first, and the characters between them.</summary>
    private static bool IsOfName(char each) =>
        each is ' ' or '-' or '\'' or '’' or '.' or ',' or '‐' || (IsLetterOrMark(each) && !IsEastAsian(each));

    private static bool IsLetterOrMark(char each) =>
        char.IsLetter(each) || char.GetUnicodeCategory(each) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Han, kana, Hangul, Bopomofo and Yi, with the half-width forms.</summary>
    private static bool IsEastAsian(char each) =>
        each is >= '\u1100' and <= '\u11FF' or >= '\u2E80' and <= '\uA4CF' or >= '\uA960' and <= '\uA97F' or >= '\uAC00' and <= '\uD7FF'
        || each is >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF';

    /// <summary>Collapses white space to single spaces, and removes invisible characters and quotes around the name.</summary>
    private static string Tidy(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var each in name)
        {
            if (char.IsWhiteSpace(each))
            {
                if (text.Length > 0 && text[^1] != ' ')
                {
                    text.Append(' ');
                }
            }
            else if (char.GetUnicodeCategory(each) != UnicodeCategory.Format)
            {
                text.Append(each);
            }
        }

        return text.ToString().Trim(' ', '"', '“', '”', '„', '\'');
    }

    private static string Key(string word) => word.Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
