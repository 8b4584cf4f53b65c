using System.Text.RegularExpressions;

namespace FollowUp.Domain.Recipients;

/// <summary>
/// A mail address that an SMTP envelope can carry (RFC 5321): ASCII, one line, at most 254 characters. The labels of a domain in another script are
/// stored as A-labels (<c>info@xn--bcher-kva.example</c>); <see cref="Display"/> shows them as people write them.
/// </summary>
public readonly partial record struct EmailAddress
{
    /// <summary>The longest address (RFC 5321, section 4.5.3.1.3, less the angle brackets).</summary>
    public const int Longest = 254;

    private EmailAddress(string value) => Value = value;

    /// <summary>The address as an envelope carries it.</summary>
    public string Value { get; }

    /// <summary>The form in which addresses are compared: lower case, since no mailbox provider in use tells case apart.</summary>
    public string Key => Value.ToLowerInvariant();

    /// <summary>The address as people read it: with the letters of its domain in place of A-labels.</summary>
    public string Display => DomainNames.Display(Value);

    /// <summary>Reads an address in its stored form.</summary>
    /// <param name="text">The address alone, in ASCII, without a display name. <see cref="EmailInput"/> reads what people write.</param>
    /// <returns>The address, or null when the text is not one.</returns>
    public static EmailAddress? Parse(string? text) =>
        text is { Length: > 0 and <= Longest } && Pattern().IsMatch(text) ? new EmailAddress(text) : null;

    /// <summary>An address that was checked when it was stored.</summary>
    /// <param name="stored">What <see cref="Value"/> was.</param>
    public static EmailAddress FromStore(string stored) => new(stored);

    // The local part is a dot-atom of at most 64 characters, the domain a series of LDH labels that ends in a letter-led one.
    [GeneratedRegex(
        @"^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
