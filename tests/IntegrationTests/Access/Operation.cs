using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FollowUp.IntegrationTests.Access;

/// <summary>An operation of the OpenAPI document.</summary>
internal sealed partial record Operation(
    string Id,
    string Method,
    string Path,
    string[] Query,
    string[] Headers,
    string? Type,
    string? Example
)
{
    /// <summary>All operations of an OpenAPI document.</summary>
    public static List<Operation> Of(JsonNode description)
    {
        List<Operation> operations = [];
        foreach (var (path, methods) in description["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject().Where(m => m.Value?["operationId"] is not null && !IsStream(m.Value)))
            {
                var content = operation!["requestBody"]?["content"]?.AsObject();
                foreach (var (type, media) in content?.Select(c => (c.Key, c.Value)).DefaultIfEmpty(("", null)) ?? [("", null)])
                {
                    var example = media?["example"];
                    operations.Add(
                        new(
                            operation["operationId"]!.ToString(),
                            method.ToUpperInvariant(),
                            path,
                            Names(operation, "query"),
                            Names(operation, "header"),
                            type.Length == 0 ? null : type,
                            type.Length == 0 ? null
                                : example is JsonValue text ? text.ToString()
                                : example?.ToJsonString() ?? "{}"
                        )
                    );
                }
            }
        }

        return operations;
    }

    /// <summary>Whether a valid request gets a response that does not end.</summary>
    private static bool IsStream(JsonNode operation) => operation["responses"]?["200"]?["content"]?["text/event-stream"] is not null;

    /// <summary>Whether its path has parameters.</summary>
    public bool HasId => InBraces().IsMatch(Path);

    /// <summary>Its path with the parameters filled in.</summary>
    public string WithId(string id) => InBraces().Replace(Path, _ => id);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex InBraces();

    private static string[] Names(JsonNode operation, string where) =>
        [.. (operation["parameters"]?.AsArray() ?? []).Where(p => p!["in"]?.ToString() == where).Select(p => p!["name"]!.ToString())];
}

/// <summary>A malformed request.</summary>
/// <param name="Operation">The operation from which it was generated.</param>
/// <param name="What">Its defect.</param>
/// <param name="Method">Its method.</param>
/// <param name="Url">Path and query, as they are written to the wire.</param>
/// <param name="Type">Its content type.</param>
/// <param name="Body">Its body.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record Attempt(
    string Operation,
    string What,
    string Method,
    string Url,
    string? Type,
    byte[]? Body,
    params (string Name, string Value)[] Headers
)
{
    public override string ToString() =>
        $"{Operation}, {What}: {Method} {Url} {string.Join(' ', Headers.Select(h => $"{h.Name}={h.Value}"))} {Type} "
        + (
            Body is null
                ? ""
                : $"{Body.Length} bytes: {Convert.ToHexString(Body.AsSpan(0, Math.Min(Body.Length, 40)))} {System.Text.Encoding.UTF8.GetString(Body)[..Math.Min(400, System.Text.Encoding.UTF8.GetString(Body).Length)]}"
        );
}
