using System.Globalization;
using Fluid;
using Fluid.Values;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Parses dates for templates: ISO 8601, seconds since 1970 (a number or a text), <c>now</c> and <c>today</c>, <c>31.12.2027</c> (with dots the day
/// always comes first), and dates with an English month name. Any other text, such as <c>01/02/2027</c>, is ambiguous: it is an error and never a
/// guess.
/// </summary>
internal static partial class DateReader
{
    /// <summary>March 1973. Smaller numbers are years, Excel's serial days or compact dates, and would all be read as days in 1970.</summary>
    private const decimal SmallestSeconds = 100_000_000m;
    private const decimal LargestSeconds = 253_402_300_799m;
    private const int Longest = 64;

    private static readonly LocalDateTimePattern[] Forms =
    [
        .. (
            "uuuu-MM-dd'T'HH:mm:ss;FFFFFFFFF|uuuu-MM-dd'T'HH:mm|uuuu-MM-dd HH:mm:ss;FFFFFFFFF|uuuu-MM-dd HH:mm|uuuu-MM-dd|uuuu/MM/dd|"
            + "d.M.uuuu|d.M.uuuu H:mm|d.M.uuuu H:mm:ss|d MMMM uuuu|d MMM uuuu|MMMM d, uuuu|MMM d, uuuu"
        )
            .Split('|')
            .Select(LocalDateTimePattern.CreateWithInvariantCulture),
    ];

    public static DateTimeOffset Read(FluidValue input, DateTimeZone? named, TemplateContext context)
    {
        try
        {
            return ReadAny(input, named, context);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or OverflowException)
        {
            // A date at the very start or end of the calendar, which the zone moves out of range.
            throw new FluidException($"{Numbers.Shown(input)} is not a date: it is out of range.");
        }
    }

    private static DateTimeOffset ReadAny(FluidValue input, DateTimeZone? named, TemplateContext context)
    {
        if (input is DateTimeValue && input.ToObjectValue() is DateTimeOffset instant)
        {
            // A value converted by time_zone keeps its local time if no other zone is given.
            return named is null ? instant : At(named, instant);
        }

        var zone = named ?? DateTimeZone.Utc;
        if (input is NumberValue)
        {
            return FromSeconds(input.ToNumberValue(), input, zone);
        }

        var text = input is StringValue ? input.ToStringValue().Trim() : "";
        return text is "now" or "today" ? At(zone, context.Now())
            : Seconds().IsMatch(text) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? FromSeconds(seconds, input, zone)
            : Written(text, zone) ?? throw new FluidException($"{Numbers.Shown(input)} {Advice(text)}");
    }

    /// <summary>Whether a text is a date in one of the written forms, and the time that it represents; without an offset it is UTC.</summary>
    public static bool TryReadWritten(string text, out DateTimeOffset date)
    {
        var read = Written(text.Trim(), DateTimeZone.Utc);
        date = read ?? default;
        return read is not null;
    }

    private static DateTimeOffset? Written(string text, DateTimeZone zone)
    {
        if (text.Length is 0 or > Longest)
        {
            return null;
        }

        if (WithOffset().Match(text) is { Success: true } match)
        {
            var offset = match.Groups["offset"].Value;
            var instant = $"{match.Groups["day"]}T{match.Groups["time"]}{(offset.Length is 0 or 3 ? "Z" : offset)}";
            return Application.IsoInstant.TryRead(instant, out var read) ? At(zone, read) : null;
        }

        if (DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var mailDate))
        {
            return At(zone, mailDate);
        }

        foreach (var form in Forms)
        {
            if (form.Parse(text) is { Success: true, Value: var local })
            {
                return zone.AtLeniently(local).ToDateTimeOffset();
            }
        }

        return null;
    }

    private static DateTimeOffset FromSeconds(decimal seconds, FluidValue input, DateTimeZone zone) =>
        Math.Abs(seconds) switch
        {
            < SmallestSeconds => throw new FluidException(
                $"{Numbers.Shown(input)} is not a date: a number means seconds since 1970 and has at least 9 digits. Write a date such as 2027-12-31."
            ),
            > LargestSeconds => throw new FluidException(
                $"{Numbers.Shown(input)} is not a date: a number means seconds since 1970, not milliseconds."
            ),
            _ when seconds < -62_135_596_800m => throw new FluidException($"{Numbers.Shown(input)} is not a date."),
            _ => At(zone, DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))),
        };

    private static string Advice(string text) =>
        text.Any(char.IsAsciiDigit)
            ? "is not a date that has one meaning. Write 2027-12-31, 31.12.2027 or 2027-12-31T09:30:00Z."
            : "is not a date.";

    private static DateTimeOffset At(DateTimeZone zone, DateTimeOffset instant) =>
        Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeOffset();

    [GeneratedRegex(@"^-?[0-9]{1,15}(?:\.[0-9]{1,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();

    /// <summary>ISO 8601 with an offset, and the formats of Ruby and PostgreSQL: <c>2027-01-01 10:00:00 +0100</c>, <c>… UTC</c>.</summary>
    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?) ?(?:[Zz]|(?<offset>UTC|[+-][0-9]{2}(?::?[0-9]{2})?))\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex WithOffset();
}
