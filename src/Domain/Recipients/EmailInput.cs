using System.Globalization;

namespace FollowUp.Domain.Recipients;

/// <summary>The result of parsing a mail address from user input.</summary>
/// <param name="Address">The address; null when the text is not one.</param>
/// <param name="Name">The display name of the input: <c>Kim Berg &lt;kim@example.org&gt;</c>.</param>
/// <param name="Wrong">Why the text is not an address, as the end of a sentence that starts with the field's name.</param>
public readonly record struct EmailInput(EmailAddress? Address, string? Name, string? Wrong)
{
    /// <summary>The error for a text that is not an address, when nothing more precise is known.</summary>
    public const string Rule = "must be a mail address, alone and on one line";

    /// <summary>The maximum length of the input.</summary>
    public const int Longest = 1_000;

    /// <summary>
    /// Parses an address: removes surrounding white space of any kind, invisible characters, <c>mailto:</c> and a display name, and
    /// converts a domain outside ASCII to A-labels.
    /// </summary>
    public static EmailInput Read(string? text)
    {
        if (text is null or { Length: > Longest } || text.Any(char.IsControl))
        {
            return No(Rule);
        }

        var (bare, name) = WithoutName(Visible(text));
        bare = WithoutScheme(bare);
        var at = bare.LastIndexOf('@');
        if (at < 0)
        {
            return No(Rule);
        }

        if (bare.IndexOf('@') is var first && first != at)
        {
            return No(
                bare.AsSpan(first, at - first).IndexOfAny(" ,;") >= 0
                    ? "must be one mail address: enrol each recipient in a separate row"
                    : Rule
            );
        }

        if (bare[..at].FirstOrDefault(each => !char.IsAscii(each)) is not '\0' and var letter)
        {
            return No(
                $"must have only ASCII letters before the @: letters such as {letter} are not supported there, because many mail servers refuse them"
            );
        }

        if (DomainNames.ToAscii(bare[(at + 1)..], out var domain) is { } wrong)
        {
            return No(wrong);
        }

        return EmailAddress.Parse($"{bare[..at]}@{domain}") is { } address ? new EmailInput(address, name, null) : No(Rule);

        static EmailInput No(string wrong) => new(null, null, wrong);
    }

    /// <summary>Converts full-width ASCII to ASCII and blanks to spaces, removes invisible characters and trims the ends.</summary>
    private static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var each in text)
        {
            if (each is >= '\uFF01' and <= '\uFF5E')
            {
                visible.Append((char)(each - 0xFEE0));
            }
            else if (char.IsWhiteSpace(each))
            {
                visible.Append(' ');
            }
            else if (char.GetUnicodeCategory(each) != UnicodeCategory.Format || each is '\u200C' or '\u200D')
            {
                // The joiners change the meaning of a word in some scripts, so they are not silently removed.
                visible.Append(each);
            }
        }

        return visible.ToString().Trim();
    }

    private static (string Address, string? Name) WithoutName(string text)
    {
        if (text is not [.., '>'] || text.LastIndexOf('<') is not (>= 0 and var open))
        {
            return (text, null);
        }

        var name = text[..open].Trim().Trim('"', '\'').Trim();
        return name.Contains('<', StringComparison.Ordinal) ? (text, null) : (text[(open + 1)..^1].Trim(), name.Length == 0 ? null : name);
    }

    private static string WithoutScheme(string text)
    {
        const string Scheme = "mailto:";
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var address = text[Scheme.Length..];
        return address.Split('?')[0].Replace("%40", "@", StringComparison.Ordinal).Trim();
    }
}
