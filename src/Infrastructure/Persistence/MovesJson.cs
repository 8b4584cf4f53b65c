using System.Text.Json.Serialization;

namespace FollowUp.Infrastructure.Persistence;

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
            : JsonSerializer.Serialize(moves.Select(m => new Row(CamelNames.Of(m.Reason), m.To, m.Name)), ClientJson.Options);

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
