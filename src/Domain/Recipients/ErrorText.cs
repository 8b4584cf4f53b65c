using System.Text.RegularExpressions;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Recipients;

/// <summary>
/// An error that is kept beside an instance or an attempt: one line, at most 500 characters, without the recipient's name and without addresses.
/// Providers quote them in their messages. Events, which cannot be erased, hold a code instead.
/// </summary>
public static partial class ErrorText
{
    /// <summary>How much of an error is kept, in UTF-16 code units.</summary>
    public const int Longest = 500;

    /// <summary>How much of an error is read: replacing costs work for each character, and little of the text is kept.</summary>
    private const int LongestRead = 4_000;

    /// <summary>An address with each of its characters escaped as three.</summary>
    private const int LongestAddress = 3 * EmailAddress.Longest;

    /// <summary>Shorter names occur in ordinary words.</summary>
    private const int ShortestName = 4;

    /// <summary>Removes personal data and bounds the text.</summary>
    /// <param name="error">What a provider, the network or a template said.</param>
    /// <param name="recipient">Whose message it was.</param>
    /// <returns>The text that may be kept.</returns>
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

    /// <summary>Ends between two words, since the beginning of an address is not recognized as one.</summary>
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

    // Linear by construction. With backtracking, only an optimization of the engine keeps it from reading a long word again from each of its characters.
    [GeneratedRegex(
        @"[^\s<>""'(\[:;,=]+(?:@|%40)[^\s<>""')\];,]+",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();

    // With its country code, as phone numbers are stored, whatever stands between the digits.
    [GeneratedRegex(@"(?:\+|%2B)[1-9](?:[ ().\-/]{0,2}[0-9]){6,14}(?![0-9])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Breaks();
}
