namespace FollowUp.Infrastructure;

/// <summary>Reduces any text to one line, so that no name, subject or error can break out of the header or log line that contains it.</summary>
internal static partial class SingleLine
{
    /// <summary>The maximum length of a stored error.</summary>
    public const int LongestError = 500;

    /// <summary>The text without control characters and line separators, with runs of white space as one space, cut to a maximum length.</summary>
    public static string Of(string text, int longest = int.MaxValue)
    {
        if (text.Length <= longest && IsPlain(text))
        {
            return text;
        }

        var line = new StringBuilder(Math.Min(text.Length, 256));
        var gap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            // Covers CR, LF, NUL, NEL (U+0085) and the separators U+2028 and U+2029.
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                gap = line.Length > 0;
                continue;
            }

            if (line.Length + (gap ? 1 : 0) + rune.Utf16SequenceLength > longest)
            {
                break;
            }

            if (gap)
            {
                line.Append(' ');
                gap = false;
            }

            line.Append(rune.ToString());
        }

        return line.ToString();
    }

    /// <summary>
    /// The text as a header or as a name in one. Text that looks like an encoded word (RFC 2047) is broken up: a mail program would decode it, and
    /// could then show line breaks and addresses that are not in the text.
    /// </summary>
    public static string Header(string text) => EncodedWord().Replace(Of(text), "= ?");

    /// <summary>Whether nothing needs to change: visible ASCII with single spaces.</summary>
    private static bool IsPlain(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && !text.Contains("  ", StringComparison.Ordinal)
        && text is not ([' ', ..] or [.., ' ']);

    /// <summary>The text as a stored error.</summary>
    public static string Error(string text) => Of(text, LongestError);

    [GeneratedRegex(@"=\?(?=[^\s?]+\?[bBqQ]\?)", RegexOptions.CultureInvariant)]
    private static partial Regex EncodedWord();
}
