using System.Text.Json;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Counts the log as the statistics should: the rule of the trigger <c>follow_up_event_count</c>, in C#.</summary>
internal static class LogCount
{
    /// <summary>The counts by version, step, variant, metric and bucket.</summary>
    public static async Task<Dictionary<string, long>> Of(TestDatabase database, SequenceId sequence)
    {
        Dictionary<string, long> counts = [];
        Dictionary<Guid, (int Version, int Step, string Variant)> lastSent = [];
        var log = await database.ReadAll<string>(
            "SELECT row_to_json(e)::text FROM follow_up_event e WHERE sequence_id = $1 ORDER BY instance_id, number",
            sequence.Value
        );
        foreach (var happened in log.Select(row => JsonDocument.Parse(row).RootElement))
        {
            var version = happened.GetProperty("version").GetInt32();
            var type = happened.GetProperty("type").GetString()!;
            var instance = happened.GetProperty("instance_id").GetGuid();
            var step = happened.GetProperty("step_index") is { ValueKind: JsonValueKind.Number } index ? index.GetInt32() : -1;
            var variant = Text(happened, "variant") ?? "";
            if (happened.GetProperty("status").GetString() is { } status)
            {
                Add(version, step, variant, status);
                if (status != "failed" && Text(happened, "elapsedMs") is { } elapsed)
                {
                    Add(version, step, "", "elapsed", (int)Math.Round(Math.Log(1 + Math.Max(double.Parse(elapsed, null), 0)) * 32));
                }

                lastSent[instance] = status == "sent" ? (version, step, variant) : lastSent.GetValueOrDefault(instance);
            }

            switch (type)
            {
                case "enrolled" or "completed":
                    Add(version, -1, "", type);
                    break;
                case "migrated" or "delivered" or "opened" or "clicked" or "bounced" or "complained":
                    Add(version, step, variant, type);
                    break;
                case "stopped":
                    var reason = Text(happened, "reason")!;
                    Add(version, -1, "", $"stopped.{reason}");
                    if (reason is "replied" or "unsubscribed" && lastSent.GetValueOrDefault(instance) is { Version: > 0 } last)
                    {
                        Add(last.Version, last.Step, last.Variant, reason);
                    }

                    break;
            }
        }

        return counts;

        void Add(int version, int step, string variant, string metric, int bucket = 0)
        {
            var key = $"{version} {step} {variant} {metric} {bucket}";
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
    }

    private static string? Text(JsonElement happened, string name) =>
        happened.GetProperty("content").TryGetProperty(name, out var value) ? value.GetString() : null;
}
