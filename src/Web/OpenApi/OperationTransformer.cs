using System.ComponentModel;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>Adds to each operation what neither the handler's XML comments nor its types express: headers, types of query parameters, texts of responses.</summary>
internal static partial class OperationTransformer
{
    private const string DryRun = "ChangePreview";

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["id"] = "The id.",
        ["limit"] = "Maximum number of rows per page.",
        ["cursor"] = "The `nextCursor` of the previous page.",
    };

    private static readonly Dictionary<string, string> Answers = new()
    {
        ["200"] = "Success.",
        ["201"] = "Created.",
        ["202"] = "Accepted; continues in the background.",
        ["204"] = "Success, without a body.",
        ["400"] = "A field is invalid; `errors` names the field and the rule.",
        ["401"] = "The credential is missing or invalid.",
        ["403"] = "The credential does not permit this request; `code` has the reason.",
        ["404"] = "The resource does not exist or belongs to another user.",
        ["409"] = "The current state does not allow this; `code` has the reason.",
        ["412"] = "If-Match does not match.",
        ["413"] = "The body is too large.",
        ["415"] = "The content type is not supported.",
        ["429"] = "Too many requests; see Retry-After.",
        ["503"] = "The database, or with `issuerUnreachable` the token issuer, is temporarily unreachable; see Retry-After.",
    };

    /// <summary>The content of bodies that are no JSON.</summary>
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["text/csv"] = "A header, and a line for each row.",
        ["application/x-ndjson"] = "A JSON object on each line.",
        ["text/event-stream"] = "Server-Sent Events.",
        ["text/calendar"] = "An iCalendar file (RFC 5545).",
    };

    public static async Task Apply(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var (id, metadata) = (operation.OperationId ?? "", context.Description.ActionDescriptor.EndpointMetadata);
        operation.Description = OneLine(operation.Description) ?? $"{operation.Summary}.";
        DescribeParameters(operation, context);
        if (metadata.OfType<TakesIdempotencyKey>().Any())
        {
            AddHeader(
                operation,
                "Idempotency-Key",
                "Stored for 24 h: the same key with the same body gets the first response again, with another body 409.",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    MinLength = 1,
                    MaxLength = 255,
                    Pattern = "^[ -~]+$",
                }
            );
        }

        if (id is "updateSequence" or "deleteSequence")
        {
            var schema = new OpenApiSchema { Type = JsonSchemaType.String };
            AddHeader(operation, "If-Match", "The ETag that was read. 412 when the sequence has changed since.", schema);
        }

        if (operation.RequestBody is OpenApiRequestBody body)
        {
            // A body without required fields is optional.
            body.Required = id != "resumeInstance";
            DescribeTexts(body.Content);
        }

        DescribeResponses(operation, id);
        if (metadata.OfType<CanDryRun>().SingleOrDefault() is { } dryRun && operation.Responses?["200"].Content is { } content)
        {
            if (context.Document!.Components?.Schemas?.ContainsKey(DryRun) != true)
            {
                context.Document.AddComponent(DryRun, await context.GetOrCreateSchemaAsync(dryRun.Preview, null, ct));
            }

            var resource = content["application/json"].Schema!;
            content["application/json"].Schema = new OpenApiSchema
            {
                OneOf = [resource, new OpenApiSchemaReference(DryRun, context.Document)],
            };
        }
    }

    /// <summary>Joins the lines of an XML comment, and decodes the characters that XML escapes.</summary>
    public static string? OneLine(string? text) => text is null ? null : WebUtility.HtmlDecode(LineBreak().Replace(text.Trim(), " "));

    private static void DescribeParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Description = OneLine(parameter.Description) ?? Parameters.GetValueOrDefault(parameter.Name ?? "");
            var described = context.Description.ParameterDescriptions.FirstOrDefault(known => known.Name == parameter.Name);
            if (described?.ParameterDescriptor is not IParameterInfoParameterDescriptor { ParameterInfo: { } source })
            {
                continue;
            }

            var type = source.ParameterType;
            var schema = SchemaOf(type.IsGenericType ? type.GetGenericArguments()[0] : type, parameter.Name!);
            if (source.GetCustomAttribute<OneOfAttribute>() is { } values)
            {
                schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. values.Words.Select(word => JsonValue.Create(word)!)],
                };
            }

            if (schema is not null)
            {
                schema.Default ??= JsonSerializer.SerializeToNode(source.GetCustomAttribute<DefaultValueAttribute>()?.Value);
                parameter.Schema = schema;
            }
        }
    }

    /// <summary>The schema of a parameter whose type the framework does not know; null for the others.</summary>
    private static OpenApiSchema? SchemaOf(Type type, string name) =>
        type == typeof(bool) ? new() { Type = JsonSchemaType.Boolean, Default = name == "dryRun" ? JsonValue.Create(false) : null }
        : type == typeof(Guid) ? new() { Type = JsonSchemaType.String, Format = "uuid" }
        : type == typeof(DateTimeOffset) ? new() { Type = JsonSchemaType.String, Format = "date-time" }
        : type == typeof(DateOnly) ? new() { Type = JsonSchemaType.String, Format = "date" }
        : type != typeof(int) ? null
        : name == "limit"
            ? new()
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = "200",
                Default = JsonValue.Create(50),
            }
        : new() { Type = JsonSchemaType.Integer, Minimum = name == "step" ? "0" : "1" };

    private static void DescribeResponses(OpenApiOperation operation, string id)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in (operation.Responses ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            response.Description = Answers.GetValueOrDefault(status, response.Description ?? "");
            sorted[status] = response;
            DescribeTexts(response.Content);
            var headers = new Dictionary<string, IOpenApiHeader>();
            if (status is "429" or "503")
            {
                headers["Retry-After"] = Header("Seconds to wait before a retry.", JsonSchemaType.Integer);
            }

            if (status is "201" or "202")
            {
                headers["Location"] = Header("Address of the created resource.", JsonSchemaType.String);
            }

            if (status is "200" or "201" && id is "createSequence" or "getSequence" or "updateSequence")
            {
                headers["ETag"] = Header("The value for If-Match.", JsonSchemaType.String);
            }

            if (headers.Count > 0 && response is OpenApiResponse own)
            {
                own.Headers = headers;
            }
        }

        operation.Responses = sorted;
    }

    private static void DescribeTexts(IDictionary<string, OpenApiMediaType>? content)
    {
        foreach (var (type, media) in content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (Texts.TryGetValue(type, out var text))
            {
                media.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = text };
            }
        }
    }

    private static OpenApiHeader Header(string description, JsonSchemaType type) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = type },
        };

    private static void AddHeader(OpenApiOperation operation, string name, string description, OpenApiSchema schema)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(
            new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Description = description,
                Schema = schema,
            }
        );
    }

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineBreak();
}
