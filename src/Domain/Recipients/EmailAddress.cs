using System.Text.RegularExpressions;

namespace FollowUp.Domain.Recipients;

/// <summary>
/// A mail address that an SMTP envelope can carry (RFC 5321): ASCII, one line, at most 254 characters. Internationalized domains are stored
/// as A-labels (<c>info@xn--bcher-kva.example</c>); <see cref="Display"/> shows them in Unicode.
/// </summary>
public readonly partial record struct EmailAddress
{
    /// <summary>The maximum length (RFC 5321, section 4.5.3.1.3, without the angle brackets).</summary>
    public const int Longest = 254;

    private EmailAddress(string value) => Value = value;

    /// <summary>The address in the form that an envelope carries.</summary>
    public string Value { get; }

    /// <summary>The form for comparisons: lower case, because no mailbox provider in use distinguishes case.</summary>
    public string Key => Value.ToLowerInvariant();

    /// <summary>The address with its domain in Unicode.</summary>
    public string Display => DomainNames.Display(Value);

    /// <summary>Parses an address in its stored form.</summary>
    /// <param name="text">The address in ASCII, without a display name. <see cref="EmailInput"/> parses user input.</param>
    public static EmailAddress? Parse(string? text) =>
        text is { Length: > 0 and <= Longest } && Pattern().IsMatch(text) ? new EmailAddress(text) : null;

    /// <summary>Restores an address that was validated when it was stored.</summary>
    /// <param name="stored">The stored <see cref="Value"/>.</param>
    public static EmailAddress FromStore(string stored) => new(stored);

    // The local part is a dot-atom of at most 64 characters; the domain is a series of LDH labels whose last one starts with a letter.
    [GeneratedRegex(
        @"^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
