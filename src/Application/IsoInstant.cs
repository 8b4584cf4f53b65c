using System.Globalization;

namespace FollowUp.Application;

/// <summary>Instants as clients write and read them: ISO 8601, read with an offset or Z, written in UTC with Z.</summary>
public static class IsoInstant
{
    /// <summary>What to tell a client that wrote something else.</summary>
    public const string Rule = "must be an ISO 8601 instant with an offset, such as 2026-01-31T09:30:00Z";

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>Reads an instant. One without an offset is refused: whose clock it means, only its writer knows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="instant">The instant, in UTC.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(
            text,
            Forms,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant
        );

    /// <summary>Writes an instant.</summary>
    /// <param name="instant">The instant.</param>
    /// <returns>The text.</returns>
    public static string Text(DateTimeOffset instant)
    {
        // Many a page is full of instants, and a format of one's own takes ten times as long as this one.
        Span<char> whole = stackalloc char["yyyy-MM-ddTHH:mm:ss.fffffffZ".Length];
        instant.UtcDateTime.TryFormat(whole, out _, "O", CultureInfo.InvariantCulture);
        return string.Concat(whole[..^1].TrimEnd('0').TrimEnd('.'), "Z");
    }
}
