using System.Text.RegularExpressions;

namespace FollowUp.Domain.Recipients;

/// <summary>A telephone number in E.164 form, such as <c>+4915112345678</c>.</summary>
public readonly partial record struct PhoneNumber
{
    private PhoneNumber(string value) => Value = value;

    /// <summary>A plus sign and 7 to 15 digits.</summary>
    public string Value { get; }

    /// <summary>Parses a number in E.164 form; spaces, dots, hyphens and brackets are allowed.</summary>
    /// <param name="text">A number with its country code and without a trunk prefix.</param>
    public static PhoneNumber? Parse(string? text)
    {
        if (text is not { Length: > 0 and <= 40 })
        {
            return null;
        }

        var digits = Punctuation().Replace(text, "");
        return E164().IsMatch(digits) ? new PhoneNumber(digits) : null;
    }

    /// <summary>Restores a number that was validated when it was stored.</summary>
    /// <param name="stored">The stored <see cref="Value"/>.</param>
    public static PhoneNumber FromStore(string stored) => new(stored);

    [GeneratedRegex(@"[ .()\-]", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex E164();
}
