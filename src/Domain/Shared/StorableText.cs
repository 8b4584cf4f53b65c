namespace FollowUp.Domain.Shared;

/// <summary>Text that PostgreSQL and every provider accept: well-formed UTF-16 without U+0000.</summary>
/// <remarks>
/// The database driver throws on an unpaired surrogate before it sends anything, and PostgreSQL rejects U+0000. Templates can produce both:
/// <c>slice</c> and <c>truncate</c> cut UTF-16 code units, and <c>base64_decode</c> yields any character.
/// </remarks>
public static class StorableText
{
    /// <summary>Replaces each unpaired surrogate by U+FFFD and removes U+0000.</summary>
    /// <returns>The same string when nothing has to be changed.</returns>
    public static string Of(string text)
    {
        if (IsStorable(text))
        {
            return text;
        }

        var storable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0)
            {
                storable.Append(rune.ToString());
            }
        }

        return storable.ToString();
    }

    /// <summary>Whether <see cref="Of"/> would return the text unchanged.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
        {
            return false;
        }

        for (var at = text.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0; )
        {
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return false;
            }

            text = text[(at + 2)..];
            at = text.IndexOfAnyInRange('\ud800', '\udfff');
        }

        return true;
    }
}
