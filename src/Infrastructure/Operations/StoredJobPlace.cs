using System.Text.Json;
using FollowUp.Infrastructure.Outbox;

namespace FollowUp.Infrastructure.Operations;

/// <summary>A place in the order of jobs as an operation's cursor stores it.</summary>
internal sealed record StoredJobPlace(DateTime DueAt, bool IsFirst, DateTime InLineSince, Guid Id)
{
    public static string Write(JobPlace place) =>
        JsonSerializer.Serialize(new StoredJobPlace(place.DueAt, place.IsFirst, place.InLineSince, place.Id), JsonSerializerOptions.Web);

    public static JobPlace Read(string? cursor) =>
        cursor is null ? JobPlace.Front
        : JsonSerializer.Deserialize<StoredJobPlace>(cursor, JsonSerializerOptions.Web) is { } stored
            ? new(stored.DueAt, stored.IsFirst, stored.InLineSince, stored.Id)
        : JobPlace.Front;
}
