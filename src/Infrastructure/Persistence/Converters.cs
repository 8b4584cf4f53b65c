using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Application;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>The names of enum values in tables, which operators read with psql.</summary>
internal static class DbEnumNames
{
    /// <summary><c>InDoubt</c> → <c>IN_DOUBT</c>: statuses, types and channels.</summary>
    public static string Upper<T>(T value)
        where T : struct, Enum => Of<T>.Upper[value];

    /// <summary><c>InDoubt</c> → <c>in_doubt</c>: job states.</summary>
    public static string Lower<T>(T value)
        where T : struct, Enum => Of<T>.Lower[value];

    /// <summary><c>InDoubt</c> → <c>inDoubt</c>: reasons, which the API returns unchanged.</summary>
    public static string Camel<T>(T value)
        where T : struct, Enum => Of<T>.Camel[value];

    /// <summary>Reads any of the three forms.</summary>
    public static T Read<T>(string name)
        where T : struct, Enum => Of<T>.ByName[name];

    /// <summary>An enum's names, computed once: every step reads and writes a dozen of them.</summary>
    private static class Of<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Upper = Named(JsonNamingPolicy.SnakeCaseUpper);
        public static readonly FrozenDictionary<T, string> Lower = Named(JsonNamingPolicy.SnakeCaseLower);
        public static readonly FrozenDictionary<T, string> Camel = Named(JsonNamingPolicy.CamelCase);
        public static readonly FrozenDictionary<string, T> ByName = Upper
            .Concat(Lower)
            .Concat(Camel)
            .DistinctBy(entry => entry.Value)
            .ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

        private static FrozenDictionary<T, string> Named(JsonNamingPolicy policy) =>
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => policy.ConvertName(value.ToString()));
    }
}

internal sealed class UpperConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Upper(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class LowerConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Lower(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class CamelConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Camel(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

/// <summary>Steps as JSON (<see cref="StoredStep"/>).</summary>
internal static class StepsJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(IReadOnlyList<Step> steps) => JsonSerializer.Serialize(steps.Select(StoredStep.Of), Options);

    public static IReadOnlyList<Step> Read(string json)
    {
        Dictionary<string, int> alike = [];
        return [.. JsonSerializer.Deserialize<StoredStep[]>(json, Options)!.Select(step => WithId(step, alike).ToStep())];
    }

    /// <summary>
    /// A step that was stored before steps had ids gets one from its content and the number of equal steps before it: the same id at every read, and
    /// in all versions that contain the step.
    /// </summary>
    private static StoredStep WithId(StoredStep step, Dictionary<string, int> alike)
    {
        if (step.Id is not null)
        {
            return step;
        }

        var content = step.Content;
        var nth = alike[content] = alike.GetValueOrDefault(content) + 1;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{content}\u001f{nth}")));
        return step with { Id = Convert.ToHexStringLower(hash)[..12] };
    }
}

internal sealed class StepsConverter()
    : ValueConverter<IReadOnlyList<Step>, string>(steps => StepsJson.Write(steps), json => StepsJson.Read(json));

/// <summary>A migration's step map as JSON: from ids of old steps to ids of new steps, or null.</summary>
internal sealed class MapConverter()
    : ValueConverter<IReadOnlyDictionary<string, string?>, string>(
        map => JsonSerializer.Serialize(map, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, string?>>(json, JsonSerializerOptions.Default)!
    );

internal sealed class MapComparer()
    : ValueComparer<IReadOnlyDictionary<string, string?>>((left, right) => left == right, map => map.Count, map => map);

internal sealed class IdsConverter() : ValueConverter<IReadOnlyList<Guid>, Guid[]>(ids => ids.ToArray(), ids => ids);

internal sealed class IdsComparer()
    : ValueComparer<IReadOnlyList<Guid>>((left, right) => left!.SequenceEqual(right!), ids => ids.Count, ids => ids);

internal sealed class StepsComparer()
    : ValueComparer<IReadOnlyList<Step>>((left, right) => left!.SequenceEqual(right!), steps => steps.Count, steps => steps);

/// <summary>A schedule as JSON (<see cref="StoredSchedule"/>).</summary>
internal static class ScheduleJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(Schedule schedule) => JsonSerializer.Serialize(StoredSchedule.Of(schedule), Options);

    public static Schedule Read(string json) => JsonSerializer.Deserialize<StoredSchedule>(json, Options)!.ToSchedule();
}

internal sealed class ScheduleConverter()
    : ValueConverter<Schedule, string>(schedule => ScheduleJson.Write(schedule), json => ScheduleJson.Read(json));

/// <summary>The reasons why a job waits, as JSON: each reason in the API's spelling, with the time until which the job waits.</summary>
internal static class MovesJson
{
    private const string None = "[]";

    private sealed record Row(
        string Reason,
        DateTimeOffset To,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null
    );

    public static string Write(IReadOnlyList<Move> moves) =>
        moves.Count == 0
            ? None
            : JsonSerializer.Serialize(moves.Select(m => new Row(DbEnumNames.Camel(m.Reason), m.To, m.Name)), ClientJson.Options);

    public static IReadOnlyList<Move> Read(string json) =>
        json == None
            ? []
            :
            [
                .. JsonSerializer
                    .Deserialize<Row[]>(json, ClientJson.Options)!
                    .Select(r => new Move(DbEnumNames.Read<MoveReason>(r.Reason), r.To, r.Name)),
            ];
}

internal sealed class MovesConverter()
    : ValueConverter<IReadOnlyList<Move>, string>(moves => MovesJson.Write(moves), json => MovesJson.Read(json));

internal sealed class MovesComparer()
    : ValueComparer<IReadOnlyList<Move>>((left, right) => left!.SequenceEqual(right!), moves => moves.Count, moves => moves);

internal sealed class DatesComparer()
    : ValueComparer<IReadOnlyList<DateOnly>>((left, right) => left!.SequenceEqual(right!), dates => dates.Count, dates => dates);

internal sealed class NamesComparer()
    : ValueComparer<IReadOnlyList<string>>((left, right) => left!.SequenceEqual(right!), names => names.Count, names => names);

internal sealed class NamesConverter() : ValueConverter<IReadOnlyList<string>, string[]>(names => names.ToArray(), stored => stored);

internal sealed class DatesConverter() : ValueConverter<IReadOnlyList<DateOnly>, DateOnly[]>(dates => dates.ToArray(), stored => stored);

/// <summary>Counts by code, as JSON.</summary>
internal sealed class CountsConverter()
    : ValueConverter<IReadOnlyDictionary<string, int>, string>(
        counts => JsonSerializer.Serialize(counts, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, int>>(json, JsonSerializerOptions.Default)!
    );

internal sealed class CountsComparer()
    : ValueComparer<IReadOnlyDictionary<string, int>>((left, right) => left == right, counts => counts.Count, counts => counts);
