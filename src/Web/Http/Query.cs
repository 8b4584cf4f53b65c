using System.Globalization;
using Ardalis.Result;

namespace FollowUp.Web.Http;

/// <summary>A query parameter that is not text. If it is invalid, the route does not run, and the response names the parameter and the rule.</summary>
/// <typeparam name="T">int, Guid, DateTimeOffset, bool, or DateOnly for a day in UTC.</typeparam>
internal sealed class Query<T> : IQueryParameter
    where T : struct
{
    private T? _value;

    public string? Wrong { get; private init; }

    public static implicit operator T?(Query<T>? query) => query?._value;

    /// <summary>Succeeds for every text, so that the filter can name all invalid parameters in one response.</summary>
    public static bool TryParse(string? text, out Query<T> query)
    {
        var (read, rule) = Queries.Types[typeof(T)];
        query = read(text ?? "") is T value ? new() { _value = value } : new() { Wrong = rule };
        return true;
    }
}

internal interface IQueryParameter
{
    /// <summary>The rule that the parameter violates; null when it is valid.</summary>
    string? Wrong { get; }
}

internal static class Queries
{
    public static readonly Dictionary<Type, (Func<string, object?> Read, string Rule)> Types = new()
    {
        [typeof(int)] = (
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            "must be a whole number"
        ),
        [typeof(bool)] = (text => text is "true" or "false" ? text == "true" : null, "must be true or false"),
        [typeof(Guid)] = (text => Guid.TryParseExact(text, "D", out var id) ? id : null, "must be an id"),
        [typeof(DateTimeOffset)] = (text => Instant(text), IsoInstant.Rule),
        [typeof(DateOnly)] = (text => Day(text), "must be a day in UTC, such as 2026-01-31, or the instant at which the day begins"),
    };

    /// <summary>Adds the filter that refuses invalid query parameters to the routes that have any.</summary>
    public static RouteGroupBuilder ChecksQueries(this RouteGroupBuilder routes) =>
        routes.AddEndpointFilterFactory(
            (handler, next) =>
            {
                var parameters = handler.MethodInfo.GetParameters();
                return !Array.Exists(parameters, parameter => parameter.ParameterType.IsAssignableTo(typeof(IQueryParameter)))
                    ? next
                    : context =>
                    {
                        var errors = context
                            .Arguments.Select((value, i) => (Rule: (value as IQueryParameter)?.Wrong, parameters[i].Name))
                            .Where(argument => argument.Rule is not null)
                            .Select(argument => new ValidationError(argument.Name!, argument.Rule!))
                            .ToList();
                        return errors.Count == 0 ? next(context) : new(Problems.Invalid(errors));
                    };
            }
        );

    /// <summary>A plus sign that was not encoded arrives as a space.</summary>
    private static DateTimeOffset? Instant(string text) => IsoInstant.TryRead(text.Replace(' ', '+'), out var instant) ? instant : null;

    private static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : Instant(text) is { } instant && instant.TimeOfDay == TimeSpan.Zero ? DateOnly.FromDateTime(instant.UtcDateTime)
        : null;
}
