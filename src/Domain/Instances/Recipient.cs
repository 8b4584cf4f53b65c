using System.Text.RegularExpressions;

namespace FollowUp.Domain.Instances;

/// <summary>A mail address that an SMTP envelope can carry (RFC 5321): ASCII, one line, at most 254 characters.</summary>
public readonly partial record struct EmailAddress
{
    /// <summary>The longest address (RFC 5321, section 4.5.3.1.3, less the angle brackets).</summary>
    public const int Longest = 254;

    private EmailAddress(string value) => Value = value;

    /// <summary>The address as it was given.</summary>
    public string Value { get; }

    /// <summary>The form in which addresses are compared: lower case, since no mailbox provider in use tells case apart.</summary>
    public string Key => Value.ToLowerInvariant();

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address alone, without a display name.</param>
    /// <returns>The address, or null when it is none.</returns>
    public static EmailAddress? Parse(string? text) =>
        text is { Length: > 0 and <= Longest } && Pattern().IsMatch(text) ? new EmailAddress(text) : null;

    /// <summary>An address that was checked when it was stored.</summary>
    /// <param name="stored">What <see cref="Value"/> was.</param>
    /// <returns>The address.</returns>
    public static EmailAddress FromStore(string stored) => new(stored);

    // The local part is a dot-atom of at most 64 characters, the domain a series of LDH labels that ends in a letter-led one.
    [GeneratedRegex(
        @"^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}

/// <summary>A telephone number in E.164 form, such as <c>+4915112345678</c>.</summary>
public readonly partial record struct PhoneNumber
{
    private PhoneNumber(string value) => Value = value;

    /// <summary>A plus sign and 7 to 15 digits.</summary>
    public string Value { get; }

    /// <summary>Reads a number; spaces, dots, hyphens and brackets are passed over.</summary>
    /// <param name="text">A number with its country code.</param>
    /// <returns>The number, or null when it is none.</returns>
    public static PhoneNumber? Parse(string? text)
    {
        if (text is not { Length: > 0 and <= 40 })
        {
            return null;
        }

        var digits = Punctuation().Replace(text, "");
        return E164().IsMatch(digits) ? new PhoneNumber(digits) : null;
    }

    /// <summary>A number that was checked when it was stored.</summary>
    /// <param name="stored">What <see cref="Value"/> was.</param>
    /// <returns>The number.</returns>
    public static PhoneNumber FromStore(string stored) => new(stored);

    [GeneratedRegex(@"[ .()\-]", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex E164();
}

/// <summary>The person whom an instance is for.</summary>
/// <param name="Email">Where mail goes.</param>
/// <param name="Name">The person's name, or null.</param>
/// <param name="Phone">Where text messages go, or null.</param>
/// <param name="TimeZone">An IANA time zone, or null.</param>
public sealed record Recipient(EmailAddress Email, string? Name, PhoneNumber? Phone, string? TimeZone)
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The name's first word; null without a name.</summary>
    public string? FirstName => Name?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
