using System.Globalization;
using System.Text.RegularExpressions;
using PhoneNumbers;
using PhoneNumber = FollowUp.Domain.Recipients.PhoneNumber;

namespace FollowUp.Application.Recipients;

/// <summary>The result of parsing a telephone number from user input, with Google's libphonenumber.</summary>
/// <param name="Wrong">Why the text is not a number, as the end of a sentence that starts with the field's name.</param>
internal readonly partial record struct PhoneInput(PhoneNumber? Number, string? Wrong)
{
    private const string Rule = "must be a number with its country code, such as +4915112345678";
    private const int Longest = 100;

    private static readonly PhoneNumberUtil Library = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// Parses a number. Removes blanks, brackets, dashes and dots of any kind, invisible characters, and a trunk zero after the country
    /// code (<c>+44 (0)20 …</c>), except where it belongs to the number, as in Italy. A number without a country code is ambiguous and is
    /// rejected.
    /// </summary>
    public static PhoneInput Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new(null, Rule);
        }

        var plain = text.Length > Longest ? null : Plain(text);
        if (plain is null || plain.Length == 0)
        {
            return new(null, Rule);
        }

        if (Scientific().IsMatch(plain))
        {
            return new(
                null,
                $"was turned into {Shown(text)} by a spreadsheet, which lost its last digits: format the column as text, enter the number again and repeat the export"
            );
        }

        if (plain.Count(each => each == '+') > 1 || plain.Any(each => each is ';' or ','))
        {
            return new(null, $"{Rule}: one number, not {Shown(text)}");
        }

        var number = WithPlus(plain);
        if (number[0] != '+')
        {
            return new(null, $"{Rule}: {Shown(text)} has no country code");
        }

        return !Digits().IsMatch(number) ? new(null, $"{Rule}: {Shown(text)} has characters other than digits") : Parsed(number, text);
    }

    private static PhoneInput Parsed(string number, string text)
    {
        try
        {
            var parsed = WithoutTrunkZero(Library.Parse(number, null));
            if (parsed is null)
            {
                return new(null, $"{Rule}: {Shown(text)} has a 0 after its country code that does not belong there");
            }

            return Library.IsPossibleNumberWithReason(parsed) switch
            {
                PhoneNumberUtil.ValidationResult.IS_POSSIBLE
                    when PhoneNumber.Parse(Library.Format(parsed, PhoneNumberFormat.E164)) is { } good => new(good, null),
                PhoneNumberUtil.ValidationResult.TOO_LONG => new(null, $"{Rule}: {Shown(text)} is too long for its country"),
                PhoneNumberUtil.ValidationResult.INVALID_COUNTRY_CODE => new(
                    null,
                    $"{Rule}: {Shown(text)} has a country code that does not exist"
                ),
                _ => new(null, $"{Rule}: {Shown(text)} is too short for its country"),
            };
        }
        catch (NumberParseException failure)
        {
            return new(
                null,
                failure.ErrorType == ErrorType.INVALID_COUNTRY_CODE ? $"{Rule}: {Shown(text)} has a country code that does not exist" : Rule
            );
        }
    }

    /// <summary>
    /// The library removes the trunk prefix of most countries. Where a country has none, or the zero is duplicated, a zero is removed if
    /// that makes the number valid; otherwise the number is rejected, because a message to it would not arrive.
    /// </summary>
    private static PhoneNumbers.PhoneNumber? WithoutTrunkZero(PhoneNumbers.PhoneNumber parsed)
    {
        var national = Library.GetNationalSignificantNumber(parsed);
        if (national[0] != '0' || Library.IsValidNumber(parsed))
        {
            return parsed;
        }

        var bare = Library.Parse($"+{parsed.CountryCode}{national.TrimStart('0')}", null);
        return Library.IsValidNumber(bare) ? bare : null;
    }

    /// <summary>Removes punctuation, invisible characters and <c>tel:</c>, and converts digits of other scripts to ASCII.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var each in text)
        {
            var category = char.GetUnicodeCategory(each);
            if (category == UnicodeCategory.DecimalDigitNumber)
            {
                plain.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(each)));
            }
            else if (each is '+' or '\uFF0B')
            {
                plain.Append('+');
            }
            else if (each is ',' or ';' || char.IsLetter(each))
            {
                plain.Append(each);
            }
            else if (each == '.' && plain.Length == 1)
            {
                // The decimal point of 4.9E+12 is kept; the dots of +49.151.234 are punctuation.
                plain.Append(each);
            }
        }

        var number = plain.ToString();
        return number.StartsWith("tel", StringComparison.OrdinalIgnoreCase) ? number[3..] : number;
    }

    /// <summary>00 is the international prefix of the ITU: <c>0049 151 …</c>.</summary>
    private static string WithPlus(string number) =>
        number.StartsWith("+00", StringComparison.Ordinal) ? $"+{number[3..]}"
        : number.StartsWith("00", StringComparison.Ordinal) ? $"+{number[2..]}"
        : number;

    private static string Shown(string text) => text.Length <= 40 ? $"'{text.Trim()}'" : $"'{text[..40].Trim()}…'";

    [GeneratedRegex(@"^[0-9](?:[.,][0-9]*)?[eE]\+?[0-9]{1,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Scientific();

    [GeneratedRegex(@"^\+[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
