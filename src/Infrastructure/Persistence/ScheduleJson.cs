using System.Text.Json.Serialization;

namespace FollowUp.Infrastructure.Persistence;

internal static class ScheduleJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(Schedule schedule) => JsonSerializer.Serialize(StoredSchedule.Of(schedule), Options);

    public static Schedule Read(string json) => JsonSerializer.Deserialize<StoredSchedule>(json, Options)!.ToSchedule();
}
