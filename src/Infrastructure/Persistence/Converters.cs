using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>The words of enums in tables, which operators read with psql.</summary>
internal static class TableWords
{
    /// <summary><c>InDoubt</c> → <c>IN_DOUBT</c>: statuses, types and channels.</summary>
    public static string Upper<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(word.ToString());

    /// <summary><c>InDoubt</c> → <c>in_doubt</c>: states of jobs.</summary>
    public static string Lower<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString());

    /// <summary><c>InDoubt</c> → <c>inDoubt</c>: reasons, which the API shows as they are.</summary>
    public static string Camel<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    /// <summary>Reads any of the three forms.</summary>
    public static T Read<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}

internal sealed class UpperConverter<T>() : ValueConverter<T, string>(word => TableWords.Upper(word), word => TableWords.Read<T>(word))
    where T : struct, Enum;

internal sealed class LowerConverter<T>() : ValueConverter<T, string>(word => TableWords.Lower(word), word => TableWords.Read<T>(word))
    where T : struct, Enum;

internal sealed class CamelConverter<T>() : ValueConverter<T, string>(word => TableWords.Camel(word), word => TableWords.Read<T>(word))
    where T : struct, Enum;

/// <summary>Steps as JSON, in the form in which clients write them.</summary>
internal static class StepsJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(IReadOnlyList<Step> steps) => JsonSerializer.Serialize(steps.Select(StepInput.From), Options);

    public static IReadOnlyList<Step> Read(string json) =>
        [.. JsonSerializer.Deserialize<StepInput[]>(json, Options)!.Select(step => step.ToStep())];
}

internal sealed class StepsConverter()
    : ValueConverter<IReadOnlyList<Step>, string>(steps => StepsJson.Write(steps), json => StepsJson.Read(json));

internal sealed class StepsComparer()
    : ValueComparer<IReadOnlyList<Step>>((left, right) => left!.SequenceEqual(right!), steps => steps.Count, steps => steps);
