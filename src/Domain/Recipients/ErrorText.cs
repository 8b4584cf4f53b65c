using System.Text.RegularExpressions;

namespace FollowUp.Domain.Recipients;

/// <summary>
/// The error text kept with an instance or an attempt: one line, at most 500 characters, without the recipient's name and without
/// addresses, which providers quote in their messages. Events cannot be erased and keep a code instead.
/// </summary>
public static partial class ErrorText
{
    /// <summary>The maximum length of the kept text, in UTF-16 code units.</summary>
    public const int Longest = 500;

    /// <summary>The part of an error that is processed: replacing costs work per character, and little of the text is kept.</summary>
    private const int LongestRead = 4_000;

    /// <summary>An address whose characters are all percent-encoded, three characters each.</summary>
    private const int LongestAddress = 3 * EmailAddress.Longest;

    /// <summary>Shorter names occur in ordinary words.</summary>
    private const int ShortestName = 4;

    /// <summary>Removes personal data and limits the length.</summary>
    /// <param name="error">The text from a provider, the network or a template.</param>
    public static string Of(string error, Recipient recipient)
    {
        var text = StorableText.Of(Beginning(error));
        text = Replace(text, recipient.Email.Value, "<address>");
        text = Replace(text, Uri.EscapeDataString(recipient.Email.Value), "<address>");
        text = Replace(text, recipient.Email.Display, "<address>");
        if (recipient.Phone is { Value: var phone })
        {
            text = Replace(text, phone, "<number>");
            text = Replace(text, phone[1..], "<number>");
        }

        foreach (var name in (string?[])[recipient.Name, recipient.GivenFirstName, recipient.GivenLastName])
        {
            text = name is { Length: >= ShortestName } ? Replace(text, name, "<name>") : text;
        }

        return Cut(Breaks().Replace(Number().Replace(Address().Replace(text, "<address>"), "<number>"), " ").Trim());
    }

    /// <summary>Cuts between two words, because a truncated address is not recognized as one.</summary>
    private static string Beginning(string error)
    {
        if (error.Length <= LongestRead)
        {
            return error;
        }

        var space = error.LastIndexOf(' ', LongestRead - 1, LongestAddress);
        return error[..(space < 0 ? LongestRead : space)];
    }

    private static string Replace(string text, string personal, string by) =>
        text.Replace(personal, by, StringComparison.OrdinalIgnoreCase);

    private static string Cut(string text) =>
        text.Length <= Longest ? text
        : char.IsHighSurrogate(text[Longest - 1]) ? text[..(Longest - 1)]
        : text[..Longest];

    // Non-backtracking, so linear by construction. With backtracking, only an engine optimization avoids rescanning a long word from each
    // of its characters.
    [GeneratedRegex(
        @"[^\s<>""'(\[:;,=]+(?:@|%40)[^\s<>""')\];,]+",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();

    // With country code, as phone numbers are stored, and any separators between the digits.
    [GeneratedRegex(@"(?:\+|%2B)[1-9](?:[ ().\-/]{0,2}[0-9]){6,14}(?![0-9])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Breaks();
}
