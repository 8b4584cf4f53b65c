using System.Globalization;
using Ardalis.Result;

namespace FollowUp.Web.Http;

/// <summary>Reads query parameters and collects an error for each invalid one.</summary>
internal sealed class QueryReader
{
    private readonly List<ValidationError> _errors = [];

    /// <summary>The errors so far; null when there are none.</summary>
    public ProblemHttp? Problem => _errors.Count == 0 ? null : Problems.Invalid(_errors);

    public int? Number(string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _errors.Add(new(name, "must be a whole number"));
        return null;
    }

    public Guid? Id(string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }

        _errors.Add(new(name, "must be an id"));
        return null;
    }

    public DateTimeOffset? Instant(string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        // A plus sign that was not encoded arrives as a space.
        if (IsoInstant.TryRead(text.Replace(' ', '+'), out var instant))
        {
            return instant;
        }

        _errors.Add(new(name, IsoInstant.Rule));
        return null;
    }

    /// <summary>A day in UTC: a date, or the instant at which the day begins.</summary>
    public DateOnly? Day(string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        if (IsoInstant.TryRead(text.Replace(' ', '+'), out var instant) && instant.TimeOfDay == TimeSpan.Zero)
        {
            return DateOnly.FromDateTime(instant.UtcDateTime);
        }

        _errors.Add(new(name, "must be a day in UTC, such as 2026-01-31, or the instant at which the day begins"));
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>; absent means false.</summary>
    public bool Flag(string name, string? text)
    {
        if (text is not (null or "true" or "false"))
        {
            _errors.Add(new(name, "must be true or false"));
        }

        return text == "true";
    }

    /// <summary>Adds an error for a parameter.</summary>
    public void Wrong(string name, string rule) => _errors.Add(new(name, rule));

    /// <summary><c>true</c> or <c>false</c>; null when absent.</summary>
    public bool? FlagOrNull(string name, string? text) => text is null ? null : Flag(name, text);

    public string? Text(string name, string? text)
    {
        if (text?.Contains('\0', StringComparison.Ordinal) == true)
        {
            _errors.Add(new(name, "must not hold the character U+0000"));
        }

        return text;
    }
}
