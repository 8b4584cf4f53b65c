using System.Text.RegularExpressions;

namespace FollowUp.Domain.Recipients;

/// <summary>A telephone number in E.164 form, such as <c>+4915112345678</c>.</summary>
public readonly partial record struct PhoneNumber
{
    private PhoneNumber(string value) => Value = value;

    /// <summary>A plus sign and 7 to 15 digits.</summary>
    public string Value { get; }

    /// <summary>Reads a number that is in E.164 form but for spaces, dots, hyphens and brackets.</summary>
    /// <param name="text">A number with its country code and without a trunk prefix.</param>
    /// <returns>The number, or null when the text is not one.</returns>
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
    public static PhoneNumber FromStore(string stored) => new(stored);

    [GeneratedRegex(@"[ .()\-]", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex E164();
}
