using System.Globalization;

namespace FollowUp.Domain.Recipients;

/// <summary>Converts internationalized domain names (IDNA 2008) to the A-labels of DNS and SMTP and back.</summary>
internal static class DomainNames
{
    private const string Prefix = "xn--";

    /// <summary>The program runs without ICU, so this is .NET's own Punycode; the other mappings and checks of ICU are done in this class.</summary>
    private static readonly IdnMapping Mapping = new() { UseStd3AsciiRules = true };

    /// <summary>Converts a domain to ASCII. An ASCII domain stays unchanged.</summary>
    /// <param name="ascii">The domain with A-labels.</param>
    /// <returns>The error as the end of a sentence; null when there is none.</returns>
    public static string? ToAscii(string domain, out string ascii)
    {
        ascii = domain;
        if (domain.All(char.IsAscii))
        {
            return null;
        }

        if (domain.FirstOrDefault(IsCombiningAccent) is not '\0' and var accent)
        {
            return $"has a combining accent (U+{(int)accent:X4}) in its domain: write the letter and its accent as one character, such as ü";
        }

        if (domain.FirstOrDefault(each => !char.IsAscii(each) && !IsAllowed(each)) is not '\0' and var strange)
        {
            return $"has the character U+{(int)strange:X4} in its domain, which is not allowed in domain names";
        }

        try
        {
            ascii = Mapping.GetAscii(domain.ToLowerInvariant());
            return null;
        }
        catch (ArgumentException)
        {
            return "has a domain that cannot be written in ASCII: a label is empty, is too long or has a character that is not allowed in domain names";
        }
    }

    /// <summary>An address with its domain in Unicode; unchanged when the domain has no A-label or an invalid one.</summary>
    public static string Display(string address)
    {
        var at = address.LastIndexOf('@');
        if (!address.AsSpan(at + 1).Contains(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return address;
        }

        try
        {
            return address[..(at + 1)] + Mapping.GetUnicode(address[(at + 1)..]);
        }
        catch (ArgumentException)
        {
            return address;
        }
    }

    /// <summary>Letters, digits, the combining marks of scripts such as Devanagari and Thai, and the full stops of Chinese and Japanese.</summary>
    private static bool IsAllowed(char each) =>
        char.IsLetterOrDigit(each)
        || char.IsSurrogate(each)
        || char.GetUnicodeCategory(each) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || each is '\u3002' or '\uFF0E' or '\uFF61' or '\u30FB' or '\u00B7';

    /// <summary>
    /// Decomposed letters would need Unicode normalization, which .NET does not have without ICU; they would become a different domain.
    /// </summary>
    private static bool IsCombiningAccent(char each) => each is >= '\u0300' and <= '\u036F';
}
