using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace FollowUp.Infrastructure.Persistence;

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
