using System.Globalization;

namespace FollowUp.Domain.Recipients;

/// <summary>Internationalised domain names (IDNA 2008): from the letters that people write to the A-labels that DNS and SMTP carry, and back.</summary>
internal static class DomainNames
{
    private const string Prefix = "xn--";

    /// <summary>The program runs without ICU, so this is .NET's own Punycode; what ICU would map or refuse besides is done in this class.</summary>
    private static readonly IdnMapping Mapping = new() { UseStd3AsciiRules = true };

    /// <summary>A domain in ASCII. One that is ASCII already stays as it is.</summary>
    /// <param name="ascii">The domain with A-labels.</param>
    /// <returns>What is wrong with the domain, as the end of a sentence; null when nothing is.</returns>
    public static string? ToAscii(string domain, out string ascii)
    {
        ascii = domain;
        if (domain.All(char.IsAscii))
        {
            return null;
        }

        if (domain.FirstOrDefault(IsCombiningAccent) is not '\0' and var accent)
        {
            return $"has an accent apart from its letter (U+{(int)accent:X4}) in its domain: write the letter and its accent as one character, such as ü";
        }

        if (domain.FirstOrDefault(each => !char.IsAscii(each) && !IsAllowed(each)) is not '\0' and var strange)
        {
            return $"has the character U+{(int)strange:X4} in its domain, which domain names do not have";
        }

        try
        {
            ascii = Mapping.GetAscii(domain.ToLowerInvariant());
            return null;
        }
        catch (ArgumentException)
        {
            return "has a domain that cannot be written in ASCII: a label is empty, too long or has a character that domain names do not have";
        }
    }

    /// <summary>An address with the letters of its domain; as it is when its domain has no A-label, or one that stands for nothing.</summary>
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

    /// <summary>Letters, digits, the marks of scripts such as Devanagari and Thai, and the full stops of Chinese and Japanese.</summary>
    private static bool IsAllowed(char each) =>
        char.IsLetterOrDigit(each)
        || char.IsSurrogate(each)
        || char.GetUnicodeCategory(each) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || each is '\u3002' or '\uFF0E' or '\uFF61' or '\u30FB' or '\u00B7';

    /// <summary>Letters in two parts would need Unicode normalization, which .NET does not have without ICU; they would become another domain.</summary>
    private static bool IsCombiningAccent(char each) => each is >= '\u0300' and <= '\u036F';
}
