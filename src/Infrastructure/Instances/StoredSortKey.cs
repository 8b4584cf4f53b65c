namespace FollowUp.Infrastructure.Instances;

/// <summary>A position in the order of jobs, as an operation's cursor stores it.</summary>
internal sealed record StoredSortKey(DateTime DueAt, bool IsFirst, DateTime InLineSince, Guid Id)
{
    public static string Write(JobSortKey place) =>
        JsonSerializer.Serialize(new StoredSortKey(place.DueAt, place.IsFirst, place.InLineSince, place.Id), JsonSerializerOptions.Web);

    public static JobSortKey Read(string? cursor) =>
        cursor is null ? JobSortKey.Front
        : JsonSerializer.Deserialize<StoredSortKey>(cursor, JsonSerializerOptions.Web) is { } stored
            ? new(stored.DueAt, stored.IsFirst, stored.InLineSince, stored.Id)
        : JobSortKey.Front;
}
