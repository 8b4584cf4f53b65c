using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>
/// Adds the examples of <c>examples.json</c>. Each has the name of a schema, or of an operation with a content type of its request or a status of
/// its response. In the file the text <c>$Name</c> is another example, and a member <c>$</c> for the members of one.
/// </summary>
internal static class Examples
{
    public static void AddTo(OpenApiDocument document)
    {
        using var file = typeof(Examples).Assembly.GetManifestResourceStream("examples.json")!;
        var all = JsonNode.Parse(file)!.AsObject();
        foreach (var operation in document.Paths.SelectMany(path => path.Value.Operations ?? []).Select(pair => pair.Value))
        {
            foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            {
                media.Example = Find(all, $"{operation.OperationId} {type}", media.Schema);
            }

            foreach (var (status, response) in operation.Responses ?? [])
            {
                foreach (var (type, media) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
                {
                    media.Example =
                        type == "application/problem+json"
                            ? ProblemExamples.Of(operation.OperationId, int.Parse(status, CultureInfo.InvariantCulture))
                            : Find(all, $"{operation.OperationId} {status}", media.Schema);
                }
            }
        }
    }

    private static JsonNode? Find(JsonObject all, string place, IOpenApiSchema? schema)
    {
        const string page = "Page";
        var name = schema switch
        {
            OpenApiSchemaReference reference => reference.Reference.Id!,
            // With a dry run the response is the resource or a preview.
            OpenApiSchema { OneOf: [OpenApiSchemaReference resource, ..] } => resource.Reference.Id!,
            _ => "",
        };
        return all[place] is { } own ? Expand(all, own)
            : all[name] is { } example ? Expand(all, example)
            : name.EndsWith(page, StringComparison.Ordinal) && all[name[..^page.Length]] is { } item
                ? new JsonObject { ["items"] = new JsonArray(Expand(all, item)), ["nextCursor"] = null }
            : null;
    }

    internal static JsonNode? Expand(JsonObject all, JsonNode? node) =>
        node switch
        {
            JsonObject members => new JsonObject(
                members.SelectMany(member =>
                    member.Key == "$"
                        ? Expand(all, member.Value)!.AsObject().Select(inner => KeyValuePair.Create(inner.Key, inner.Value?.DeepClone()))
                        : [KeyValuePair.Create(member.Key, Expand(all, member.Value))]
                )
            ),
            JsonArray items => new JsonArray([.. items.Select(item => Expand(all, item))]),
            JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith('$') => Expand(
                all,
                all[text[1..]] ?? throw new InvalidOperationException($"examples.json has no example {text[1..]}.")
            ),
            _ => node?.DeepClone(),
        };
}
