using System.Globalization;
using System.Text.RegularExpressions;

namespace FollowUp.Application;

/// <summary>Instants in requests and responses: ISO 8601 (RFC 3339), read with an offset or Z, written in UTC with Z.</summary>
public static partial class IsoInstant
{
    /// <summary>The error for a text that is not an instant.</summary>
    public const string Rule = "must be an ISO 8601 instant with an offset, such as 2026-01-31T09:30:00Z";

    /// <summary>PostgreSQL stores microseconds.</summary>
    private const int StoredDigits = 6;

    /// <summary>The maximum length of a text: an instant with about 100 fraction digits.</summary>
    private const int Longest = 128;

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF"];

    /// <summary>
    /// Parses an instant. Any number of fraction digits is accepted, because Go and Java write nine; digits below a microsecond are
    /// dropped, so that a response shows what is stored. A text without an offset is rejected, because it is ambiguous.
    /// </summary>
    /// <param name="instant">The instant in UTC, in whole microseconds.</param>
    /// <returns>Whether the text is an instant.</returns>
    public static bool TryRead(string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (text is null or { Length: > Longest } || Pattern().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var fraction = match.Groups["fraction"].Value;
        var local = $"{match.Groups["day"]}T{match.Groups["time"]}{fraction[..Math.Min(fraction.Length, StoredDigits + 1)]}";
        if (
            !DateTime.TryParseExact(local, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock)
            || !TryReadOffset(match.Groups["sign"].Value, match.Groups["hours"].Value, match.Groups["minutes"].Value, out var offset)
        )
        {
            return false;
        }

        var ticks = clock.Ticks - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Formats an instant.</summary>
    public static string Text(DateTimeOffset instant)
    {
        // A page has hundreds of instants, and a custom format takes ten times as long.
        Span<char> whole = stackalloc char["yyyy-MM-ddTHH:mm:ss.fffffffZ".Length];
        instant.UtcDateTime.TryFormat(whole, out _, "O", CultureInfo.InvariantCulture);
        return string.Concat(whole[..^1].TrimEnd('0').TrimEnd('.'), "Z");
    }

    private static bool TryReadOffset(string sign, string hours, string minutes, out TimeSpan offset)
    {
        offset = default;
        if (sign.Length == 0)
        {
            return true;
        }

        var (h, m) = (int.Parse(hours, CultureInfo.InvariantCulture), int.Parse(minutes, CultureInfo.InvariantCulture));
        offset = new TimeSpan(h, m, 0) * (sign == "-" ? -1 : 1);
        return h <= 23 && m <= 59;
    }

    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?<fraction>(?<=:[0-9]{2}:[0-9]{2})\.[0-9]+)?(?:[Zz]|(?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2}))\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
